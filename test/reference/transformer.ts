/** Twins of gelu.ts, layer-norm.ts, attend.ts and rotate.ts in assemblyscript/: the formulas as they are written, in f64. */

/** f64 or f32: what a formula reads. */
export type Row = ArrayLike<number>;

export function gelu(x: number): number {
  return x * 0.5 * (1 + erf(x / Math.SQRT2));
}

/** 2/√π · exp(−t²) · Σ 2ⁿ t²ⁿ⁺¹ / (1·3·5 … (2n + 1)): all terms of one sign, so nothing cancels. */
function erf(t: number): number {
  if (Math.abs(t) > 6) return Math.sign(t);
  let term = t;
  let sum = t;
  for (let n = 1; n < 200; n++) {
    term *= (2 * t * t) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t) * sum;
}

export interface Norm {
  weight: Row;
  bias: Row;
  epsilon: number;
}

export function layerNorm(x: Row, { weight, bias, epsilon }: Norm): Float64Array {
  const values = Float64Array.from(x);
  const mean = total(values) / values.length;
  const variance = total(values.map((v) => (v - mean) ** 2)) / values.length;
  const scale = 1 / Math.sqrt(variance + epsilon);
  return values.map((v, i) => (v - mean) * scale * weight[i]! + bias[i]!);
}

/** One query [heads · headDim] over rows of keys and of values. */
export function attend(query: Row, keys: Row[], values: Row[], heads: number): Float64Array {
  const headDim = query.length / heads;
  const out = new Float64Array(query.length);
  for (let begin = 0; begin < query.length; begin += headDim) {
    const weights = softmax(keys.map((key) => dot(query, key, begin, headDim) / headDim ** 0.5));
    for (const [j, value] of values.entries()) {
      for (let i = begin; i < begin + headDim; i++) out[i]! += weights[j]! * value[i]!;
    }
  }
  return out;
}

function dot(a: Row, b: Row, begin: number, length: number): number {
  let sum = 0;
  for (let i = begin; i < begin + length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function softmax(scores: number[]): number[] {
  const largest = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - largest));
  const sum = total(weights);
  return weights.map((weight) => weight / sum);
}

/** In every head, first and second half turn together; the angle is rounded to f32. */
export function rotate(x: Row, frequencies: Row, position: number): Float64Array {
  const half = frequencies.length;
  return Float64Array.from(x, (value, at) => {
    const i = at % half;
    const angle = Math.fround(position * frequencies[i]!);
    const isFirst = at % (2 * half) < half;
    const other = x[isFirst ? at + half : at - half]!;
    return value * Math.cos(angle) + other * Math.sin(angle) * (isFirst ? -1 : 1);
  });
}

export function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
