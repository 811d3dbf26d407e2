/**
 * Integrated loudness of a mono clip, ITU-R BS.1770-4.
 *
 *   pcm → K-weighting (a shelf of +4 dB, a high-pass at 38 Hz) → energy of 400 ms blocks, 75 % overlapping
 *       → without blocks below −70 LUFS → without blocks 10 LU below the mean of the rest
 *       → −0.691 + 10 · log10(mean energy)
 *
 * A clip shorter than 400 ms is one block. The standard gives the filters for 48 kHz only; here they come
 * from the analogue prototypes behind that table, so any sample rate works.
 * Source: prototypes as in libebur128 and De Man 2014. Twin: test/reference/loudness.ts.
 */
import type { Decibels, Hertz } from './contract.ts';
import type { Kernels } from './kernels/kernels.ts';

const SEGMENTS_PER_SECOND = 10;
const SEGMENTS_PER_BLOCK = 4;
const ABSOLUTE_GATE: Decibels = -70;
const RELATIVE_GATE: Decibels = -10;

/** @returns LUFS; −Infinity when nothing passes the gates: silence, or an empty clip. */
export function integratedLoudness(
  kernels: Kernels,
  pcm: Float32Array,
  sampleRate: Hertz,
): Decibels {
  return gatedLoudness(blockEnergies(kernels, pcm, sampleRate));
}

/** Mean square of the K-weighted signal in each block. */
function blockEnergies(kernels: Kernels, pcm: Float32Array, sampleRate: Hertz): number[] {
  const segment = Math.round(sampleRate / SEGMENTS_PER_SECOND);
  const energies = segmentEnergies(kernels, pcm, segment, sampleRate);
  const numSegments = Math.floor(pcm.length / segment);
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  if (numSegments < SEGMENTS_PER_BLOCK) return [sum(energies) / Math.max(1, pcm.length)];
  return Array.from({ length: numSegments - SEGMENTS_PER_BLOCK + 1 }, (_, first) => {
    const block = energies.subarray(first, first + SEGMENTS_PER_BLOCK);
    return sum(block) / (SEGMENTS_PER_BLOCK * segment);
  });
}

function segmentEnergies(
  kernels: Kernels,
  pcm: Float32Array,
  segment: number,
  sampleRate: Hertz,
): Float64Array {
  const count = Math.ceil(pcm.length / segment);
  const filters = kWeighting(sampleRate);
  return kernels.scratch((arena) => {
    const samples = arena.reserve(4 * pcm.length);
    const coefficients = arena.reserve(8 * filters.length);
    const energies = arena.reserve(8 * count);
    arena.f32(samples, pcm.length).set(pcm);
    arena.f64(coefficients, filters.length).set(filters);
    kernels.call.kWeightedEnergies(samples, pcm.length, coefficients, segment, energies);
    return arena.f64(energies, count).slice();
  });
}

function gatedLoudness(energies: number[]): Decibels {
  const audible = energies.filter((energy) => toLufs(energy) > ABSOLUTE_GATE);
  const gate = toLufs(mean(audible)) + RELATIVE_GATE;
  return toLufs(mean(audible.filter((energy) => toLufs(energy) > gate)));
}

/** 0 when empty. */
function mean(values: number[]): number {
  return values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);
}

function toLufs(energy: number): Decibels {
  return -0.691 + 10 * Math.log10(energy);
}

/**
 * Both filters of the K-weighting.
 * @returns f64 [5, 2]: b0 b1 b2 a1 a2, each for the shelf and the high-pass
 */
export function kWeighting(sampleRate: Hertz): Float64Array {
  const shelf = shelfFilter(sampleRate);
  const highPass = highPassFilter(sampleRate);
  return Float64Array.from(shelf.flatMap((coefficient, i) => [coefficient, highPass[i]!]));
}

/** Stage 1, the head: +4 dB above about 1.7 kHz. */
function shelfFilter(sampleRate: Hertz): number[] {
  const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate);
  const kOverQ = k / 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const a0 = 1 + kOverQ + k * k;
  return [
    (high + band * kOverQ + k * k) / a0,
    (2 * (k * k - high)) / a0,
    (high - band * kOverQ + k * k) / a0,
    (2 * (k * k - 1)) / a0,
    (1 - kOverQ + k * k) / a0,
  ];
}

/** Stage 2, RLB: the numerator is 1 −2 1 at 48 kHz, as in the standard, and scaled to the same gain elsewhere. */
function highPassFilter(sampleRate: Hertz): number[] {
  const { a0, k, kOverQ } = highPassTerms(sampleRate);
  const b = highPassTerms(48000).a0 / a0;
  return [b, -2 * b, b, (2 * (k * k - 1)) / a0, (1 - kOverQ + k * k) / a0];
}

function highPassTerms(sampleRate: Hertz) {
  const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate);
  const kOverQ = k / 0.5003270373238773;
  return { k, kOverQ, a0: 1 + kOverQ + k * k };
}
