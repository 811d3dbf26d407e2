/**
 * The way of a sound, steps 2 to 7 (step 1 makes the prompt, step 8 plays the PCM; both belong to the plugin).
 *
 *   request → cache → text embedding → codes → cache → PCM → finished PCM
 *
 * Touches neither DOM nor worker globals: a worker and the bake tool run this very file.
 */
import { decodeCodes } from './codec-decoder.ts';
import type { Progress, ProgressStage, SoundRequest, StageTimings, Take } from './contract.ts';
import { stepsOf } from './delay-pattern.ts';
import type { Engine, TextEmbedding } from './engine.ts';
import { isNamed, throwIfAborted } from './errors.ts';
import { finish, loopSeam } from './finishing.ts';
import { createInverseStft, type InverseStft } from './inverse-stft.ts';
import type { Kernels } from './kernels/kernels.ts';
import { type Logger, silentLogger } from './logger.ts';
import type { ModelManifest } from './model-manifest.ts';
import type { ModelPack } from './model-pack.ts';
import { createSampler, type Sampler } from './sampler.ts';
import { soundKey } from './sound-key.ts';
import { completeRequest } from './sound-request.ts';
import { createPromptTokenizer, encodePrompt, type PromptTokenizer } from './text-encoder.ts';
import type { TokenCache } from './token-cache.ts';
import { generateCodes } from './token-lm.ts';

export interface PipelineParts {
  pack: ModelPack;
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

export interface Pipeline {
  /** The engine in use: another one after a device was lost. */
  readonly engine: Engine;
  /** @throws RangeError, AbortError */
  generate(request: SoundRequest, options?: PipelineOptions): Promise<PipelineTake>;
  dispose(): Promise<void>;
}

/** True peak of every take, dBTP, and the fades of one-shots: long enough to be no click, short enough to be no fade. */
const FINISHING = { truePeakDb: -1, fadeInMs: 1, fadeOutMs: 20 } as const;

/** What the steps work with; the engine comes from outside, because it may be replaced. */
interface Tools {
  manifest: ModelManifest;
  modelHash: string;
  kernels: Kernels;
  cache: TokenCache;
  tokenizer: PromptTokenizer;
  sampler: Sampler;
  inverseStft: InverseStft;
}

/** @throws ModelPackError if the tokenizer cannot be read. */
export function createPipeline(parts: PipelineParts): Pipeline {
  const tools = createTools(parts); // holds no file of the pack, so their memory is free again
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

  return {
    get engine() {
      return engine;
    },
    async generate(request, options = {}) {
      try {
        return await tell(request, options, engine, tools);
      } catch (error) {
        if (!isNamed(error, 'DeviceLostError') || replaceEngine === undefined) throw error;
        engine = await replaced(replaceEngine);
        // From the top: another engine, another arithmetic, another key.
        return tell(request, options, engine, tools);
      }
    },
    dispose: () => engine.dispose(),
  };
}

function createTools({ pack, kernels, cache }: PipelineParts): Tools {
  const { manifest, hash } = pack;
  return {
    manifest,
    modelHash: hash,
    kernels,
    cache,
    tokenizer: createPromptTokenizer(pack),
    sampler: createSampler(kernels, manifest),
    inverseStft: createInverseStft(kernels, { ...manifest.stft, sampleRate: manifest.sampleRate }),
  };
}

async function tell(
  input: SoundRequest,
  options: PipelineOptions,
  engine: Engine,
  { manifest, modelHash, kernels, cache, tokenizer, sampler, inverseStft }: Tools,
): Promise<PipelineTake> {
  const request = completeRequest(input, input.id, manifest);
  const { signal, turn } = options;
  const { numCodebooks, codebookSize } = manifest;
  const codecFrames = codecFramesOf(request, manifest.codecFrameRate);
  const watch = createStopwatch(options);

  // 2. request → sound key → codes u16 [K, T] from the cache, or go on
  const key = await soundKey(request, modelHash, engine.arithmetic);
  const cached = await cache.get(key, numCodebooks * codecFrames);
  watch.lap('cacheMs');
  throwIfAborted(signal, 'pipeline');

  let codes = cached?.codes;
  let textEmbedding: TextEmbedding | undefined;
  if (codes === undefined) {
    // 3. prompt → text embedding f32 [L, D]
    watch.begin('text');
    textEmbedding = await encodePrompt(engine, tokenizer, request.prompt);
    watch.lap('textMs');

    // 4. text embedding → codes u16 [K, T]
    const { onStep } = watch;
    const tokens = { ...request, codecFrames, numCodebooks, codebookSize, signal, turn, onStep };
    codes = await generateCodes(engine, sampler, textEmbedding, tokens);
    watch.lap('tokensMs');

    // 5. codes → cache
    await cache.put(key, codes);
    watch.lap('cacheMs');
    throwIfAborted(signal, 'pipeline');
  }

  // 6. codes → PCM f32 [T · sampleRate / codecFrameRate]
  watch.begin('decode');
  const rawPcm = await decodeCodes(engine, inverseStft, codes, codecFrames);
  watch.lap('decodeMs');
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

type Stage = Exclude<keyof StageTimings, 'totalMs' | 'steps'>;

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
