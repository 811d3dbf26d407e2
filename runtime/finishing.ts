/**
 * PCM as decoded → PCM ready to play.
 *
 *   one-shot   cut to the duration → trim silence at both ends → fades ─╮
 *   loop       seam: the end runs into the beginning                   ─┴→ loudness → true-peak limit
 *
 * Silence stays silence, and quiet noise is not blown up: the gain is at most +30 dB, and no more than
 * what makes the limiter take 6 dB off the highest peak (beyond that an attack sounds dull).
 */
import type { Decibels, Hertz, Seconds } from './contract.ts';
import { fromDb, toDb } from './decibels.ts';
import type { Kernels } from './kernels/kernels.ts';
import { loopRegion } from './loop-region.ts';
import { findLoopSeam } from './loop-seam.ts';
import { integratedLoudness } from './loudness.ts';
import { limitTruePeak, scaled, truePeak } from './true-peak.ts';

export interface FinishOptions {
  sampleRate: Hertz;
  loop: boolean;
  /** Integrated loudness wanted, LUFS. */
  targetLufs: Decibels;
  /** Ceiling, dBTP, ≤ 0. */
  truePeakDb: Decibels;
  /** Fades of a one-shot; each at most half of it. */
  fadeInMs: number;
  fadeOutMs: number;
  /** At most this much comes back. */
  duration: Seconds;
}

export interface Finished {
  /** f32 [samples], mono, full scale ±1. */
  pcm: Float32Array;
  loop?: { start: Seconds; end: Seconds };
  /** Gain applied before the limiter. */
  gainDb: Decibels;
}

/** What is this far below the peak counts as silence. At the start it would be delay, at the end it is the tail. */
const START_THRESHOLD: Decibels = -40;
const END_THRESHOLD: Decibels = -60;
/** Kept before the first loud sample, so that the attack is whole. */
const PRE_ROLL: Seconds = 0.002;
const SHORTEST: Seconds = 0.1;
const LONGEST_SEAM: Seconds = 0.25;
const MAX_GAIN: Decibels = 30;
const MAX_LIMITING: Decibels = 6;

/** @throws RangeError if a sample is NaN or infinite. */
export function finish(kernels: Kernels, pcm: Float32Array, options: FinishOptions): Finished {
  checkFinite(kernels, pcm);

  // 1. shape: where it begins and ends, f32 [samples]
  const shaped = options.loop ? closeLoop(kernels, pcm, options) : cutOut(kernels, pcm, options);

  // 2. loudness: one gain for all
  const gainDb = gainFor(kernels, shaped, options);
  const loud = scaled(kernels, shaped, fromDb(gainDb));

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

/** One-shot: cut, trim, fade. */
function cutOut(kernels: Kernels, pcm: Float32Array, options: FinishOptions): Float32Array {
  const { sampleRate, duration } = options;
  const samples = pcm.subarray(0, Math.round(duration * sampleRate));
  return kernels.scratch((arena) => {
    const { call } = kernels;
    const address = arena.reserve(4 * samples.length);
    arena.f32(address, samples.length).set(samples);

    const peak = call.peak(address, samples.length);
    if (peak === 0) return samples.slice();
    const first = call.firstAbove(address, samples.length, peak * fromDb(START_THRESHOLD));
    const last = call.lastAbove(address, samples.length, peak * fromDb(END_THRESHOLD));
    const start = Math.max(0, first - Math.round(PRE_ROLL * sampleRate));
    const shortest = start + Math.round(SHORTEST * sampleRate);
    const end = Math.min(samples.length, Math.max(last + 1, shortest));

    const half = Math.floor((end - start) / 2);
    const fadeIn = Math.min(half, Math.round((options.fadeInMs / 1000) * sampleRate));
    const fadeOut = Math.min(half, Math.round((options.fadeOutMs / 1000) * sampleRate));
    call.fadeIn(address + 4 * start, fadeIn);
    call.fadeOut(address + 4 * (end - fadeOut), fadeOut);
    return arena.f32(address + 4 * start, end - start).slice();
  });
}

/**
 * Loop: where the end is most like the beginning it crosses into it, and what is beyond is cut off. At most the duration
 * long and at most a fifth shorter, or as long as the part of the clip that sounds allows.
 */
function closeLoop(kernels: Kernels, pcm: Float32Array, options: FinishOptions): Float32Array {
  const { sampleRate, duration } = options;
  const region = loopRegion(pcm, sampleRate);
  const clip = pcm.subarray(region.start, region.end);
  const crossfade = Math.floor(Math.min(LONGEST_SEAM * sampleRate, clip.length / 4));
  const longest = Math.min(Math.round(duration * sampleRate), clip.length - crossfade);
  if (longest < 1) return clip.slice();
  const seam = findLoopSeam(clip, { sampleRate, longest, crossfade });
  const used = clip.subarray(seam.start, seam.start + seam.length + crossfade);
  return kernels.scratch((arena) => {
    const address = arena.reserve(4 * used.length);
    arena.f32(address, used.length).set(used);
    const tail = address + 4 * seam.length;
    kernels.call.crossfade(address, tail, crossfade, seam.correlation);
    return arena.f32(address, seam.length).slice();
  });
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
