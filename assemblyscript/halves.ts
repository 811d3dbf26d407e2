/**
 * Rows of activations as whole numbers, each in parts that products with int8 can carry without loss.
 *
 *   x[i] = n[i] · unit,   unit a power of two, |n| ≤ 2²⁵
 *
 *   x       f32[rows][length]   rows begin `step` bytes apart, so they may overlap
 *   rows    i32 ≥ 0
 *   length  i32 0 to 4096
 *   halves  rows × halvesBytes(length), aligned to 16: per row, m = length rounded up to 16
 *
 *           │ unit f32, 12 bytes │ high i16[m] │ low i16[m] │      n = 2¹³ · high + low, |high|, |low| ≤ 2¹²
 *
 *           in the build with relaxed SIMD, for every 16 values:
 *           │ n + 2²⁶ in 4 digits of 7 bits, the lowest first, u8[16] each │      its dot product takes 7 bits
 *
 * What lies past `length` is zeros. `unit` is chosen by the row's largest magnitude, so that magnitude takes 25 bits and
 * the split is exact for it: what is lost is below 2⁻²⁵ of the largest, as in f32 arithmetic. The sums that multiply.ts
 * makes of the parts stay below 2³¹ and are exact, so both builds, every machine and every order of summation give the
 * same bits. A row with NaN or Infinity gets a NaN unit. Twin: test/reference/halves.ts.
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

/** @returns length rounded up to 16 */
export function padded(length: i32): i32 {
  return (length + 15) & ~15;
}

const BITS = 25;
const HALF = 13;
/** Added to n, so that its digits are not negative. */
export const OFFSET = 1 << 26;

function splitRow(x: usize, length: i32, row: usize): void {
  const exponent = exponentOf(largest(x, length));
  store<f32>(row, exponent === 255 ? NaN : powerOfTwo(exponent - 126 - BITS));
  const inverse: f32 = exponent === 255 ? 0 : powerOfTwo(126 + BITS - exponent);
  const parts = row + 16;
  const half = (<usize>padded(length)) << 1;
  for (let i = 0; i < length; i += 16) {
    const from = x + ((<usize>i) << 2);
    const left = length - i;
    const a = wholeNumbers(loadUpTo4(from, left), inverse);
    const b = wholeNumbers(loadUpTo4(from + 16, left - 4), inverse);
    const c = wholeNumbers(loadUpTo4(from + 32, left - 8), inverse);
    const d = wholeNumbers(loadUpTo4(from + 48, left - 12), inverse);
    if (ASC_FEATURE_RELAXED_SIMD) {
      storeDigits(a, b, c, d, min(left, 16), parts + ((<usize>i) << 2));
    } else {
      storeEight(a, b, parts + ((<usize>i) << 1), half);
      storeEight(c, d, parts + ((<usize>i) << 1) + 16, half);
    }
  }
}

/** High halves, and `half` bytes further on low halves. */
function storeEight(a: v128, b: v128, at: usize, half: usize): void {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = i32x4.sub(a, i32x4.shl(aHigh, HALF));
  const bLow = i32x4.sub(b, i32x4.shl(bHigh, HALF));
  v128.store(at, i16x8.narrow_i32x4_s(aHigh, bHigh));
  v128.store(at + half, i16x8.narrow_i32x4_s(aLow, bLow));
}

/** To the nearest, so that the rest fits ±2¹². */
function upperHalf(n: v128): v128 {
  return i32x4.shr_s(i32x4.add(n, i32x4.splat(1 << (HALF - 1))), HALF);
}

/** Four digits of 16 numbers; zeros from `count` on. */
function storeDigits(a: v128, b: v128, c: v128, d: v128, count: i32, at: usize): void {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const isThere = i8x16.lt_s(places, i8x16.splat(<i8>count));
  for (let digit = 0; digit < 4; digit++) {
    const low = i16x8.narrow_i32x4_u(digitOf(a, 7 * digit), digitOf(b, 7 * digit));
    const high = i16x8.narrow_i32x4_u(digitOf(c, 7 * digit), digitOf(d, 7 * digit));
    v128.store(at + ((<usize>digit) << 4), v128.and(i8x16.narrow_i16x8_u(low, high), isThere));
  }
}

function digitOf(n: v128, shift: i32): v128 {
  return v128.and(i32x4.shr_u(i32x4.add(n, i32x4.splat(OFFSET)), shift), i32x4.splat(127));
}

function wholeNumbers(x: v128, inverse: f32): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(x, f32x4.splat(inverse))));
}

/** Up to 4 values, zeros after them. */
function loadUpTo4(x: usize, count: i32): v128 {
  if (count >= 4) return v128.load(x);
  let some = f32x4.splat(0);
  if (count > 0) some = v128.load32_lane(x, some, 0);
  if (count > 1) some = v128.load32_lane(x + 4, some, 1);
  if (count > 2) some = v128.load32_lane(x + 8, some, 2);
  return some;
}

/** Largest magnitude; NaN if there is one. */
function largest(x: usize, length: i32): f32 {
  let found = f32x4.splat(0);
  for (let i = 0; i < length; i += 4) {
    found = f32x4.max(found, f32x4.abs(loadUpTo4(x + ((<usize>i) << 2), length - i)));
  }
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
