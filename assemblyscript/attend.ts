/**
 * Attention of one query over many keys, head by head: out = softmax(q · K / √headDim) · V.
 *
 *   query   f32[heads, headDim]
 *   keys    f32[count][heads, headDim]   rows `stride` bytes apart
 *   values  likewise
 *   count   i32 ≥ 1
 *   heads   i32 ≥ 1,  headDim i32 ≥ 1    any; the last headDim % 4 run scalar
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

function score(
  query: usize,
  keys: usize,
  stride: i32,
  count: i32,
  headDim: i32,
  factor: f32,
  scores: usize,
): void {
  for (let j = 0; j < count; j++) {
    const key = keys + <usize>j * <usize>stride;
    store<f32>(scores + ((<usize>j) << 2), dot(query, key, headDim) * factor);
  }
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

/** out = factor · Σ weights[j] · values[j] */
function mix(
  weights: usize,
  values: usize,
  stride: i32,
  count: i32,
  headDim: i32,
  factor: f32,
  out: usize,
): void {
  let i = 0;
  for (; i <= headDim - 4; i += 4) {
    const at = (<usize>i) << 2;
    let sum = f32x4.splat(0);
    let value = values + at;
    for (let j = 0; j < count; j++) {
      const weight = v128.load32_splat(weights + ((<usize>j) << 2));
      sum = f32x4.add(sum, f32x4.mul(weight, v128.load(value)));
      value += stride;
    }
    v128.store(out + at, f32x4.mul(sum, f32x4.splat(factor)));
  }
  for (; i < headDim; i++) {
    const at = (<usize>i) << 2;
    let sum: f32 = 0;
    for (let j = 0; j < count; j++) {
      sum +=
        load<f32>(weights + ((<usize>j) << 2)) * load<f32>(values + at + <usize>j * <usize>stride);
    }
    store<f32>(out + at, sum * factor);
  }
}
