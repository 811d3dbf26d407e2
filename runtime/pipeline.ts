/**
 * The way of a sound, steps 2 to 7 (step 1 makes the prompt, step 8 plays the PCM; both belong to the plugin).
 *
 *   request → cache → text embedding → codes → cache → PCM → finished PCM
 *
 * Touches neither DOM nor worker globals: a worker and the bake tool run this very file.
 */
import { decodeCodes, decodeWhileItGrows } from './codec-decoder.ts';
import type { Progress, ProgressStage, SoundRequest, StageTimings, Take } from './contract.ts';
import { stepsOf } from './delay-pattern.ts';
import type { Engine, TextEmbedding } from './engine.ts';
import { isNamed, throwIfAborted } from './errors.ts';
import { finish, loopSeam } from './finishing.ts';
import type { Kernels } from './kernels/kernels.ts';
import { type Logger, silentLogger } from './logger.ts';
import type { ModelManifest } from './model-manifest.ts';
import { soundKey } from './sound-key.ts';
import { completeRequest } from './sound-request.ts';
import { createStreamFinisher } from './stream-finishing.ts';
import { encodePrompt, type PromptTokenizer } from './text-encoder.ts';
import type { TokenCache } from './token-cache.ts';
import { generateTokens } from './token-lm.ts';

export interface PipelineParts {
  manifest: ModelManifest;
  modelHash: string;
  tokenizer: PromptTokenizer;
  engine: Engine;
  kernels: Kernels;
  cache: TokenCache;
  /** Makes an engine for the rest of the session when this one has lost its device. */
  replaceEngine?: () => Promise<Engine>;
  logger?: Logger;
}

export interface PipelineOptions {
  signal?: AbortSignal | undefined;
  /** Awaited between two language-model steps; the other stages are short. */
  turn?: (() => Promise<void>) | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** Return what lies between the steps too. */
  wantsIntermediates?: boolean;
}

/** What lies between the steps. The embedding is absent when the codes came from a cache. */
export interface Intermediates {
  textEmbedding?: TextEmbedding;
  /** As decoded, before finishing: f32 [samples]. */
  rawPcm: Float32Array;
  /** What finishing applied, dB. */
  gainDb: number;
}

export type PipelineTake = Take & { intermediates?: Intermediates };

/** Parts f32 [samples] of a sound, one after the other, then the take. */
export type PartStream = AsyncGenerator<Float32Array, PipelineTake, void>;

export interface Pipeline {
  /** The engine in use: another one after a device was lost. */
  readonly engine: Engine;
  /** @throws RangeError, AbortError */
  generate(request: SoundRequest, options?: PipelineOptions): Promise<PipelineTake>;
  /** The same, with parts on the way that can be heard at once; none of a loop or of cached codes. */
  stream(request: SoundRequest, options?: PipelineOptions): PartStream;
  /** The same, with parts as decoded, before finishing. */
  streamRaw(request: SoundRequest, options?: PipelineOptions): PartStream;
  dispose(): Promise<void>;
}

/** True peak of every take, dBTP, and the fades of one-shots: long enough to be no click, short enough to be no fade. */
const FINISHING = { truePeakDb: -1, fadeInMs: 1, fadeOutMs: 20 } as const;

/** What the steps work with; the engine is passed by itself, because it may be replaced. */
type Tools = Omit<PipelineParts, 'engine' | 'replaceEngine' | 'logger'>;

export function createPipeline(parts: PipelineParts): Pipeline {
  const { replaceEngine, logger = silentLogger } = parts;
  let { engine } = parts;
  let replacement: Promise<Engine> | undefined;

  /** Once, however many generations lose the device: one may be paused while another meets the loss. */
  function replaced(replace: () => Promise<Engine>): Promise<Engine> {
    if (replacement !== undefined) return replacement;
    logger.warn('pipeline: the WebGPU device was lost, so generation goes on with WASM, slower.');
    replacement = replace().catch((error) => {
      replacement = undefined;
      throw error;
    });
    return replacement;
  }

  async function* streamRaw(request: SoundRequest, options: PipelineOptions = {}): PartStream {
    let told = 0; // samples that the caller has
    try {
      const story = tell(request, options, engine, parts);
      let part = await story.next();
      for (; !part.done; part = await story.next()) {
        told += part.value.length;
        yield part.value;
      }
      return part.value;
    } catch (error) {
      if (!isNamed(error, 'DeviceLostError') || replaceEngine === undefined) throw error;
      engine = await replaced(replaceEngine);
    }
    // From the top: another engine, another arithmetic, another key. What the caller has already is not told again.
    return yield* skipping(told, tell(request, options, engine, parts));
  }

  return {
    get engine() {
      return engine;
    },
    stream: (request, options) => finishParts(streamRaw(request, options), request, parts),
    streamRaw,
    async generate(request, options) {
      const story = streamRaw(request, options);
      let part = await story.next();
      while (!part.done) part = await story.next();
      return part.value;
    },
    dispose: () => engine.dispose(),
  };
}

