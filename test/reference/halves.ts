/** Twin of assemblyscript/halves.ts: the whole numbers in f64, which holds them exactly. */
import { roundHalfEven } from './rounding.ts';

/** One row: x[i] = (2¹³ · high[i] + low[i]) · unit. */
export interface Halves {
  unit: number;
  high: number[];
  low: number[];
}

export function splitHalves(row: Float32Array): Halves {
  const unit = unitOf(row);
  const whole = Array.from(row, (x) => (Number.isNaN(unit) ? 0 : roundHalfEven(x / unit)));
  const high = whole.map((n) => Math.floor(n / 8192 + 0.5));
  return { unit, high, low: whole.map((n, i) => n - 8192 * high[i]!) };
}

/** The largest magnitude takes 25 bits; below 2⁻¹⁰² as many as there are above 2⁻¹²⁶. */
function unitOf(row: Float32Array): number {
  const largest = row.reduce((found, x) => Math.max(found, Math.abs(x)), 0);
  if (!Number.isFinite(largest)) return Number.NaN;
  return 2 ** (Math.max(Math.floor(Math.log2(largest)), -102) - 24);
}

/** Rows of one length as they lie in memory. */
export function packHalves(rows: Halves[]): Uint32Array {
  const padded = Math.ceil((rows[0]?.high.length ?? 0) / 16) * 16;
  const words = new Uint32Array(rows.length * (4 + padded));
  rows.forEach(({ unit, high, low }, r) => {
    const begin = 4 * r * (4 + padded);
    new Float32Array(words.buffer, begin, 1)[0] = unit;
    new Int16Array(words.buffer, begin + 16, padded).set(high);
    new Int16Array(words.buffer, begin + 16 + 2 * padded, padded).set(low);
  });
  return words;
}
