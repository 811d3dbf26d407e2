/** Data for tests: the same numbers on every run and machine. */
import { uniform } from './philox.ts';

/** Every kernel is tried at all of these: the worst bugs are one loop turn away. */
export const LENGTHS = Array.from({ length: 68 }, (_, length) => length);

/** f32 [length], uniform in [−amplitude, amplitude). */
export function noise(length: number, seed: number, amplitude = 1): Float32Array {
  const random = fastRandom(seed);
  return Float32Array.from({ length }, () => (2 * random() - 1) * amplitude);
}

/** u16 [length], each below `limit`. */
export function codes(length: number, seed: number, limit: number): Uint16Array {
  return Uint16Array.from({ length }, (_, i) => Math.floor(uniform(seed, i, 1) * limit));
}

/** f32 [⌊seconds · sampleRate⌋] */
export function sine(
  seconds: number,
  sampleRate: number,
  { hertz, amplitude = 1, phase = 0 }: { hertz: number; amplitude?: number; phase?: number },
): Float32Array {
  const omega = (2 * Math.PI * hertz) / sampleRate;
  const length = Math.floor(seconds * sampleRate);
  return Float32Array.from({ length }, (_, n) => amplitude * Math.sin(omega * n + phase));
}

/** Mulberry32: seconds of audio in no time. */
export function fastRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
