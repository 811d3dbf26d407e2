/** Twins of assemblyscript/rows.ts, f32 as the kernels have it. */
const f = Math.fround;

export function addRows(sum: Float32Array, values: Float32Array): Float32Array {
  return sum.map((x, i) => x + values[i]!);
}

export interface Table {
  /** i8 [rows, width] */
  values: Int8Array;
  /** f32 [rows] */
  scales: Float32Array;
}

export function addLookUp(sum: Float32Array, { values, scales }: Table, row: number): Float32Array {
  return sum.map((x, i) => x + f(values[row * sum.length + i]! * scales[row]!));
}

/** Rows as wide as `scale` is long. */
export function addScaledRows(
  sum: Float32Array,
  values: Float32Array,
  scale: Float32Array,
): Float32Array {
  return sum.map((x, i) => x + f(values[i]! * scale[i % scale.length]!));
}
