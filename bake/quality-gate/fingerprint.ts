/**
 * What a take sounds like in 80 numbers, and how alike two takes are by them.
 *
 *   finished pcm │←── first sound
 *                ││ ││  ││   ││     ││        ││     10 looks of 20 ms, denser at the beginning: the attack says most
 *                8 bands of the log-mel picture each, with gaps between them
 *
 * Looks are short and narrow, so that two takes of rain differ in them as two moments of rain do, while a copy does not,
 * were it louder or later. Of 1,368 pairs of takes of one prompt (228 prompts, 4 seeds) half are below 0.60, 1 % above 0.92,
 * none above 0.95; two takes of white noise reach 0.96. A copy at another level and with another start is at 1, one whose
 * colour changed by 1 dB at 0.977 and more.
 */
import type { Hertz, Seconds } from '../../runtime/contract.ts';
import { BANDS, type LogMel, logMel, STFT_RATE } from './log-mel.ts';

/** After the first sound. */
const LOOKS: readonly Seconds[] = [0, 0.02, 0.05, 0.09, 0.15, 0.24, 0.38, 0.6, 0.95, 1.5];
/** STFT frames of a look. */
const WIDTH = 2;
/** Of every so many mel bands, these many are one band of the fingerprint. */
const [EVERY, FROM, COUNT] = [8, 2, 3] as const;
const PLACES = Array.from({ length: BANDS / EVERY }, (_, band) => band * EVERY + FROM);
/** Of the highest peak: where the first sound is. */
const FIRST = 0.1;
const PRE_ROLL: Seconds = 0.005;
/** All that the looks see. */
const LONGEST: Seconds = 1.6;

export const FINGERPRINT_LENGTH = LOOKS.length * PLACES.length;

/** @param pcm as finished. @returns f32 [80], zeros for silence */
export function fingerprintOf(pcm: Float32Array, sampleRate: Hertz): Float32Array {
  const picture = logMel(fromFirstSound(pcm, sampleRate), sampleRate);
  return Float32Array.from(LOOKS.flatMap((time) => bandsAt(picture, Math.round(time * STFT_RATE))));
}

/**
 * 1: the same, whatever the level; 0: nothing in common.
 * @throws RangeError for fingerprints of different lengths
 */
export function likeness(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) {
    throw new RangeError(
      `quality-gate: fingerprints must be of one length, got ${a.length} and ${b.length}. Bake again without the old records.`,
    );
  }
  const sum = norm(a) + norm(b);
  const difference = norm(a.map((value, i) => value - (b[i] ?? 0)));
  return sum === 0 ? 1 : Math.max(0, 1 - (2 * difference) / sum);
}

/** Silence where the sound begins before the pre-roll, so that what is heard is always at the same place. */
function fromFirstSound(pcm: Float32Array, sampleRate: Hertz): Float32Array {
  const peak = pcm.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  const first = pcm.findIndex((sample) => Math.abs(sample) >= FIRST * peak);
  const start = first - Math.round(PRE_ROLL * sampleRate);
  const end = Math.min(pcm.length, start + Math.round(LONGEST * sampleRate));
  const heard = new Float32Array(Math.max(0, end - start));
  heard.set(pcm.subarray(Math.max(0, start), end), Math.max(0, -start));
  return heard;
}

/** 0 where the sound is over. */
function bandsAt({ values, stftFrames }: LogMel, at: number): number[] {
  const until = Math.min(at + WIDTH, stftFrames);
  return PLACES.map((place) => {
    let sum = 0;
    for (let row = at; row < until; row++) {
      for (let i = place; i < place + COUNT; i++) sum += values[row * BANDS + i] ?? 0;
    }
    return sum / (WIDTH * COUNT);
  });
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
