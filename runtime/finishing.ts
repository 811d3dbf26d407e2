/**
 * PCM as decoded → PCM ready to play.
 *
 *   one-shot   cut to the duration → trim silence at both ends → fades ─╮
 *   loop       seam: the end runs into the beginning                   ─┴→ loudness → true-peak limit
 *              ╰────────────────── found once: FinishPlan ──────────────────╯
 *
 * Silence stays silence, and quiet noise is not blown up: the gain is at most +30 dB, and no more than
 * what makes the limiter take 6 dB off the highest peak (beyond that an attack sounds dull).
 */
import type { Decibels, FinishPlan, Hertz, Seconds } from './contract.ts';
import { fromDb, toDb } from './decibels.ts';
import type { Kernels } from './kernels/kernels.ts';
import { loopRegion } from './loop-region.ts';
import { findLoopSeam } from './loop-seam.ts';
import { integratedLoudness } from './loudness.ts';
import { limitTruePeak, scaled, truePeak } from './true-peak.ts';

export interface ShapeOptions {
  sampleRate: Hertz;
  loop: boolean;
  /** Fades of a one-shot; each at most half of it. */
  fadeInMs: number;
  fadeOutMs: number;
}

export interface FinishOptions extends ShapeOptions {
  /** Integrated loudness wanted, LUFS. */
  targetLufs: Decibels;
  /** Ceiling, dBTP, ≤ 0. */
  truePeakDb: Decibels;
  /** At most this much comes back. */
  duration: Seconds;
}

type Shape = Omit<FinishPlan, 'gainDb'>;

export interface Finished {
  /** f32 [samples], mono, full scale ±1. */
  pcm: Float32Array;
  loop?: { start: Seconds; end: Seconds };
  /** Gain applied before the limiter. */
  gainDb: Decibels;
}

/** True peak of every take, and the fades of one-shots: long enough to be no click, short enough to be no fade. */
export const FINISHING = { truePeakDb: -1, fadeInMs: 1, fadeOutMs: 20 } as const;

/** What is this far below the peak counts as silence. At the start it would be delay, at the end it is the tail. */
const START_THRESHOLD: Decibels = -40;
const END_THRESHOLD: Decibels = -60;
/** Kept before the first loud sample, so that the attack is whole. */
const PRE_ROLL: Seconds = 0.002;
const SHORTEST: Seconds = 0.1;
const LONGEST_SEAM: Seconds = 0.25;
const NO_SEAM = { crossfade: 0, correlation: 0 } as const;
const MAX_GAIN: Decibels = 30;
const MAX_LIMITING: Decibels = 6;

/** @throws RangeError if a sample is NaN or infinite. */
export function finish(kernels: Kernels, pcm: Float32Array, options: FinishOptions): Finished {
  return applyFinish(kernels, pcm, planFinish(kernels, pcm, options), options);
}

/** All that has to be looked for: cut, seam and gain. @throws RangeError if a sample is NaN or infinite. */
export function planFinish(
  kernels: Kernels,
  pcm: Float32Array,
  options: FinishOptions,
): FinishPlan {
  checkFinite(kernels, pcm);
  const shape = options.loop ? findLoop(pcm, options) : findCut(kernels, pcm, options);
  const gainDb = Math.fround(gainFor(kernels, shaped(kernels, pcm, shape, options), options));
  return { ...shape, gainDb };
}

/** @param plan found in this very sound; else RangeError where it reaches beyond it */
export function applyFinish(
  kernels: Kernels,
  pcm: Float32Array,
  plan: FinishPlan,
  options: ShapeOptions & { truePeakDb: Decibels },
): Finished {
  // 1. shape: where it begins and ends, f32 [samples]
  const shapely = shaped(kernels, pcm, plan, options);

  // 2. loudness: one gain for all
  const { gainDb } = plan;
  const loud = scaled(kernels, shapely, fromDb(gainDb));

  // 3. true peak
  const { sampleRate, loop } = options;
  const ceiling = fromDb(options.truePeakDb);
  const limited = limitTruePeak(kernels, loud, { sampleRate, ceiling, loop });

  const end = limited.length / sampleRate;
  return { pcm: limited, gainDb, ...(loop && { loop: { start: 0, end } }) };
}

/**
 * Length of a loop's seam. Whoever wants a loop of `duration` generates this much more: the seam uses it up.
 */
