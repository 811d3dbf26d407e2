/**
 * Layer normalisation of each row: (x − mean) / √(variance + epsilon) · weight + bias.
 *
 *   x, out        f32[rows, width]   out may be x; beyond 1e18 the variance may overflow: then out is the bias
 *   rows          i32 ≥ 0
 *   width         i32 ≥ 1            any; the last width % 4 run scalar
 *   weight, bias  f32[width]
 *   epsilon       f32 > 0
 *
 * Source: Ba et al. 2016, arXiv:1607.06450. Twin: test/reference/transformer.ts.
 */
export function layerNorm(
  x: usize,
  rows: i32,
  width: i32,
  weight: usize,
  bias: usize,
  epsilon: f32,
  out: usize,
): void {
  const stride = (<usize>width) << 2;
  for (let row = 0; row < rows; row++) {
    const from = x + <usize>row * stride;
    const mean = sum(from, width) / <f32>width;
    const variance = squares(from, width, mean) / <f32>width;
    scaleRow(
      from,
      width,
      mean,
      1 / sqrt(variance + epsilon),
      weight,
      bias,
      out + <usize>row * stride,
    );
  }
}

function sum(x: usize, width: i32): f32 {
  let total = f32x4.splat(0);
  let i = 0;
  for (; i <= width - 4; i += 4) total = f32x4.add(total, v128.load(x + ((<usize>i) << 2)));
  let rest = addLanes(total);
  for (; i < width; i++) rest += load<f32>(x + ((<usize>i) << 2));
  return rest;
}

/** Σ (x − mean)² */
function squares(x: usize, width: i32, mean: f32): f32 {
  const means = f32x4.splat(mean);
  let total = f32x4.splat(0);
  let i = 0;
  for (; i <= width - 4; i += 4) {
    const d = f32x4.sub(v128.load(x + ((<usize>i) << 2)), means);
    total = f32x4.add(total, f32x4.mul(d, d));
  }
  let rest = addLanes(total);
  for (; i < width; i++) {
    const d = load<f32>(x + ((<usize>i) << 2)) - mean;
    rest += d * d;
  }
  return rest;
}

function scaleRow(
  x: usize,
  width: i32,
  mean: f32,
  factor: f32,
  weight: usize,
  bias: usize,
  out: usize,
): void {
  const means = f32x4.splat(mean);
  const factors = f32x4.splat(factor);
  let i = 0;
  for (; i <= width - 4; i += 4) {
    const at = (<usize>i) << 2;
    const unit = f32x4.mul(f32x4.sub(v128.load(x + at), means), factors);
    const scaled = f32x4.mul(unit, v128.load(weight + at));
    v128.store(out + at, f32x4.add(scaled, v128.load(bias + at)));
  }
  for (; i < width; i++) {
    const at = (<usize>i) << 2;
    const unit = (load<f32>(x + at) - mean) * factor;
    store<f32>(out + at, unit * load<f32>(weight + at) + load<f32>(bias + at));
  }
}

/** Sum of the four lanes. */
export function addLanes(x: v128): f32 {
  return (
    f32x4.extract_lane(x, 0) +
    f32x4.extract_lane(x, 1) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3))
  );
}
