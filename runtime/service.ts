/**
 * What the worker does, without the worker: load a model once, generate the most urgent request, cancel.
 *
 * The engine is injected, so tests run this very file with a fake one.
 */

import { chooseDevice, forgetfulStore, lackOfWebGpu, measureStepMs } from './choose-device.ts';
import { openCodeStore } from './code-store.ts';
import type {
  Device,
  LoadOptions,
  Progress,
  RuntimeApi,
  RuntimeEvent,
  RuntimeInfo,
  SoundPart,
  Take,
} from './contract.ts';
import { openDeviceStore } from './device-store.ts';
import type { Engine } from './engine.ts';
import { loadFastestKernels } from './kernels/fastest-kernels.ts';
import type { Kernels } from './kernels/kernels.ts';
import { holdLock } from './life-lock.ts';
import type { Logger } from './logger.ts';
import { type EngineName, engineFor, filesFor } from './model-manifest.ts';
import { type ModelPack, openModelPack, withFiles } from './model-pack.ts';
import { createPacer, NEEDED_NOW } from './pace.ts';
import { modelFileCache, urlSource } from './pack-source.ts';
import { createPartPost, type PartPost } from './part-post.ts';
import { createPipeline, type PartStream, type Pipeline } from './pipeline.ts';
import { createRequestQueue } from './request-queue.ts';
import { loadPromptTokenizer } from './text-encoder.ts';
import { createTokenCache, type TokenCache } from './token-cache.ts';

/** How an engine is to be made. */
export interface EngineOptions {
  device: Device;
  ortUrl?: string;
  numThreads: number;
  /** Their memory keeps what an engine on the kernels needs. */
  kernels: Kernels;
  logger: Logger;
}

export type EngineFactory = (pack: ModelPack, options: EngineOptions) => Promise<Engine>;

/** A request from its arrival to its end. */
interface UnderWay {
  priority: number;
  readonly post: PartPost;
}

interface Loaded {
  pipeline: Pipeline;
  cache: TokenCache;
  info: RuntimeInfo;
}

export function createRuntimeService(createEngine: EngineFactory): RuntimeApi {
  const queue = createRequestQueue();
  const pacer = createPacer();
  const underWay = new Map<number, UnderWay>();
  let send: (event: RuntimeEvent) => void = () => {};
  let loaded: Promise<Loaded> | undefined;

  const log = (level: 'info' | 'warn') => (message: string) =>
    send({ kind: 'log', level, message });
  const logger: Logger = { info: log('info'), warn: log('warn') };
  const progressOf = (of: 'load' | number) => (progress: Progress) =>
    send({ kind: 'progress', of, progress });

  return {
    connect(lockName, onEvent) {
      send = onEvent;
      return holdLock(lockName);
    },
    async load(options) {
      loaded ??= loadAll(createEngine, options, logger, progressOf('load'));
      return (await loaded).info;
    },
    generate(request, wants) {
      const { id, priority } = request;
      const post = createPartPost(wants.parts === true, (part) =>
        send({ kind: 'part', of: id, part }),
      );
      const one: UnderWay = { priority, post };
      const isNeededNow = () => post.isOpen || one.priority >= NEEDED_NOW;
      underWay.set(id, one);
      pacer.wake();
      const making = queue.add(id, priority, async (signal, nextTurn) => {
        if (loaded === undefined) throw new Error('service: no model. Call load() first.');
        const { pipeline } = await loaded;
        const onProgress = wants.progress ? progressOf(id) : undefined;
        const turn = pacer.rested(nextTurn, isNeededNow);
        const options = { signal, turn, onProgress };
        if (wants.parts === false) return pipeline.generate(request, options);
        return postParts(pipeline.stream(request, options), post);
      });
      return making.finally(() => underWay.delete(id));
    },
    hasten(id, priority, parts) {
      const one = underWay.get(id);
      if (one === undefined) return false;
      one.priority = Math.max(one.priority, priority);
      queue.raise(id, priority);
      if (parts) one.post.open();
      pacer.wake();
      return true;
    },
    cancel(id) {
      queue.cancel(id);
      pacer.wake();
    },
    setPace: pacer.setPace,
    async clearCache() {
      if (loaded !== undefined) return (await loaded).cache.clear();
      const store = await openCodeStore(0, () => {});
      await store.clear();
      store.close();
    },
    ping: () => {},
  };
}

async function postParts(parts: PartStream<SoundPart>, post: PartPost): Promise<Take> {
  let next = await parts.next();
  for (; !next.done; next = await parts.next()) post.push(next.value);
  post.push(null);
  return next.value;
}

