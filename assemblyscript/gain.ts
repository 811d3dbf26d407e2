/**
 * Multiplies every sample by one factor, in place.
 *
 *   pcm     f32[length]  in place
 *   length  i32 ≥ 0      any; the last length % 4 run scalar
 *   factor  f32          linear, 1 changes nothing
 *
 * Twin: test/reference/gain.ts.
 */
export function scale(pcm: usize, length: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = pcm + ((<usize>i) << 2);
    v128.store(at, f32x4.mul(v128.load(at), factors));
  }
  for (; i < length; i++) {
    const at = pcm + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}
