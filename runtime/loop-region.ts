/**
 * Which part of a clip a loop is made of. A model may say that a sound is over before the clip is: what is silent then
 * would be a hole in every round.
 *
 *   ▓▓▓▓▓▓▓▓▓▓▓····      rain        the part that sounds
 *   ▓▓▓▓·····▓▓▓▓▓▓      rain        the longer part: one hole in a steady sound is a flaw
 *   ▌··▌··▌··▌·······    a clock     several are a pattern: what is silent at its ends is no longer than inside
 *   ▙▖···············    a bark      all of it: what fades away by itself has its pause by nature
 */
import type { Hertz } from './contract.ts';

/** Samples: from here to before there. */
export interface Region {
  start: number;
  end: number;
}

/** Decibels below the loudest block that count as silence. */
const SILENCE = -50;
/** Seconds. */
const BLOCK = 0.01;
/** Seconds; a pause shorter than this is none. */
const SHORTEST_PAUSE = 0.1;
/** Steady: its quietest fifth of a second is within 12 dB of its loudest. */
const STEADY_BLOCKS = 20;
const STEADY_RANGE = 12;
/** Seconds; shorter is an event, even if it is steady. */
const SHORTEST_STEADY = 0.5;
/** Seconds; shorter, and less than half of all, is an event if it is not steady. */
const LONGEST_EVENT = 1.5;

export function loopRegion(pcm: Float32Array, sampleRate: Hertz): Region {
  const block = Math.max(1, Math.round(BLOCK * sampleRate));
  const energies = energiesOf(pcm, block);
  const runs = runsOf(energies);
  const all = { start: 0, end: energies.length };
  const { start, end } = chooseRegion(energies, runs, all);
  return { start: start * block, end: end === all.end ? pcm.length : end * block };
}

/** In blocks. */
function chooseRegion(energies: Float32Array, runs: Region[], all: Region): Region {
  const [first, last] = [runs[0], runs.at(-1)];
  if (first === undefined || last === undefined) return all;
  const longest = runs.reduce((a, b) => (lengthOf(b) > lengthOf(a) ? b : a));
  if (runs.length <= 2 && isSteady(energies, longest)) return longest;
  if (runs.length === 1) return isEvent(longest, all) ? all : longest;
  const pause = longestPause(runs);
  return {
    start: Math.max(0, first.start - pause),
    end: Math.min(all.end, last.end + pause),
  };
}

/** Where it sounds. */
function runsOf(energies: Float32Array): Region[] {
  const threshold = energies.reduce((a, b) => Math.max(a, b), 0) * 10 ** (SILENCE / 10);
  const runs: Region[] = [];
  energies.forEach((energy, at) => {
    if (energy === 0 || energy < threshold) return;
    const run = runs.at(-1);
    if (run !== undefined && (at - run.end) * BLOCK < SHORTEST_PAUSE) run.end = at + 1;
    else runs.push({ start: at, end: at + 1 });
  });
  return runs;
}

function isSteady(energies: Float32Array, { start, end }: Region): boolean {
  if ((end - start) * BLOCK < SHORTEST_STEADY) return false;
  let [quietest, loudest] = [Number.POSITIVE_INFINITY, 0];
  for (let at = start; at + STEADY_BLOCKS <= end; at += STEADY_BLOCKS) {
    const energy = energies.subarray(at, at + STEADY_BLOCKS).reduce((a, b) => a + b, 0);
    quietest = Math.min(quietest, energy);
    loudest = Math.max(loudest, energy);
  }
  return loudest <= quietest * 10 ** (STEADY_RANGE / 10);
}

function isEvent(run: Region, all: Region): boolean {
  return lengthOf(run) * BLOCK < LONGEST_EVENT && lengthOf(run) <= lengthOf(all) / 2;
}

function longestPause(runs: Region[]): number {
  return runs.reduce((longest, run, i) => {
    const before = runs[i - 1];
    return before === undefined ? longest : Math.max(longest, run.start - before.end);
  }, 0);
}

function lengthOf({ start, end }: Region): number {
  return end - start;
}

function energiesOf(pcm: Float32Array, block: number): Float32Array {
  return Float32Array.from({ length: Math.floor(pcm.length / block) }, (_, b) => {
    let energy = 0;
    for (let i = b * block; i < (b + 1) * block; i++) energy += (pcm[i] ?? 0) ** 2;
    return energy;
  });
}
