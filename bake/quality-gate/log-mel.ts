/**
 * What a sound looks like to an ear: its bands' levels from moment to moment. The judge's and the fingerprint's input.
 *
 *   pcm f32 [N] ── loudest 50 ms at one level ── STFT, 1024 by 1/100 s ── 64 mel bands ── ½ ln(1 + m / 0.01) ──▶ f32 [F, 64]
 *
 * F = N · 100 / sampleRate, rounded up; row-major. Silence is 0, and the sound's level does not matter.
 * Twin: training/judge.py, features().
 */
import type { Hertz } from '../../runtime/contract.ts';
import { createFft } from '../../runtime/fft.ts';

/** Mel bands. */
export const BANDS = 64;
/** STFT frames a second. */
export const STFT_RATE = 100;
const SIZE = 1024;
const BINS = SIZE / 2 + 1;
/** Of the sound's loudest 50 ms, root mean square. */
const LEVEL = 0.1;
const FLOOR = 0.01;
const LOWEST: Hertz = 40;

export interface LogMel {
  /** F */
  stftFrames: number;
  /** f32 [F, 64], row-major. */
  values: Float32Array;
}

/** Bins from `first` on, and their weights. */
interface Band {
  first: number;
  weights: Float32Array;
}

export function logMel(pcm: Float32Array, sampleRate: Hertz): LogMel {
  const hop = Math.round(sampleRate / STFT_RATE);
  const gain = LEVEL / Math.max(1e-5, loudestOf(pcm, hop));
  const stftFrames = Math.ceil(pcm.length / hop);
  const values = new Float32Array(stftFrames * BANDS);
  const bands = melBands(sampleRate);
  const transform = createTransform(pcm, hop);
  for (let at = 0; at < stftFrames; at += 2) {
    transform(at).forEach((magnitudes, next) => {
      if (at + next < stftFrames) writeBands(magnitudes, gain, bands, values, (at + next) * BANDS);
    });
  }
  return { stftFrames, values };
}

/** Root mean square of the loudest 50 ms, looked for every 5 ms; what is beyond the sound's ends is silence. */
function loudestOf(pcm: Float32Array, hop: number): number {
  const [width, step] = [5 * hop, Math.round(hop / 2)];
  const sums = new Float64Array(pcm.length + 1);
  pcm.forEach((sample, i) => {
    sums[i + 1] = (sums[i] ?? 0) + sample * sample;
  });
  let loudest = 0;
  for (let middle = 0; middle <= pcm.length; middle += step) {
    const from = Math.max(0, middle - width / 2);
    const to = Math.min(pcm.length, middle + width / 2);
    loudest = Math.max(loudest, (sums[to] ?? 0) - (sums[from] ?? 0));
  }
  return Math.sqrt(loudest / width);
}

/** Two STFT frames in one complex transform: one in the real part, the next in the imaginary part. */
function createTransform(pcm: Float32Array, hop: number) {
  const fft = createFft(SIZE);
  const window = Float64Array.from(
    { length: SIZE },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE),
  );
  const left = Math.floor((SIZE - hop) / 2);
  const [re, im] = [new Float32Array(SIZE), new Float32Array(SIZE)];
  const magnitudes = [new Float32Array(BINS), new Float32Array(BINS)] as const;

  /** @returns magnitudes of the STFT frames `at` and `at` + 1; valid until the next call */
  return (at: number) => {
    const start = at * hop - left;
    for (let i = 0; i < SIZE; i++) {
      re[i] = (pcm[start + i] ?? 0) * (window[i] ?? 0);
      im[i] = (pcm[start + hop + i] ?? 0) * (window[i] ?? 0);
    }
    fft.transform(re, im);
    for (let k = 0; k < BINS; k++) {
      const mirror = (SIZE - k) % SIZE;
      const [a, b, c, d] = [re[k] ?? 0, im[k] ?? 0, re[mirror] ?? 0, im[mirror] ?? 0];
      magnitudes[0][k] = lengthOf(a + c, b - d) / 2;
      magnitudes[1][k] = lengthOf(a - c, b + d) / 2;
    }
    return magnitudes;
  };
}

/** Math.hypot takes ten times as long. */
function lengthOf(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

function writeBands(
  magnitudes: Float32Array,
  gain: number,
  bands: readonly Band[],
  values: Float32Array,
  at: number,
): void {
  bands.forEach(({ first, weights }, band) => {
    let sum = 0;
    for (let i = 0; i < weights.length; i++)
      sum += (weights[i] ?? 0) * (magnitudes[first + i] ?? 0);
    values[at + band] = Math.log1p((gain * sum) / FLOOR) / 2;
  });
}

/** Triangles, equally spaced in mel from 40 Hz to half the sample rate; each one's weights add up to 1. */
function melBands(sampleRate: Hertz): Band[] {
  const [bottom, top] = [toMel(LOWEST), toMel(sampleRate / 2)];
  const edge = (n: number) => fromMel(bottom + ((top - bottom) * n) / (BANDS + 1));
  return Array.from({ length: BANDS }, (_, band) =>
    triangle(edge(band), edge(band + 1), edge(band + 2), sampleRate / SIZE),
  );
}

/** @param spacing Hz between two bins */
function triangle(from: Hertz, peak: Hertz, to: Hertz, spacing: Hertz): Band {
  const first = Math.ceil(from / spacing);
  const count = Math.max(0, Math.floor(to / spacing) - first + 1);
  const weights = Float32Array.from({ length: count }, (_, i) => {
    const frequency = (first + i) * spacing;
    return Math.max(
      0,
      Math.min((frequency - from) / (peak - from), (to - frequency) / (to - peak)),
    );
  });
  const sum = Math.max(
    1e-6,
    weights.reduce((total, weight) => total + weight, 0),
  );
  return { first, weights: weights.map((weight) => weight / sum) };
}

function toMel(frequency: Hertz): number {
  return 2595 * Math.log10(1 + frequency / 700);
}

function fromMel(mel: number): Hertz {
  return 700 * (10 ** (mel / 2595) - 1);
}
