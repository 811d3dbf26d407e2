import type { Decibels } from './contract.ts';

/** @returns linear: 0 dB is 1 */
export function fromDb(db: Decibels): number {
  return 10 ** (db / 20);
}

export function toDb(linear: number): Decibels {
  return 20 * Math.log10(linear);
}
