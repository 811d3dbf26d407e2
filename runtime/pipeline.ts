/**
 * The way of a sound, steps 2 to 7 (step 1 makes the prompt, step 8 plays the PCM; both belong to the plugin).
 *
 *   request → cache → text embedding → codes → PCM → finished PCM → cache
 *
 * Touches neither DOM nor worker globals: a worker and the bake tool run this very file.
 */
import { decodeCodes, decodeWhileItGrows, PARTS_OF_CACHED } from './codec-decoder.ts';
import type {
  Decibels,
  FinishPlan,
  Progress,
  SoundPart,
  SoundRequest,
  Take,
  TakeSource,
} from './contract.ts';
import { stepsOf } from './delay-pattern.ts';

import type { Engine, TextEmbedding } from './engine.ts';
import { isNamed, throwIfAborted } from './errors.ts';
import { applyFinish, FINISHING, loopSeam, planFinish } from './finishing.ts';
import { drained, mapped } from './generators.ts';
import type { Kernels } from './kernels/kernels.ts';
import { type Logger, silentLogger } from './logger.ts';
import type { ModelManifest } from './model-manifest.ts';
import { soundKey } from './sound-key.ts';
import { completeRequest } from './sound-request.ts';
import { createStopwatch } from './stopwatch.ts';
import { createStreamFinisher, type StreamFinisher } from './stream-finishing.ts';
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
  /** What finishing did. */
  plan: FinishPlan;
}

export type PipelineTake = Take & { intermediates?: Intermediates };

/** A part as decoded, and what finishing does to it. */
export interface RawPart {
  /** f32 [samples]. */
  pcm: Float32Array;
  /** The pack's calibrated gain; of a cached sound its own. */
  gainDb: Decibels;
  source: TakeSource;
}

/** Parts of a sound, one after the other, then the take. */
export type PartStream<P> = AsyncGenerator<P, PipelineTake, void>;

export interface Pipeline {
  /** The engine in use: another one after a device was lost. */
  readonly engine: Engine;
  /** @throws RangeError, AbortError */
  generate(request: SoundRequest, options?: PipelineOptions): Promise<PipelineTake>;
  /** The same, with parts on the way that can be heard at once; none of a loop. */
  stream(request: SoundRequest, options?: PipelineOptions): PartStream<SoundPart>;
  /** The same, with parts as decoded, before finishing. */
  streamRaw(request: SoundRequest, options?: PipelineOptions): PartStream<RawPart>;
  dispose(): Promise<void>;
}

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

  async function* tellOn(
    request: SoundRequest,
    options: PipelineOptions,
    cachedParts: readonly number[],
  ): PartStream<RawPart> {
    let told = 0; // samples that the caller has
    try {
      const story = tell(request, { ...options, cachedParts }, engine, parts);
      return yield* mapped(story, (part) => {
        told += part.pcm.length;
        return part;
      });
    } catch (error) {
      if (!isNamed(error, 'DeviceLostError') || replaceEngine === undefined) throw error;
      engine = await replaced(replaceEngine);
    }
    // From the top: another engine, another arithmetic, another key. What the caller has already is not told again.
    return yield* skipping(told, tell(request, { ...options, cachedParts }, engine, parts));
  }

  const streamRaw = (request: SoundRequest, options: PipelineOptions = {}) =>
    tellOn(request, options, request.loop ? [] : PARTS_OF_CACHED);

  return {
    get engine() {
      return engine;
    },
    stream: (request, options) => finishParts(streamRaw(request, options), request, parts),
    streamRaw,
    generate: (request, options = {}) => drained(tellOn(request, options, [])),
    dispose: () => engine.dispose(),
  };
}

/** Step 7 for parts: what can be said of a sound before its end is there. */
function finishParts(
  raw: PartStream<RawPart>,
  { loop, duration }: SoundRequest,
  { kernels, manifest: { sampleRate } }: Tools,
): PartStream<SoundPart> {
  let finisher: StreamFinisher | undefined;
  return mapped(raw, ({ pcm, gainDb, source }) => {
    if (loop) return undefined; // its end runs into its beginning, which is not known yet
    finisher ??= createStreamFinisher(kernels, { ...FINISHING, sampleRate, duration, gainDb });
    const finished = finisher.push(pcm);
    return finished.length > 0 ? { pcm: finished, sampleRate, source } : undefined;
  });
}

/** Leaves out the first `count` samples. */
function skipping(count: number, story: PartStream<RawPart>): PartStream<RawPart> {
  let left = count;
  return mapped(story, (part) => {
    const rest = part.pcm.subarray(Math.min(left, part.pcm.length));
    left -= part.pcm.length - rest.length;
    return rest.length > 0 ? { ...part, pcm: rest } : undefined;
  });
}

interface StoryOptions extends PipelineOptions {
  /** Codec frames of the first parts of a cached sound; one part more holds the rest. */
  cachedParts: readonly number[];
}

async function* tell(
  input: SoundRequest,
  options: StoryOptions,
  engine: Engine,
  { manifest, modelHash, kernels, cache, tokenizer }: Tools,
): PartStream<RawPart> {
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

  let codes: Uint16Array;
  let textEmbedding: TextEmbedding | undefined;
  let rawPcm: Float32Array;
  if (cached === undefined) {
    // 3. prompt → text embedding f32 [L, D]
    watch.begin('text');
    textEmbedding = await encodePrompt(engine, tokenizer, request.prompt);
    watch.lap('textMs');

    // 4. text embedding → codes u16 [K, T], and 6. codes → PCM f32 as they come
    const tokens = generateTokens(engine, textEmbedding, {
      ...request,
      ...{ codecFrames, numCodebooks, signal, turn },
    });
    const decoding = decodeWhileItGrows(engine, tokens, numCodebooks, codecFrames, watch);
    const how = { gainDb: manifest.loudness.streamGain ?? 0, source: 'generated' } as const;
    ({ codes, pcm: rawPcm } = yield* mapped(decoding, (pcm) => ({ pcm, ...how })));
  } else {
    // 6. codes → PCM f32 [T · sampleRate / codecFrameRate]
    watch.begin('decode');
    const { gainDb, source } = cached;
    ({ codes } = cached);
    const decoding = decodeCodes(engine, codes, codecFrames, options.cachedParts);
    rawPcm = yield* mapped(decoding, (pcm) => ({ pcm, gainDb, source }));
    watch.lap('decodeMs');
    throwIfAborted(signal, 'pipeline');
  }

  // 7. PCM → trimmed, faded or looped, at its loudness
  watch.begin('finish');
  const how = finishingOf(request, manifest);
  const plan = planFinish(kernels, rawPcm, how);
  const { pcm, loop } = applyFinish(kernels, rawPcm, plan, how);
  watch.lap('finishMs');

  // 5. codes → cache, with the gain that the whole take has
  if (cached === undefined) await cache.put(key, codes, plan.gainDb);
  watch.lap('cacheMs');
  throwIfAborted(signal, 'pipeline');

  const { id, prompt, seed } = request;
  const source = cached?.source ?? 'generated';
  const timings = watch.timings(cached ? 0 : stepsOf(codecFrames, numCodebooks));
  const { sampleRate, name: model, licence } = manifest;
  const intermediates = { ...(textEmbedding && { textEmbedding }), rawPcm, plan };
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
