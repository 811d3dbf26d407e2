/**
 * Sample peak: max |pcm[i]|.
 *
 *   pcm     f32[length]  mono, full scale ±1
 *   length  i32 ≥ 0      any; the last length % 4 run scalar
 *   return  f32          linear, 1.0 = 0 dBFS; 0 when empty; NaN when any sample is NaN
 *
 * Twin: test/reference/peak.ts. Sample peak, not true peak (true-peak.ts).
 */
export function peak(pcm: usize, length: i32): f32 {
  let lanes = f32x4.splat(0);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    lanes = f32x4.max(lanes, f32x4.abs(v128.load(pcm + ((<usize>i) << 2))));
  }
  let result = max(
    max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
    max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
  );
  for (; i < length; i++) result = max(result, abs(load<f32>(pcm + ((<usize>i) << 2))));
  return result;
}
