/**
 * Rows of activations as whole numbers, each in two halves that int16 products can carry without loss.
 *
 *   x[i] = (2¹³ · high[i] + low[i]) · unit,   |high| ≤ 2¹², |low| ≤ 2¹²
 *
 *   x       f32[rows][length]   rows begin `step` bytes apart, so they may overlap
 *   rows    i32 ≥ 0
 *   length  i32 0 to 4096
 *   halves  rows × halvesBytes(length), aligned to 16: per row
 *
 *           │ unit f32, 12 bytes │ high i16[n] │ low i16[n] │   n = length rounded up to 8, the rest zeros
 *
 * `unit` is a power of two chosen by the row's largest magnitude, so that magnitude takes 25 bits and the split is
 * exact for it: what is lost is below 2⁻²⁵ of the largest, as in f32 arithmetic. Sums of int8 · int16 products stay
 * below 2³¹ and are exact, so every machine and every order of summation gives the same bits (multiply.ts).
 * A row with NaN or Infinity gets a NaN unit and zeros. The unit is at least 2⁻¹²⁶, so in a row that stays below 2⁻¹⁰²
 * what is lost is below 2⁻¹²⁷. Twin: test/reference/halves.ts.
 */
export function splitHalves(x: usize, step: i32, rows: i32, length: i32, halves: usize): void {
  const stride = halvesBytes(length);
  for (let row = 0; row < rows; row++) {
    splitRow(x + <usize>row * <usize>step, length, halves + <usize>row * stride);
  }
}

/** Room of one row. */
export function halvesBytes(length: i32): usize {
  return 16 + ((<usize>padded(length)) << 2);
}

/** @returns length rounded up to 8 */
export function padded(length: i32): i32 {
  return (length + 7) & ~7;
}

const BITS = 25;
const HALF = 13;

function splitRow(x: usize, length: i32, row: usize): void {
  const exponent = exponentOf(largest(x, length));
  store<f32>(row, exponent === 255 ? NaN : powerOfTwo(exponent - 126 - BITS));
  const inverse: f32 = exponent === 255 ? 0 : powerOfTwo(126 + BITS - exponent);
  const high = row + 16;
  const low = high + ((<usize>padded(length)) << 1);
  let i = 0;
  for (; i <= length - 8; i += 8) {
    const at = (<usize>i) << 2;
    splitEight(
      v128.load(x + at),
      v128.load(x + at, 16),
      inverse,
      high + (at >> 1),
      low + (at >> 1),
    );
  }
  if (i < length) {
    const rest = (<usize>i) << 2;
    const a = loadSome(x + rest, length - i);
    const b = loadSome(x + rest + 16, length - i - 4);
    splitEight(a, b, inverse, high + (rest >> 1), low + (rest >> 1));
  }
}

function splitEight(a: v128, b: v128, inverse: f32, high: usize, low: usize): void {
  const n = wholeNumbers(a, inverse);
  const m = wholeNumbers(b, inverse);
  const nHigh = upperHalf(n);
  const mHigh = upperHalf(m);
  v128.store(high, i16x8.narrow_i32x4_s(nHigh, mHigh));
  const nLow = i32x4.sub(n, i32x4.shl(nHigh, HALF));
  const mLow = i32x4.sub(m, i32x4.shl(mHigh, HALF));
  v128.store(low, i16x8.narrow_i32x4_s(nLow, mLow));
}

function wholeNumbers(x: v128, inverse: f32): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, f32x4.splat(inverse))));
}

/** To the nearest, so that the rest fits ±2¹². */
function upperHalf(n: v128): v128 {
  return i32x4.shr_s(i32x4.add(n, i32x4.splat(1 << (HALF - 1))), HALF);
}

/** Up to 4 values, zeros after them. */
function loadSome(x: usize, count: i32): v128 {
  let some = f32x4.splat(0);
  if (count > 0) some = v128.load32_lane(x, some, 0);
  if (count > 1) some = v128.load32_lane(x + 4, some, 1);
  if (count > 2) some = v128.load32_lane(x + 8, some, 2);
  if (count > 3) some = v128.load32_lane(x + 12, some, 3);
  return some;
}

/** Largest magnitude; NaN if there is one. */
function largest(x: usize, length: i32): f32 {
  let found = f32x4.splat(0);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    found = f32x4.max(found, f32x4.abs(v128.load(x + ((<usize>i) << 2))));
  }
  found = f32x4.max(found, f32x4.abs(loadSome(x + ((<usize>i) << 2), length - i)));
  const half = f32x4.max(found, v128.shuffle<i32>(found, found, 2, 3, 0, 1));
  return max(f32x4.extract_lane(half, 0), f32x4.extract_lane(half, 1));
}

/** Biased exponent, 255 for NaN and Infinity; at least 25, so that the unit and its inverse are normal numbers. */
function exponentOf(magnitude: f32): i32 {
  return max((reinterpret<i32>(magnitude) >> 23) & 255, 25);
}

/** 2ⁿ for −126 ≤ n ≤ 127 */
function powerOfTwo(n: i32): f32 {
  return reinterpret<f32>((n + 127) << 23);
}
