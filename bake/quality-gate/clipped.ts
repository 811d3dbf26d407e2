/**
 * Clipped: the waveform's tops are cut flat at full scale.
 *
 *        ┌────┐            three and more neighbours at ±1 that do not differ: no wave of a sound does that,
 *   ───╱      ╲      ╱     a bass at full scale is round at its top
 *               ╲──╱
 *
 * A codec that ends in a synthesis of floats may go beyond ±1, which is no fault: finishing brings it down. One that
 * limits its output, or a recording that was clipped before, leaves flat tops, and no finishing takes them away.
 */

/** From here on it is full scale. */
const FULL_SCALE = 0.99;
/** Neighbours that differ by less than a step of 16-bit audio. */
const STEP = 2 ** -15;
/** Neighbours that make a flat top. */
const SHORTEST_TOP = 3;
/** So many samples in flat tops can be heard: one top of a third of a millisecond, or a few short ones. */
const AUDIBLE = 10;

/** @param pcm as decoded, before finishing */
export function isClipped(pcm: Float32Array): boolean {
  return flatSamples(pcm) >= AUDIBLE;
}

/** Samples that lie in flat tops. */
export function flatSamples(pcm: Float32Array): number {
  let [flat, top] = [0, 0];
  for (let i = 0; i < pcm.length; i++) {
    top = isFlat(pcm[i - 1] ?? 0, pcm[i] ?? 0) ? top + 1 : 1;
    if (top === SHORTEST_TOP) flat += SHORTEST_TOP;
    if (top > SHORTEST_TOP) flat += 1;
  }
  return flat;
}

function isFlat(before: number, sample: number): boolean {
  return Math.abs(sample) >= FULL_SCALE && Math.abs(sample - before) < STEP;
}
