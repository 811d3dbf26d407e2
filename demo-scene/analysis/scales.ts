/**
 * Where a frequency, a time and a level are drawn. Both axes of every picture come from here, so that what the labels
 * say and what the pixels show cannot part.
 */
import type { Hertz, Seconds } from '../../runtime/contract.ts';

/** Lowest frequency shown. */
export const MIN_FREQUENCY: Hertz = 60;

/** Row of a frequency on a logarithmic axis: 0 at the top (`max`), `height` at the bottom (MIN_FREQUENCY). */
export function rowOfFrequency(frequency: Hertz, max: Hertz, height: number): number {
  const position = Math.log(frequency / MIN_FREQUENCY) / Math.log(max / MIN_FREQUENCY);
  return (1 - position) * height;
}

/** Inverse of `rowOfFrequency`. */
export function frequencyOfRow(row: number, max: Hertz, height: number): Hertz {
  return MIN_FREQUENCY * (max / MIN_FREQUENCY) ** (1 - row / height);
}

/** Round frequencies from 100 Hz up to `max`, with the words to write beside them. */
export function frequencyTicks(max: Hertz): { frequency: Hertz; label: string }[] {
  const all = [100, 200, 500, 1000, 2000, 5000, 10000, 20000];
  return all
    .filter((frequency) => frequency <= max)
    .map((frequency) => ({
      frequency,
      label: frequency < 1000 ? `${frequency} Hz` : `${frequency / 1000} kHz`,
    }));
}

/** Round times from 0 to `duration`: at most `most` + 1 of them. */
export function timeTicks(duration: Seconds, most = 6): { time: Seconds; label: string }[] {
  const steps = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
  const step = steps.find((candidate) => duration / candidate <= most) ?? 10;
  const count = Math.floor(duration / step + 1e-6);
  const digits = step < 0.1 ? 2 : step < 1 ? 1 : 0;
  return Array.from({ length: count + 1 }, (_, i) => ({
    time: i * step,
    label: `${(i * step).toFixed(digits)} s`,
  }));
}
