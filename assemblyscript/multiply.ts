/**
 * Rows of activations times an int8 matrix: out[r, o] = Σᵢ x[r, i] · weights[o, i] · scales[o] (+ bias[o]).
 *
 *   halves   from splitHalves(): rows of `inputs` activations
 *   rows     i32 ≥ 0
 *   weights  i8[outputs, inputs]   −127 to 127; 7 bytes after the last one must be readable, whatever they hold
 *   scales   f32[outputs]
 *   bias     f32[outputs], or 0 for none
 *   inputs   i32 0 to 4096,  outputs i32 ≥ 1
 *   out      f32[rows, outputs]
 *
 *                 8 weights, widened to i16
 *   row 0  high ──┤  dot products of pairs, added up in i32: exact
 *          low  ──┤      Σ = 2¹³ · Σ high + Σ low, then times unit · scale in f32
 *   row 1  high ──┤  two rows and two outputs at a time, so that a loaded weight is used four times
 *          low  ──┘
 *
 * Every (row, output) is computed the same way wherever it lies, so rows do not depend on their neighbours.
 * Twin: test/reference/multiply.ts.
 */
import { halvesBytes, padded } from './halves';

export function multiply(
  halves: usize,
  rows: i32,
  weights: usize,
  scales: usize,
  bias: usize,
  inputs: i32,
  outputs: i32,
  out: usize,
): void {
  const stride = halvesBytes(inputs);
  const outStride = (<usize>outputs) << 2;
  for (let row = 0; row < rows; row += 2) {
    // A row without a neighbour is its own, an output too: what is stored twice is the same.
    const next = min(row + 1, rows - 1);
    const a = halves + <usize>row * stride;
    const b = halves + <usize>next * stride;
    const outA = out + <usize>row * outStride;
    const outB = out + <usize>next * outStride;
    for (let o = 0; o < outputs; o += 2) {
      twoByTwo(a, b, weights, scales, bias, inputs, o, min(o + 1, outputs - 1), outA, outB);
    }
  }
}

function twoByTwo(
  a: usize,
  b: usize,
  weights: usize,
  scales: usize,
  bias: usize,
  inputs: i32,
  o: i32,
  p: i32,
  outA: usize,
  outB: usize,
): void {
  const bytes = (<usize>padded(inputs)) << 1;
  let w = weights + <usize>o * <usize>inputs;
  let v = weights + <usize>p * <usize>inputs;
  let x = a + 16;
  let y = b + 16;
  const end = x + bytes;
  let wxHigh = i32x4.splat(0);
  let wxLow = wxHigh;
  let wyHigh = wxHigh;
  let wyLow = wxHigh;
  let vxHigh = wxHigh;
  let vxLow = wxHigh;
  let vyHigh = wxHigh;
  let vyLow = wxHigh;
  while (x < end) {
    const ws = v128.load_ext<i8>(w);
    const vs = v128.load_ext<i8>(v);
    const xHigh = v128.load(x);
    const xLow = v128.load(x + bytes);
    const yHigh = v128.load(y);
    const yLow = v128.load(y + bytes);
    wxHigh = i32x4.add(wxHigh, i32x4.dot_i16x8_s(ws, xHigh));
    vxHigh = i32x4.add(vxHigh, i32x4.dot_i16x8_s(vs, xHigh));
    wxLow = i32x4.add(wxLow, i32x4.dot_i16x8_s(ws, xLow));
    vxLow = i32x4.add(vxLow, i32x4.dot_i16x8_s(vs, xLow));
    wyHigh = i32x4.add(wyHigh, i32x4.dot_i16x8_s(ws, yHigh));
    vyHigh = i32x4.add(vyHigh, i32x4.dot_i16x8_s(vs, yHigh));
    wyLow = i32x4.add(wyLow, i32x4.dot_i16x8_s(ws, yLow));
    vyLow = i32x4.add(vyLow, i32x4.dot_i16x8_s(vs, yLow));
    w += 8;
    v += 8;
    x += 16;
    y += 16;
  }
  const units = f32x4(load<f32>(a), load<f32>(a), load<f32>(b), load<f32>(b));
  const at = (<usize>o) << 2;
  const next = (<usize>p) << 2;
  const scaleO = load<f32>(scales + at);
  const scaleP = load<f32>(scales + next);
  const factors = f32x4.mul(units, f32x4(scaleO, scaleP, scaleO, scaleP));
  const high = f32x4.convert_i32x4_s(sums(wxHigh, vxHigh, wyHigh, vyHigh));
  const low = f32x4.convert_i32x4_s(sums(wxLow, vxLow, wyLow, vyLow));
  let result = f32x4.mul(f32x4.add(f32x4.mul(high, f32x4.splat(8192)), low), factors);
  if (bias !== 0) {
    const biasO = load<f32>(bias + at);
    const biasP = load<f32>(bias + next);
    result = f32x4.add(result, f32x4(biasO, biasP, biasO, biasP));
  }
  v128.store32_lane(outA + at, result, 0);
  v128.store32_lane(outA + next, result, 1);
  v128.store32_lane(outB + at, result, 2);
  v128.store32_lane(outB + next, result, 3);
}

/** Σ of each vector's four lanes. */
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 2, 6), v128.shuffle<i32>(a, b, 1, 5, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 2, 6), v128.shuffle<i32>(c, d, 1, 5, 3, 7));
  const low = v128.shuffle<i32>(ab, cd, 0, 1, 4, 5);
  return i32x4.add(low, v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}
