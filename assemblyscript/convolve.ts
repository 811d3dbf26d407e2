/**
 * Depthwise convolution over time: out[t, c] = bias[c] + Σⱼ x[t + j, c] · weights[j, c].
 *
 *   x             f32[rows + kernel − 1, width]
 *   rows          i32 ≥ 0
 *   width         i32 ≥ 0            any; the last width % 4 run scalar
 *   weights       f32[kernel, width]
 *   bias          f32[width]
 *   kernel        i32 ≥ 1
 *   out           f32[rows, width]
 *
 * Twin: test/reference/convolve.ts.
 */
export function convolveDepthwise(
  x: usize,
  rows: i32,
  width: i32,
  weights: usize,
  bias: usize,
  kernel: i32,
  out: usize,
): void {
  const bytes = (<usize>width) << 2;
  for (let t = 0; t < rows; t++) {
    const from = x + <usize>t * bytes;
    const to = out + <usize>t * bytes;
    let c = 0;
    for (; c <= width - 4; c += 4) {
      const at = (<usize>c) << 2;
      let sum = v128.load(bias + at);
      for (let j = 0; j < kernel; j++) {
        const row = <usize>j * bytes + at;
        sum = f32x4.add(sum, f32x4.mul(v128.load(from + row), v128.load(weights + row)));
      }
      v128.store(to + at, sum);
    }
    for (; c < width; c++) {
      const at = (<usize>c) << 2;
      let sum = load<f32>(bias + at);
      for (let j = 0; j < kernel; j++) {
        const row = <usize>j * bytes + at;
        sum += load<f32>(from + row) * load<f32>(weights + row);
      }
      store<f32>(to + at, sum);
    }
  }
}
