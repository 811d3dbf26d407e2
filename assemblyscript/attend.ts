/**
 * Attention of one query over many keys, head by head: out = softmax(q · K / √headDim) · V.
 *
 *   query   f32[heads, headDim]
 *   keys    f32[count][heads, headDim]   rows `stride` bytes apart
 *   values  likewise
 *   count   i32 ≥ 1
 *   heads   i32 ≥ 1,  headDim i32 ≥ 1    any; the last headDim % 16 run scalar
 *   scores  f32[count rounded up to 4]   work space
 *   out     f32[heads, headDim]
 *
 *   Order of the keys does not matter but for rounding: positions are in them (rotate.ts).
 *
 * Source: Vaswani et al. 2017, arXiv:1706.03762. Twin: test/reference/transformer.ts.
 */
import { expOfMinus } from './exp';
import { addLanes } from './layer-norm';

export function attend(
  query: usize,
  keys: usize,
  values: usize,
  stride: i32,
  count: i32,
  heads: i32,
  headDim: i32,
  scores: usize,
  out: usize,
): void {
  const factor: f32 = 1 / sqrt(<f32>headDim);
  for (let head = 0; head < heads; head++) {
    const at = (<usize>(head * headDim)) << 2;
    score(query + at, keys + at, stride, count, headDim, factor, scores);
    const total = softmax(scores, count);
    mix(scores, values + at, stride, count, headDim, 1 / total, out + at);
  }
}

/** Four keys at a time. */
function score(
  query: usize,
  keys: usize,
  stride: i32,
  count: i32,
  headDim: i32,
  factor: f32,
  scores: usize,
): void {
  const factors = f32x4.splat(factor);
  const step = <usize>stride;
  let key = keys;
  let j = 0;
  for (; j <= count - 4; j += 4) {
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let i = 0;
    for (; i <= headDim - 4; i += 4) {
      const at = (<usize>i) << 2;
      const q = v128.load(query + at);
      a = f32x4.add(a, f32x4.mul(q, v128.load(key + at)));
      b = f32x4.add(b, f32x4.mul(q, v128.load(key + step + at)));
      c = f32x4.add(c, f32x4.mul(q, v128.load(key + 2 * step + at)));
      d = f32x4.add(d, f32x4.mul(q, v128.load(key + 3 * step + at)));
    }
    let sums = laneSums(a, b, c, d);
    for (; i < headDim; i++) {
      const at = key + ((<usize>i) << 2);
      const q = v128.load32_splat(query + ((<usize>i) << 2));
      let four = v128.load32_zero(at);
      four = v128.load32_lane(at + step, four, 1);
      four = v128.load32_lane(at + 2 * step, four, 2);
      four = v128.load32_lane(at + 3 * step, four, 3);
      sums = f32x4.add(sums, f32x4.mul(q, four));
    }
    v128.store(scores + ((<usize>j) << 2), f32x4.mul(sums, factors));
    key += 4 * step;
  }
  for (; j < count; j++) {
    store<f32>(scores + ((<usize>j) << 2), dot(query, key, headDim) * factor);
    key += step;
  }
}

/** Σ of each vector's lanes, in the order of addLanes(): a key counts the same wherever it lies. */
function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 2, 6), v128.shuffle<i32>(a, b, 1, 5, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 2, 6), v128.shuffle<i32>(c, d, 1, 5, 3, 7));
  return f32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
}

function dot(a: usize, b: usize, length: i32): f32 {
  let sum = f32x4.splat(0);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = (<usize>i) << 2;
    sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  }
  let total = addLanes(sum);
  for (; i < length; i++) {
    const at = (<usize>i) << 2;
    total += load<f32>(a + at) * load<f32>(b + at);
  }
  return total;
}

/** scores → exp(score − largest), zeros up to a multiple of 4. @returns their sum */
function softmax(scores: usize, count: i32): f32 {
  let largest: f32 = -Infinity;
  for (let j = 0; j < count; j++) largest = max(largest, load<f32>(scores + ((<usize>j) << 2)));
  for (let j = count; (j & 3) !== 0; j++) store<f32>(scores + ((<usize>j) << 2), -Infinity);
  const tops = f32x4.splat(largest);
  let sum = f32x4.splat(0);
  for (let j = 0; j < count; j += 4) {
    const at = scores + ((<usize>j) << 2);
    const weights = expOfMinus(f32x4.sub(tops, v128.load(at)));
    v128.store(at, weights);
    sum = f32x4.add(sum, weights);
  }
  return addLanes(sum);
}

/** out = factor · Σ weights[j] · values[j], 16 columns at a time. */
function mix(
  weights: usize,
  values: usize,
  stride: i32,
  count: i32,
  headDim: i32,
  factor: f32,
  out: usize,
): void {
  const factors = f32x4.splat(factor);
  const end = weights + ((<usize>count) << 2);
  let i = 0;
  for (; i <= headDim - 16; i += 16) {
    const at = (<usize>i) << 2;
    let a = f32x4.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let value = values + at;
    for (let weight = weights; weight < end; weight += 4) {
      const w = v128.load32_splat(weight);
      a = f32x4.add(a, f32x4.mul(w, v128.load(value)));
      b = f32x4.add(b, f32x4.mul(w, v128.load(value, 16)));
      c = f32x4.add(c, f32x4.mul(w, v128.load(value, 32)));
      d = f32x4.add(d, f32x4.mul(w, v128.load(value, 48)));
      value += stride;
    }
    v128.store(out + at, f32x4.mul(a, factors));
    v128.store(out + at, f32x4.mul(b, factors), 16);
    v128.store(out + at, f32x4.mul(c, factors), 32);
    v128.store(out + at, f32x4.mul(d, factors), 48);
  }
  for (; i < headDim; i++) {
    const at = (<usize>i) << 2;
    let sum: f32 = 0;
    let value = values + at;
    for (let weight = weights; weight < end; weight += 4) {
      sum += load<f32>(weight) * load<f32>(value);
      value += stride;
    }
    store<f32>(out + at, sum * factor);
  }
}
