/**
 * Cut off: a one-shot stops in the middle of something that happens. Levels of 30 ms, the loudest is 0 dB:
 *
 *   begun late   ▂▁▁▁▂▁▁▁▂▁▁▆│   something set in within the last half second and is not over: a step, a bark, a second crash
 *   still falls  █▇▆▆▅▅▄▄▃▃▂▂│   struck at the beginning, it has fallen ever since and is not gone: a bell too long for its time
 *   fine         █▅▃▂▁▁      │   gone
 *   fine         ▆▇▆▆▇▆▇▆▅▆▇▆│   lasts: rain, a growl, a wave. It stops because it was asked to, and so would another seed
 */
import type { Decibels, Hertz } from '../../runtime/contract.ts';
import { LEVEL_RATE, levels } from './levels.ts';

/** 30 ms. */
const GRAINS = 3;
/** What is this much quieter than the loudest moment counts as gone. */
const GONE: Decibels = -15;
/** Levels before the end in which something may have set in, and how fast. */
const RECENT = 0.5 * LEVEL_RATE;
const ONSET = 0.1 * LEVEL_RATE;
const RISE: Decibels = 10;
/** What is struck is loudest within so many levels. */
const STRUCK = 0.2 * LEVEL_RATE;
/** A fall that is still this loud at the end, and that is at least so deep by then and so steady. */
const STILL_LOUD: Decibels = -12;
const FALL: Decibels = 6;
const UNSTEADY: Decibels = 3;
/** Levels that a fall takes at least. */
const SHORTEST_FALL = 0.1 * LEVEL_RATE;

/** @param pcm as decoded, of a one-shot: it ends where the duration that was asked for ends */
export function isCutOff(pcm: Float32Array, sampleRate: Hertz): boolean {
  const course = levels(pcm, sampleRate, GRAINS);
  const loudest = course.indexOf(Math.max(...course));
  const end = (course.at(-1) ?? 0) - (course[loudest] ?? 0);
  return (
    (end > GONE && hasSetIn(course.subarray(-RECENT))) ||
    (end > STILL_LOUD && loudest <= STRUCK && fallsSteadily(course.subarray(loudest)))
  );
}

/** It rises at once, and at the end it is not back where it was. */
function hasSetIn(recent: Float32Array): boolean {
  const end = recent.at(-1) ?? 0;
  return recent.some(
    (level, i) => end - level > RISE && Math.max(...recent.subarray(i, i + ONSET)) - level > RISE,
  );
}

/** A straight line goes down through the levels, and they keep to it. */
function fallsSteadily(course: Float32Array): boolean {
  if (course.length < SHORTEST_FALL) return false;
  const { slope, deviation } = lineThrough(course);
  return -slope * (course.length - 1) > FALL && deviation < UNSTEADY;
}

/** Least squares. @returns dB a level, and the root mean square of what is beside the line */
function lineThrough(values: Float32Array): { slope: number; deviation: number } {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const products = values.reduce((sum, value, i) => sum + (i - middle) * (value - mean), 0);
  const squares = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = products / squares;
  const beside = values.reduce(
    (sum, value, i) => sum + (value - mean - slope * (i - middle)) ** 2,
    0,
  );
  return { slope, deviation: Math.sqrt(beside / values.length) };
}