async function loadAll(
  createEngine: EngineFactory,
  options: LoadOptions,
  logger: Logger,
  onProgress: (progress: Progress) => void,
): Promise<Loaded> {
  const { persist, device, ortUrl } = options;
  const notes: string[] = [];
  const noting = noteTaking(logger, notes);
  const fileCache = modelFileCache(noting);
  const opened = await openModelPack(
    urlSource(options.modelUrl),
    fileCache ? { cache: fileCache } : {},
  );
  const { manifest } = opened;
  const wanted = filesFor(manifest, engineFor(manifest, device === 'webgpu' ? 'webgpu' : 'wasm'));
  const [files, kernels] = await Promise.all([
    opened.load(wanted, { onProgress }),
    loadFastestKernels(), // races while the model downloads
  ]);
  const pack = withFiles(opened, files);
  onProgress({ stage: 'load', done: 0, total: 1, detail: manifest.name });
  const tokenizer = await loadPromptTokenizer(pack);
  const cpu = engineFor(manifest, 'wasm');
  const numThreads = allowedThreads(options.numThreads, cpu, noting);
  const common = { numThreads, kernels, ...(ortUrl !== undefined && { ortUrl }) };
  const engines = createEngines((on) =>
    createEngine(pack, { ...common, device: on, logger: noting }),
  );
  const chosen = await chooseDevice(device, {
    key: `${opened.hash} ${(globalThis.navigator as Navigator | undefined)?.userAgent}`,
    store: device === 'auto' && persist ? await openDeviceStore(noting) : forgetfulStore,
    lackOfWebGpu,
    async measure(on) {
      const engine = await engines.get(on);
      if (engine.device !== on) throw new Error(`service: no engine on ${on}. See the warnings.`);
      return measureStepMs(engine, tokenizer.encode('a'), manifest);
    },
  });
  const engine = await engines.keep(chosen.device);
  const { codebookSize } = manifest;
  const cache = await createTokenCache({ kernels, codebookSize, persist, logger: noting });
  const replaceEngine = () => createEngine(opened, { ...common, device: 'wasm', logger });
  const parts = { manifest, modelHash: opened.hash, tokenizer, engine, kernels, cache, logger };
  const pipeline = createPipeline(engine.device === 'webgpu' ? { ...parts, replaceEngine } : parts);
  onProgress({ stage: 'load', done: 1, total: 1, detail: manifest.name });
  const facts = { numThreads, storage: cache.storage, notes, deviceReason: chosen.why };
  return { pipeline, cache, info: describe(opened, engine, facts) };
}

/** Engines by device, each made once; those that are not kept are disposed. */
function createEngines(make: (device: Device) => Promise<Engine>) {
  const made = new Map<Device, Promise<Engine>>();
  function get(device: Device): Promise<Engine> {
    const engine = made.get(device) ?? make(device);
    made.set(device, engine);
    return engine;
  }
  return {
    get,
    async keep(device: Device): Promise<Engine> {
      const engine = await get(device);
      const others = [...made].filter(([other]) => other !== device);
      for (const [, other] of others) await other.then((one) => one.dispose()).catch(() => {});
      return engine;
    },
  };
}

function describe(
  { manifest, hash }: ModelPack,
  engine: Engine,
  rest: Pick<RuntimeInfo, 'numThreads' | 'storage' | 'notes' | 'deviceReason'>,
): RuntimeInfo {
  return {
    model: manifest.name,
    licence: manifest.licence,
    modelHash: hash,
    sampleRate: manifest.sampleRate,
    codecFrameRate: manifest.codecFrameRate,
    numCodebooks: manifest.numCodebooks,
    codebookSize: manifest.codebookSize,
    device: engine.device,
    arithmetic: engine.arithmetic,
    sampling: manifest.sampling,
    ...rest,
  };
}

/** The kernels use one; onnxruntime needs shared memory for more, which only cross-origin isolated pages have. */
function allowedThreads(wanted: number, engine: EngineName, logger: Logger): number {
  const isShared = globalThis.crossOriginIsolated;
  if (wanted <= 1 || (engine !== 'kernels' && isShared)) return Math.max(1, wanted);
  const why =
    engine === 'kernels' ? 'the kernels use' : 'the page is not cross-origin isolated, so there is';
  logger.info(`service: ${wanted} threads were asked for, but ${why} one.`);
  return 1;
}

function noteTaking(logger: Logger, notes: string[]): Logger {
  const both = (level: keyof Logger) => (message: string) => {
    notes.push(message);
    logger[level](message);
  };
  return { info: both('info'), warn: both('warn') };
}
