/** The engine on WebGPU (here a software adapter) beside the kernels, and what happens when its device goes away. */
import * as ort from 'onnxruntime-web/webgpu';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../runtime/choose-engine.ts';
import type { Device, SoundRequest } from '../../runtime/contract.ts';
import type { Engine, TokenOptions } from '../../runtime/engine.ts';
import { createGpuEngine } from '../../runtime/engines/gpu-engine.ts';
import { fillPlaces } from '../../runtime/engines/graph-weights.ts';
import { openStepsGraph } from '../../runtime/engines/onnx.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { type ModelPack, openModelPack } from '../../runtime/model-pack.ts';
import { urlSource } from '../../runtime/pack-source.ts';
import { createPipeline } from '../../runtime/pipeline.ts';
import { readTensors } from '../../runtime/safetensors.ts';
import type { EngineOptions } from '../../runtime/service.ts';
import { loadPromptTokenizer } from '../../runtime/text-encoder.ts';
import { createTokenCache } from '../../runtime/token-cache.ts';
import { generateTokens } from '../../runtime/token-lm.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

const RAIN = [101, 4542, 102];
const DOOR = [101, 3082, 4799, 2341, 102];
const WORD = [101, 9229, 102];

/** What the page's devices did so far. */
const counted = { pipelines: 0, buffers: 0, destroyed: 0 };
const devices = new Set<GPUDevice>();