export function loopSeam(duration: Seconds): Seconds {
  return Math.min(LONGEST_SEAM, duration / 3);
}

/** One-shot: from a moment before its first sound to its last. */
function findCut(kernels: Kernels, pcm: Float32Array, options: FinishOptions): Shape {
  const { sampleRate, duration } = options;
  const samples = pcm.subarray(0, Math.round(duration * sampleRate));
  return kernels.scratch((arena) => {
    const { call } = kernels;
    const address = arena.reserve(4 * samples.length);
    arena.f32(address, samples.length).set(samples);

    const peak = call.peak(address, samples.length);
    if (peak === 0) return { start: 0, length: samples.length, ...NO_SEAM };
    const first = call.firstAbove(address, samples.length, peak * fromDb(START_THRESHOLD));
    const last = call.lastAbove(address, samples.length, peak * fromDb(END_THRESHOLD));
    const start = Math.max(0, first - Math.round(PRE_ROLL * sampleRate));
    const shortest = start + Math.round(SHORTEST * sampleRate);
    const end = Math.min(samples.length, Math.max(last + 1, shortest));
    return { start, length: end - start, ...NO_SEAM };
  });
}

/**
 * Loop: where the end is most like the beginning it crosses into it, and what is beyond is cut off. At most the duration
 * long and at most a fifth shorter, or as long as the part of the clip that sounds allows.
 */
function findLoop(pcm: Float32Array, { sampleRate, duration }: FinishOptions): Shape {
  const region = loopRegion(pcm, sampleRate);
  const clip = pcm.subarray(region.start, region.end);
  const crossfade = Math.floor(Math.min(LONGEST_SEAM * sampleRate, clip.length / 4));
  const longest = Math.min(Math.round(duration * sampleRate), clip.length - crossfade);
  if (longest < 1) return { start: region.start, length: clip.length, ...NO_SEAM };
  const seam = findLoopSeam(clip, { sampleRate, longest, crossfade });
  const correlation = Math.fround(seam.correlation);
  return { start: region.start + seam.start, length: seam.length, crossfade, correlation };
}

/** Cut out, with its fades, or its end crossed into its beginning. */
function shaped(
  kernels: Kernels,
  pcm: Float32Array,
  { start, length, crossfade, correlation }: Shape,
  options: ShapeOptions,
): Float32Array {
  const used = pcm.subarray(start, start + length + crossfade);
  if (used.length !== length + crossfade) throw outside(start, length + crossfade, pcm.length);
  return kernels.scratch((arena) => {
    const address = arena.reserve(4 * used.length);
    arena.f32(address, used.length).set(used);
    if (options.loop) {
      kernels.call.crossfade(address, address + 4 * length, crossfade, correlation);
    } else {
      const fadeIn = fadeOf(options.fadeInMs, length, options);
      const fadeOut = fadeOf(options.fadeOutMs, length, options);
      kernels.call.fadeIn(address, fadeIn);
      kernels.call.fadeOut(address + 4 * (length - fadeOut), fadeOut);
    }
    return arena.f32(address, length).slice();
  });
}

/** Samples: at most half of the sound. */
function fadeOf(milliseconds: number, length: number, { sampleRate }: ShapeOptions): number {
  return Math.min(Math.floor(length / 2), Math.round((milliseconds / 1000) * sampleRate));
}

function outside(start: number, length: number, samples: number): RangeError {
  return new RangeError(
    `finishing: samples ${start} to ${start + length} are wanted, but the sound has ${samples}. The plan is of another sound.`,
  );
}

function gainFor(kernels: Kernels, pcm: Float32Array, options: FinishOptions): Decibels {
  const loudness = integratedLoudness(kernels, pcm, options.sampleRate);
  if (loudness === -Infinity) return 0;
  const peakDb = toDb(truePeak(kernels, pcm, options.loop));
  const highest = options.truePeakDb + MAX_LIMITING - peakDb;
  return Math.min(options.targetLufs - loudness, MAX_GAIN, highest);
}

function checkFinite(kernels: Kernels, pcm: Float32Array): void {
  const peak = kernels.scratch((arena) => {
    const address = arena.reserve(4 * pcm.length);
    arena.f32(address, pcm.length).set(pcm);
    return kernels.call.peak(address, pcm.length);
  });
  if (Number.isFinite(peak)) return;
  throw new RangeError(
    `finishing: the decoded sound holds NaN or Infinity (peak ${peak}). Check the codec's model file.`,
  );
}
