/**
 * Where a clip can be closed to a loop: the place where its end is most like its beginning.
 *
 *   clip     · · h h h h · · · · · · t t t t ·        h and t alike: the same levels in every octave, the same waveform
 *                ├── start           ├── start + length
 *   loop         ╳ ╳ ╳ ╳ · · · · · ·                  t crosses into h, and after the last · comes t again
 *
 *   1. all starts and lengths, in blocks of 20 ms, by their levels: rhythm, loudness, colour
 *   2. the best few by waveform, ±20 ms: every 8th sample, then every sample. Tones meet in phase
 */
import type { Hertz } from './contract.ts';
import { BANDS, GRAIN, octaveLevels } from './octave-levels.ts';

export interface LoopSeam {
  /** Samples: where the loop begins in the clip, how long it is, and how long the crossfade into its beginning. */
  start: number;
  length: number;
  crossfade: number;
  /** Of what is cross-faded, 0 to 1: 1 is the same waveform. */
  correlation: number;
}

export interface LoopSeamOptions {
  sampleRate: Hertz;
  /** Samples, at least 1 each; together at most the clip's. The loop is at most this long, at most a fifth shorter. */
  longest: number;
  crossfade: number;
}

/** A loop may be this part of the longest. */
export const SHORTEST_LOOP = 0.8;
/** Seconds. */
const BLOCK = 0.02;
/** Decibels below the loudest that levels are told apart. */
const RANGE = 50;
/** Starts and lengths whose waveforms are looked at. */
const CANDIDATES = 6;
/** Samples between those that the first look at a waveform takes. */
const STRIDE = 8;
/** Decibels of difference in level that weigh as much as no correlation at all, and as a fifth of the length. */
const NO_CORRELATION = 5;
const FIFTH_SHORTER = 1.5;

/** In samples, or in blocks. */
interface Place {
  start: number;
  length: number;
  /** Decibels, more is worse. */
  cost: number;
}

export function findLoopSeam(pcm: Float32Array, options: LoopSeamOptions): LoopSeam {
  const { longest, crossfade, sampleRate } = options;
  const block = Math.max(1, Math.round((BLOCK * sampleRate) / GRAIN)) * GRAIN;
  const waveform = createWaveform(pcm, crossfade);
  const plain = { start: 0, length: longest, cost: Number.POSITIVE_INFINITY };
  const room = { longest, last: pcm.length - crossfade, reach: block };
  let best = { ...plain, correlation: waveform.correlation(0, longest, 1) };
  for (const place of candidatesOf(pcm, block, options)) {
    const aligned = alignedOf(waveform, place, room);
    if (aligned.cost < best.cost) best = aligned;
  }
  const { start, length, correlation } = best;
  return { start, length, crossfade, correlation: Math.min(1, Math.max(0, correlation)) };
}

/** 1. Starts and lengths whose levels are most alike, in samples, none next to another. */
function candidatesOf(pcm: Float32Array, block: number, options: LoopSeamOptions): Place[] {
  const levels = octaveLevels(pcm, block, RANGE);
  const blocks = levels.length / BANDS;
  const span = Math.max(1, Math.floor(options.crossfade / block));
  const longest = Math.floor(options.longest / block);
  const places: Place[] = [];
  for (let length = Math.ceil(longest * SHORTEST_LOOP); length <= longest; length++) {
    const shorter = (FIFTH_SHORTER * (longest - length)) / ((1 - SHORTEST_LOOP) * longest);
    for (let start = 0; start + length + span <= blocks; start++) {
      places.push({ start, length, cost: shorter + differenceOf(levels, start, length, span) });
    }
  }
  const toSamples = ({ start, length, cost }: Place) => {
    return { start: start * block, length: length * block, cost };
  };
  return apart(places.sort((a, b) => a.cost - b.cost)).map(toSamples);
}

/** The mean difference of two stretches in level, dB. */
function differenceOf(levels: Float32Array, start: number, length: number, span: number): number {
  const [head, tail] = [start * BANDS, (start + length) * BANDS];
  const count = span * BANDS;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += Math.abs((levels[head + i] ?? 0) - (levels[tail + i] ?? 0));
  }
  return sum / count;
}

/** The first few of the list that are more than two blocks from each other. */
function apart(places: Place[]): Place[] {
  const chosen: Place[] = [];
  const isNear = (a: Place, b: Place) =>
    Math.abs(a.start - b.start) <= 2 && Math.abs(a.length - b.length) <= 2;
  for (const place of places) {
    if (chosen.length === CANDIDATES) break;
    if (!chosen.some((other) => isNear(place, other))) chosen.push(place);
  }
  return chosen;
}

interface Room {
  longest: number;
  /** Where a tail can begin at the latest. */
  last: number;
  /** How far a length may be from the candidate's. */
  reach: number;
}

/** 2. The length next to this one at which the waveforms are most alike. */
function alignedOf(waveform: Waveform, { start, length, cost }: Place, room: Room) {
  const longest = Math.min(room.longest, room.last - start);
  const near = (middle: number, reach: number, stride: number) => {
    let best = { length: Math.min(middle, longest), correlation: -1 };
    for (let at = middle - reach; at <= Math.min(middle + reach, longest); at += stride) {
      if (at < 1) continue;
      const correlation = waveform.correlation(start, at, stride);
      if (correlation > best.correlation) best = { length: at, correlation };
    }
    return best;
  };
  const coarse = near(length, room.reach, STRIDE);
  const { length: fine, correlation } = near(coarse.length, STRIDE - 1, 1);
  return {
    start,
    length: fine,
    correlation,
    cost: cost + NO_CORRELATION * (1 - Math.max(0, correlation)),
  };
}

interface Waveform {
  /**
   * Normalised cross-correlation of two stretches, −1 to 1; 0 where one of them is silent.
   * @param stride 1: of all samples; STRIDE: of each 8th, start and length are then multiples of it
   */
  correlation(start: number, length: number, stride: number): number;
}

function createWaveform(pcm: Float32Array, count: number): Waveform {
  const sparse = everyEighth(pcm);
  const energies = new Map([
    [1, energiesUpTo(pcm)],
    [STRIDE, energiesUpTo(sparse)],
  ]);
  return {
    correlation(start, length, stride) {
      const samples = stride === 1 ? pcm : sparse;
      const energy = energies.get(stride) ?? new Float64Array(0);
      const head = Math.floor(start / stride);
      const tail = Math.floor((start + length) / stride);
      const width = Math.floor(count / stride);
      const energyFrom = (at: number) => (energy[at + width] ?? 0) - (energy[at] ?? 0);
      const power = energyFrom(head) * energyFrom(tail);
      return power > 1e-24 ? product(samples, head, tail, width) / Math.sqrt(power) : 0;
    },
  };
}

function everyEighth(pcm: Float32Array): Float32Array {
  const length = Math.ceil(pcm.length / STRIDE);
  return Float32Array.from({ length }, (_, i) => pcm[i * STRIDE] ?? 0);
}

function product(samples: Float32Array, head: number, tail: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (samples[head + i] ?? 0) * (samples[tail + i] ?? 0);
  return sum;
}

/** The energy of the first i samples at i. */
function energiesUpTo(samples: Float32Array): Float64Array {
  const energies = new Float64Array(samples.length + 1);
  for (let i = 0; i < samples.length; i++) {
    energies[i + 1] = (energies[i] ?? 0) + (samples[i] ?? 0) ** 2;
  }
  return energies;
}
