/**
 * Finishing of a sound whose end is not there yet: raw parts → parts to be heard at once.
 *
 *   raw part → cut to the duration → leading silence dropped → fades at both ends → the pack's calibrated gain → limiter
 *
 *   gain     ────╮            the last 5 ms of a part wait for the next one: if that is too loud, the gain falls over them
 *                 ╲      ╱    and rises again by at most 1 in 200 ms
 *                  ╲────╱
 *   part     ──────┤held├─ louder part ─────
 *
 * The whole take is finished by finishing.ts, with its own loudness. True peak never exceeds the ceiling, as measured part by part.
 */

import type { Decibels, Hertz, Seconds } from './contract.ts';
import { fromDb } from './decibels.ts';
import { joined } from './joined.ts';
import type { Kernels } from './kernels/kernels.ts';
import { truePeak } from './true-peak.ts';

export interface StreamFinishOptions {
  sampleRate: Hertz;
  /** At most this much comes out. */
  duration: Seconds;
  gainDb: Decibels;
  /** Ceiling, dBTP, ≤ 0. */
  truePeakDb: Decibels;
  fadeInMs: number;
  fadeOutMs: number;
}

export interface StreamFinisher {
  /** @param raw f32 [samples] that follow those before @returns f32, ready to play; may be empty */
  push(raw: Float32Array): Float32Array;
}

/** Quieter than this after the gain is silence: at the start it would only be delay. */
const SILENCE: Decibels = -50;
/** Kept before the first loud sample, so that the attack is whole. */
const PRE_ROLL: Seconds = 0.002;
const LOOK_AHEAD: Seconds = 0.005;
/** The gain rises by 1 in this time. */
const RELEASE: Seconds = 0.2;

export function createStreamFinisher(
  kernels: Kernels,
  options: StreamFinishOptions,
): StreamFinisher {
  const { sampleRate, duration } = options;
  const gain = fromDb(options.gainDb);
  const ceiling = fromDb(options.truePeakDb);
  const end = Math.round(duration * sampleRate);
  const preRoll = Math.round(PRE_ROLL * sampleRate);
  const lookAhead = Math.round(LOOK_AHEAD * sampleRate);
  const fadeOut = Math.round((options.fadeOutMs / 1000) * sampleRate);
  const fadeIn = Math.round((options.fadeInMs / 1000) * sampleRate);
  let position = 0; // of the next raw sample
  let held: Float32Array = new Float32Array(0);
  let heardFrom: number | undefined; // where the silence ended
  let quiet: Float32Array = new Float32Array(0); // the last samples of the silence so far, raw
  let factor = 1; // of the limiter, at the last sample that went out

  /** Samples that are heard, with gain and fades. */
  function shape(raw: Float32Array): Float32Array {
    const part = joined([quiet, raw.subarray(0, Math.max(0, end - position))]);
    const begin = position - quiet.length;
    position += raw.length;
    const { call } = kernels;
    return kernels.scratch((arena) => {
      const address = arena.reserve(4 * part.length);
      const samples = arena.f32(address, part.length);
      samples.set(part);
      call.scale(address, part.length, gain);
      if (heardFrom === undefined) {
        const loud = call.firstAbove(address, part.length, fromDb(SILENCE));
        const skip = Math.max(0, loud - preRoll);
        quiet = loud < part.length ? new Float32Array(0) : part.slice(skip);
        if (loud === part.length) return new Float32Array(0);
        heardFrom = begin + skip;
      }
      const first = heardFrom;
      fade(samples, begin, (at) => (at - first + 1) / (fadeIn + 1));
      fade(samples, begin, (at) => (end - at) / (fadeOut + 1));
      return samples.slice(Math.max(0, first - begin));
    });
  }

  return {
    push(raw) {
      const block = joined([held, shape(raw)]);
      const kept = position >= end ? 0 : Math.min(lookAhead, block.length);
      const out = block.subarray(0, block.length - kept);
      const peak = truePeak(kernels, block);
      const allowed = peak > ceiling ? ceiling / peak : 1;
      const before = factor;
      factor =
        allowed < before ? allowed : Math.min(allowed, before + out.length / sampleRate / RELEASE);
      const ramp = allowed < before ? held.length : out.length;
      const limited = out.map((sample, i) => {
        const share = ramp === 0 ? 1 : Math.min(1, (i + 1) / ramp);
        return sample * (before + (factor - before) * share);
      });
      held = block.slice(block.length - kept);
      return limited;
    },
  };
}

/** Samples from `begin` on, times what the curve says where it is below 1. */
function fade(samples: Float32Array, begin: number, curve: (at: number) => number): void {
  const isFaded = (i: number) => curve(begin + i) < 1;
  if (!isFaded(0) && !isFaded(samples.length - 1)) return;
  for (let i = 0; i < samples.length; i++) {
    const factor = curve(begin + i);
    if (factor < 1) samples[i]! *= Math.max(0, factor);
  }
}
