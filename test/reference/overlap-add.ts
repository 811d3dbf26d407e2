/** Twins of assemblyscript/overlap-add.ts. */
const f = Math.fround;

export function overlapAdd(
  stftFrame: Float32Array,
  window: Float32Array,
  sum: Float32Array,
): Float32Array {
  return sum.map((value, i) => value + f(stftFrame[i]! * window[i]!));
}

export function divideByEnvelope(
  sum: Float32Array,
  envelope: Float32Array,
  floor: number,
): Float32Array {
  return sum.map((value, i) => value / Math.max(envelope[i]!, f(floor)));
}
