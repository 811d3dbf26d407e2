/** Twin of assemblyscript/multiply.ts: whole-number sums in f64, which holds them exactly; then f32 as the kernel has it. */
import type { Halves } from './halves.ts';

export interface Matrix {
  /** i8 [outputs, inputs] */
  weights: Int8Array;
  /** f32 [outputs] */
  scales: Float32Array;
  /** f32 [outputs] */
  bias?: Float32Array;
  inputs: number;
}

const f = Math.fround;

/** @returns f32 [rows, outputs] */
export function multiply(rows: Halves[], { weights, scales, bias, inputs }: Matrix): Float32Array {
  const outputs = rows.map(({ unit, high, low }) =>
    Array.from(scales, (scale, o) => {
      const row = weights.subarray(o * inputs, (o + 1) * inputs);
      const sum = 8192 * dot(row, high) + dot(row, low);
      return f(f(sum) * f(unit * scale)) + (bias?.[o] ?? 0);
    }),
  );
  return Float32Array.from(outputs.flat());
}

function dot(a: Int8Array, b: number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}
