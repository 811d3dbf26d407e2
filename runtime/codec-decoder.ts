/** Codes u16 [K, T] → PCM by the engine: all at once, or while the language model still makes them. */
import { stepsOf } from './delay-pattern.ts';
import type { CodecStream, Engine } from './engine.ts';
import { joined } from './joined.ts';
import type { Stopwatch } from './stopwatch.ts';
import type { TokenProgress } from './token-lm.ts';

/**
 * Step 6 of the pipeline, from all codes. Yields PCM part by part.
 *
 * @param sizes codec frames of the first parts; one part more holds the rest
 * @returns all PCM, f32 [T · sampleRate / codecFrameRate], mono
 */
export async function* decodeCodes(
  engine: Engine,
  codes: Uint16Array,
  codecFrames: number,
  sizes: readonly number[],
): AsyncGenerator<Float32Array, Float32Array, void> {
  const stream = engine.openCodec();
  const parts: Float32Array[] = [];
  try {
    for (let decoded = 0; decoded < codecFrames; ) {
      const end = Math.min(codecFrames, decoded + (sizes[parts.length] ?? codecFrames));
      parts.push(await pushColumns(stream, codes, codecFrames, decoded, end));
      decoded = end;
      yield parts.at(-1)!;
    }
  } finally {
    stream.dispose();
  }
  return joined(parts);
}

/**
 * Codec frames in one part of a sound: few at first, so that it is heard soon, then more, since each part has its cost.
 * The decoder itself looks 3 codec frames ahead, so the first part sounds for about two.
 */
const PARTS = [5, 3, 4, 6, 8, 12];
const LARGEST_PART = 16;
/** Of a sound whose codes are all there: the first is heard soon, the rest is decoded faster than that is played. */
export const PARTS_OF_CACHED = [5, 8, 16, 32];

/** Steps 4 and 6 side by side. Yields PCM as it is settled. @returns all codes u16 [K, T] and all PCM */
export async function* decodeWhileItGrows(
  engine: Engine,
  tokens: AsyncGenerator<TokenProgress, void>,
  numCodebooks: number,
  codecFrames: number,
  watch: Stopwatch,
): AsyncGenerator<Float32Array, { codes: Uint16Array; pcm: Float32Array }, void> {
  const stream = engine.openCodec();
  const parts: Float32Array[] = [];
  const steps = stepsOf(codecFrames, numCodebooks);
  let codes: Uint16Array = new Uint16Array(0);
  let decoded = 0;
  try {
    for await (const progress of tokens) {
      codes = progress.codes;
      watch.onStep(progress.step, steps);
      const wanted = PARTS[parts.length] ?? LARGEST_PART;
      const last = progress.whole === codecFrames;
      if (progress.whole - decoded < wanted && !last) continue;
      watch.lap('tokensMs');
      const part = await pushColumns(stream, codes, codecFrames, decoded, progress.whole);
      decoded = progress.whole;
      parts.push(part);
      watch.lap('decodeMs');
      yield part;
      watch.lap('tokensMs');
    }
  } finally {
    stream.dispose();
  }
  return { codes, pcm: joined(parts) };
}

/** Codec frames `from` to `to` of codes [K, T]. */
function pushColumns(
  stream: CodecStream,
  codes: Uint16Array,
  codecFrames: number,
  from: number,
  to: number,
): Promise<Float32Array> {
  const count = to - from;
  const rows = codes.length / codecFrames;
  const columns = new Uint16Array(rows * count);
  for (let k = 0; k < rows; k++) {
    columns.set(codes.subarray(k * codecFrames + from, k * codecFrames + to), k * count);
  }
  return stream.push(columns, count, to === codecFrames);
}