let compiledAtLoad: number;
let pack: ModelPack;
let gpu: Engine;
let cpu: Engine;
beforeAll(async () => {
  countDeviceCalls();
  overhear();
  pack = await openPack(TINY_PACK);
  gpu = await createGpuEngine(pack, await optionsOf('webgpu'), openStepsGraph);
  compiledAtLoad = counted.pipelines;
  cpu = await createEngine(pack, await optionsOf('wasm'));
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => Promise.all([gpu.dispose(), cpu.dispose()]));

function openPack(folder: string): Promise<ModelPack> {
  return openModelPack(urlSource(new URL(`/${folder}/`, location.href).href));
}

async function optionsOf(device: Device, logger = silentLogger): Promise<EngineOptions> {
  return { device, numThreads: 1, kernels: await loadKernels(), logger };
}

/** For the whole file: mocks would be gone after the first test. */
function countDeviceCalls(): void {
  const count = (prototype: object, name: string, what: keyof typeof counted) => {
    const methods = prototype as Record<string, (...given: unknown[]) => unknown>;
    const method = methods[name]!;
    methods[name] = function (this: unknown, ...given) {
      counted[what]++;
      if (this instanceof GPUDevice) devices.add(this);
      return method.apply(this, given);
    };
  };
  count(GPUDevice.prototype, 'createComputePipeline', 'pipelines');
  count(GPUDevice.prototype, 'createComputePipelineAsync', 'pipelines');
  count(GPUDevice.prototype, 'createBuffer', 'buffers');
  count(GPUBuffer.prototype, 'destroy', 'destroyed');
}

/** What goes to the console while it is set: onnxruntime keeps the functions that it finds when it is loaded. */
let overheard: string[] | undefined;

function overhear(): void {
  for (const method of ['log', 'warn', 'error', 'debug', 'info'] as const) {
    const original = console[method].bind(console);
    console[method] = (...words: unknown[]) =>
      overheard ? void overheard.push(words.join(' ')) : original(...words);
  }
}

function sampling(changes: Partial<TokenOptions> = {}): TokenOptions {
  return { ...pack.manifest.sampling, codecFrames: 13, seed: 5, ...changes };
}
const GREEDY = { temperature: 0, topK: 0 };

async function codesOf(engine: Engine, ids: number[], options: TokenOptions): Promise<number[]> {
  const text = await engine.encodeText(ids);
  const { numCodebooks } = pack.manifest;
  let codes = new Uint16Array(0);
  for await (const progress of generateTokens(engine, text, { ...options, numCodebooks })) {
    codes = progress.codes as Uint16Array<ArrayBuffer>;
  }
  return [...codes];
}

/** The codes of both engines. */
const bothOf = (ids: number[], options: TokenOptions) =>
  Promise.all([gpu, cpu].map((engine) => codesOf(engine, ids, options)));

describe('WebGPU', () => {
  test('every node of lm-steps.onnx is placed on WebGPU, none on the CPU', async () => {
    const files = await pack.load(['engine.safetensors', 'lm-steps.onnx']);
    const weights = readTensors(files['engine.safetensors'], 'engine.safetensors');
    const lines: string[] = [];
    overheard = lines;
    const session = await ort.InferenceSession.create(files['lm-steps.onnx'], {
      executionProviders: [{ name: 'webgpu' }],
      externalData: fillPlaces(pack.manifest.graphs!['lm-steps.onnx']!, weights),
      logSeverityLevel: 0,
    });
    overheard = undefined;
    await session.release();
    const placements = lines.join('\n').match(/All nodes placed on \[.*/g);
    expect(placements).toEqual([
      expect.stringMatching(/^All nodes placed on \[WebGpuExecutionProvider\]. Number of nodes: /),
    ]);
  });

  test('no shader is compiled after loading, and sounds leave no buffer behind', async () => {
    const { window } = pack.manifest.languageModel;
    await codesOf(gpu, RAIN, sampling({ codecFrames: window + 2 }));
    const alive = counted.buffers - counted.destroyed;
    await codesOf(gpu, DOOR, sampling({ codecFrames: 5, seed: 9 }));
    expect(counted.buffers - counted.destroyed).toBe(alive);
    expect(compiledAtLoad).toBeGreaterThan(20);
    expect(counted.pipelines).toBe(compiledAtLoad);
  });

  test.each([
    ['rain', RAIN, {}],
    ['a door', DOOR, {}],
    ['a word, without guidance', WORD, { guidanceScale: 1 }],
    ['rain, past the window of attention', RAIN, { codecFrames: 30 }],
  ])('the likeliest codes are those of the kernels: %s', async (_, ids, changes) => {
    const [onGpu, onCpu] = await bothOf(ids, sampling({ ...GREEDY, ...changes }));
    expect(onGpu).toEqual(onCpu);
  });

  test.each([
    ['as the model wants it', {}],
    ['top-p, hot', { topK: 0, topP: 0.8, temperature: 1.5 }],
    ['without guidance', { guidanceScale: 1, topK: 20 }],
  ])('sampled codes are those of the kernels, but for rounding: %s', async (_, changes) => {
    const [onGpu, onCpu] = await bothOf(DOOR, sampling(changes));
    const greedy = await codesOf(cpu, DOOR, sampling({ ...changes, ...GREEDY }));
    expect(onCpu).not.toEqual(greedy);
    expect(onGpu).toEqual(onCpu);
  });

  test('same seed, same codes; another seed, others; top-k 1 takes the likeliest', async () => {
    const short = { codecFrames: 5 };
    const codes = await codesOf(gpu, RAIN, sampling(short));
    expect(await codesOf(gpu, RAIN, sampling(short))).toEqual(codes);
    expect(await codesOf(gpu, RAIN, sampling({ ...short, seed: 6 }))).not.toEqual(codes);
    const greedy = await codesOf(cpu, RAIN, sampling({ ...short, ...GREEDY }));
    expect(await codesOf(gpu, RAIN, sampling({ ...short, topK: 1 }))).toEqual(greedy);
  });

  test('two generations beside each other do not disturb each other; dispose twice is fine', async () => {
    const options = sampling({ codecFrames: 9 }); // two runs
    const alone = [await codesOf(cpu, RAIN, options), await codesOf(cpu, DOOR, options)];
    const beside = [codesOf(gpu, RAIN, options), codesOf(gpu, DOOR, options)];
    expect(await Promise.all(beside)).toEqual(alone);
    const generation = await gpu.startTokens(await gpu.encodeText(RAIN), options);
    generation.dispose();
    generation.dispose();
  });

  test('its logits are those of the kernels within 1e-3', async () => {
    expect([gpu.device, cpu.device]).toEqual(['webgpu', 'wasm']);
    expect(gpu.arithmetic).not.toBe(cpu.arithmetic);
    const [a, b] = await Promise.all(
      [gpu, cpu].map(async (engine) => {
        const text = await engine.encodeText(RAIN);
        return (await engine.startTokens(text, sampling())).logits();
      }),
    );
    const worst = a!.reduce((most, value, i) => Math.max(most, Math.abs(value - b![i]!)), 0);
    expect(worst).toBeLessThan(1e-3);
  });

  test('a sound longer than any request is refused', async () => {
    const text = await gpu.encodeText(RAIN);
    await expect(gpu.startTokens(text, sampling({ codecFrames: 600 }))).rejects.toThrow(
      /at most 5\d\d steps are wanted, we got 603/,
    );
  });
});

describe('without WebGPU', () => {
  const warnings: string[] = [];
  const logger = { warn: (message: string) => warnings.push(message), info: () => {} };

  async function pipelineOf(engine: Engine) {
    const kernels = await loadKernels();
    const { manifest, hash: modelHash } = pack;
    const { codebookSize } = manifest;
    const cache = await createTokenCache({ kernels, codebookSize, persist: false });
    const tokenizer = await loadPromptTokenizer(pack);
    const replaceEngine = async () => createEngine(pack, await optionsOf('wasm'));
    const parts = { manifest, modelHash, tokenizer, engine, kernels, cache };
    return createPipeline({ ...parts, replaceEngine, logger });
  }

  function request(): SoundRequest {
    const rest = { seed: 3, loop: false, priority: 0, ...pack.manifest.sampling };
    return { id: 1, prompt: 'rain', duration: 0.2, ...rest };
  }

  afterEach(() => warnings.splice(0));

  test.each([
    ['no adapter', null],
    ['no GPU, only software in its place', { info: { isFallbackAdapter: true } } as GPUAdapter],
  ])('%s: the kernels and one warning', async (lack, adapter) => {
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(adapter);
    const engine = await createEngine(pack, await optionsOf('webgpu', logger));
    expect(engine.arithmetic).toBe(cpu.arithmetic);
    expect(warnings).toEqual([
      `choose-engine: no WebGPU here (${lack}), so sounds are made with WASM.`,
    ]);
  });

  test('a graph that WebGPU cannot run whole: the kernels and one warning', async () => {
    const noGraph = {
      ...pack,
      load: async (...given: Parameters<typeof pack.load>) => ({
        ...(await pack.load(...given)),
        'lm-steps.onnx': new Uint8Array([1, 2, 3]),
      }),
    } as ModelPack;
    vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue({ info: {} } as GPUAdapter);
    const engine = await createEngine(noGraph, await optionsOf('webgpu', logger));
    expect(engine.arithmetic).toBe(cpu.arithmetic);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^choose-engine: no WebGPU here \(.*\), so sounds are made with WASM\.$/s,
      ),
    ]);
  });

  test('device lost in mid-generation: the request goes on with the kernels, one warning, their codes', async () => {
    const pipeline = await pipelineOf(gpu);
    const take = await pipeline.generate(request(), {
      onProgress: ({ stage, done }) => {
        if (stage === 'tokens' && done === 4) for (const device of devices) device.destroy();
      },
    });
    expect(pipeline.engine.device).toBe('wasm');
    expect(warnings).toEqual([
      'pipeline: the WebGPU device was lost, so generation goes on with WASM, slower.',
    ]);
    const plain = await pipelineOf(cpu);
    expect((await plain.generate(request())).codes).toEqual(take.codes);
    await pipeline.dispose();
  });
});
