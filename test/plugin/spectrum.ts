/** How much of a frequency is in a recording, and how fast it fades: slow and obvious. */
import { SAMPLE_RATE } from './offline.ts';

/** Linear amplitude of one frequency (Goertzel). */
export function amplitudeOf(pcm: Float32Array, hertz: number): number {
  const turn = (2 * Math.PI * hertz) / SAMPLE_RATE;
  let re = 0;
  let im = 0;
  pcm.forEach((value, i) => {
    re += value * Math.cos(turn * i);
    im += value * Math.sin(turn * i);
  });
  return (2 * Math.hypot(re, im)) / pcm.length;
}

/**
 * Seconds until −60 dB, from the backward integral of the energy (Schroeder 1965), fitted from −5 to −25 dB.
 * @param pcm begins with the impulse
 */
export function reverbTime(pcm: Float32Array): number {
  const left = new Float64Array(pcm.length);
  let energy = 0;
  for (let i = pcm.length - 1; i >= 0; i--) {
    energy += (pcm[i] ?? 0) ** 2;
    left[i] = energy;
  }
  const timeOf = (decibels: number) =>
    left.findIndex((value) => 10 * Math.log10(value / energy) <= decibels) / SAMPLE_RATE;
  return 3 * (timeOf(-25) - timeOf(-5));
}

/** One-pole low-pass, as in a reference. */
export function lowPassed(pcm: Float32Array, hertz: number): Float32Array {
  const smooth = 1 - Math.exp((-2 * Math.PI * hertz) / SAMPLE_RATE);
  let state = 0;
  return pcm.map((value) => {
    state += smooth * (value - state);
    return state;
  });
}

/** Hertz, by counting where it goes up through zero. */
export function pitchOf(pcm: Float32Array, from: number, to: number): number {
  const part = pcm.subarray(from * SAMPLE_RATE, to * SAMPLE_RATE);
  const ups: number[] = [];
  for (let i = 1; i < part.length; i++) {
    const [a, b] = [part[i - 1] ?? 0, part[i] ?? 0];
    if (a < 0 && b >= 0) ups.push(i - b / (b - a));
  }
  return ((ups.length - 1) * SAMPLE_RATE) / ((ups.at(-1) ?? 0) - (ups[0] ?? 0));
}