/** Step 7 for parts: what can be said of a sound before its end is there. */
async function* finishParts(
  raw: PartStream,
  request: SoundRequest,
  { kernels, manifest }: Tools,
): PartStream {
  const { sampleRate, loudness } = manifest;
  const gainDb = loudness.streamGain ?? 0;
  const shape = { ...FINISHING, sampleRate, duration: request.duration, gainDb };
  const finisher = createStreamFinisher(kernels, shape);
  let part = await raw.next();
  for (; !part.done; part = await raw.next()) {
    if (request.loop) continue; // its end runs into its beginning, which is not known yet
    const finished = finisher.push(part.value);
    if (finished.length > 0) yield finished;
  }
  return part.value;
}

/** Leaves out the first `count` samples. */
async function* skipping(count: number, story: PartStream): PartStream {
  let left = count;
  let part = await story.next();
  for (; !part.done; part = await story.next()) {
    const rest = part.value.subarray(Math.min(left, part.value.length));
    left -= part.value.length - rest.length;
    if (rest.length > 0) yield rest;
  }
  return part.value;
}

async function* tell(
  input: SoundRequest,
  options: PipelineOptions,
  engine: Engine,
  { manifest, modelHash, kernels, cache, tokenizer }: Tools,
): PartStream {
  const request = completeRequest(input, input.id, manifest);
  const { signal, turn } = options;
  const { numCodebooks } = manifest;
  const codecFrames = codecFramesOf(request, manifest.codecFrameRate);
  const watch = createStopwatch(options);

  // 2. request → sound key → codes u16 [K, T] from the cache, or go on
  const key = await soundKey(request, modelHash, engine.arithmetic);
  const cached = await cache.get(key, numCodebooks * codecFrames);
  watch.lap('cacheMs');
  throwIfAborted(signal, 'pipeline');

  let codes = cached?.codes;
  let textEmbedding: TextEmbedding | undefined;
  let rawPcm: Float32Array;
  if (codes === undefined) {
    // 3. prompt → text embedding f32 [L, D]
    watch.begin('text');
    textEmbedding = await encodePrompt(engine, tokenizer, request.prompt);
    watch.lap('textMs');

    // 4. text embedding → codes u16 [K, T], and 6. codes → PCM f32 as they come
    const tokens = generateTokens(engine, textEmbedding, {
      ...request,
      ...{ codecFrames, numCodebooks, signal, turn },
    });
    const decoded = yield* decodeWhileItGrows(engine, tokens, numCodebooks, codecFrames, watch);
    ({ codes, pcm: rawPcm } = decoded);

    // 5. codes → cache
    await cache.put(key, codes);
    watch.lap('cacheMs');
  } else {
    // 6. codes → PCM f32 [T · sampleRate / codecFrameRate]
    watch.begin('decode');
    rawPcm = await decodeCodes(engine, codes, codecFrames);
    watch.lap('decodeMs');
  }
  throwIfAborted(signal, 'pipeline');

  // 7. PCM → trimmed, faded or looped, at its loudness
  watch.begin('finish');
  const { pcm, loop, gainDb } = finish(kernels, rawPcm, finishingOf(request, manifest));
  watch.lap('finishMs');

  const { id, prompt, seed } = request;
  const source = cached?.source ?? 'generated';
  const timings = watch.timings(cached ? 0 : stepsOf(codecFrames, numCodebooks));
  const { sampleRate, name: model, licence } = manifest;
  const intermediates = { ...(textEmbedding && { textEmbedding }), rawPcm, gainDb };
  return {
    ...{ id, soundKey: key, prompt, seed, source, timings },
    ...{ pcm, sampleRate, codes, numCodebooks, model, licence },
    ...(loop && { loop }),
    ...(options.wantsIntermediates && { intermediates }),
  };
}

/** T: codec frames that cover the request, and a loop's seam too. A millionth of one is rounding, not sound. */
export function codecFramesOf(
  { duration, loop }: Pick<SoundRequest, 'duration' | 'loop'>,
  codecFrameRate: number,
): number {
  const generated = duration + (loop ? loopSeam(duration) : 0);
  return Math.ceil(generated * codecFrameRate - 1e-6);
}

function finishingOf(request: SoundRequest, manifest: ModelManifest) {
  const { loop, duration } = request;
  const targetLufs = loop ? manifest.loudness.loop : manifest.loudness.oneShot;
  return { ...FINISHING, sampleRate: manifest.sampleRate, loop, duration, targetLufs };
}

export type Stage = Exclude<keyof StageTimings, 'totalMs' | 'steps'>;

export type Stopwatch = ReturnType<typeof createStopwatch>;

/** Times the stages and tells the caller about them. */
function createStopwatch({ onProgress }: PipelineOptions) {
  const spent: Record<Stage, number> = {
    cacheMs: 0,
    textMs: 0,
    tokensMs: 0,
    decodeMs: 0,
    finishMs: 0,
  };
  const started = performance.now();
  let last = started;
  return {
    begin: (stage: ProgressStage) => onProgress?.({ stage, done: 0, total: 1, detail: '' }),
    onStep: (done: number, total: number) =>
      onProgress?.({ stage: 'tokens', done, total, detail: '' }),
    lap(stage: Stage) {
      const now = performance.now();
      spent[stage] += now - last;
      last = now;
    },
    timings: (steps: number): StageTimings => ({ ...spent, totalMs: last - started, steps }),
  };
}
