/**
 * Rotary positions: in every head, first and second half turn together by position · frequency.
 *
 *   first  ← first · cos − second · sin
 *   second ← first · sin + second · cos
 *
 *   x            f32[heads, headDim]  in place
 *   heads        i32 ≥ 0
 *   headDim      i32 even, any
 *   frequencies  f32[headDim / 2]     radians a step
 *   position     i32 ≥ 0
 *
 * The angle is rounded to f32, as in training; its sine is exact to that. Source: Su et al. 2021, arXiv:2104.09864.
 * Twins: test/reference/transformer.ts, training/language_model.py.
 */
import { sine } from './sine';

export function rotate(
  x: usize,
  heads: i32,
  headDim: i32,
  frequencies: usize,
  position: i32,
): void {
  const half = headDim >> 1;
  const stride = (<usize>headDim) << 2;
  for (let i = 0; i < half; i++) {
    const at = (<usize>i) << 2;
    const turns = <f64>(<f32>position * load<f32>(frequencies + at)) / (2 * Math.PI);
    const cosine = <f32>sine(turns + 0.25);
    const sinus = <f32>sine(turns);
    for (let head = 0; head < heads; head++) {
      const first = x + <usize>head * stride + at;
      const second = first + ((<usize>half) << 2);
      const a = load<f32>(first);
      const b = load<f32>(second);
      store<f32>(first, a * cosine - b * sinus);
      store<f32>(second, a * sinus + b * cosine);
    }
  }
}
