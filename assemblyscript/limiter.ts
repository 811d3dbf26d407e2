/**
 * Look-ahead limiter, for a whole clip at once.
 *
 *   peaks  →  gains = min(1, ceiling / peak)            limiterGains
 *          →  minimum over the next `window` samples    slidingMinimum
 *          →  rise no faster than the release           limit
 *          →  mean of the last `window`                 limit
 *          →  pcm · gain                                limit
 *
 * Every gain that enters the mean at sample i is a minimum over a window that holds sample i, so the mean
 * stays at or below ceiling / peak[i]: nothing gets through, and the gain falls as a ramp before the peak.
 *
 * Twin: test/reference/limiter.ts.
 */

/**
 *   peaks    f32[length]  ≥ 0, linear; from truePeaks()
 *   length   i32 ≥ 0      any; the last length % 4 run scalar
 *   ceiling  f32 > 0      linear
 *   gains    f32[length]  out, 0 to 1; may be peaks
 */
export function limiterGains(peaks: usize, length: i32, ceiling: f32, gains: usize): void {
  const ceilings = f32x4.splat(ceiling);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = (<usize>i) << 2;
    const highest = f32x4.max(v128.load(peaks + at), ceilings);
    v128.store(gains + at, f32x4.div(ceilings, highest));
  }
  for (; i < length; i++) {
    const at = (<usize>i) << 2;
    store<f32>(gains + at, ceiling / max(load<f32>(peaks + at), ceiling));
  }
}

/**
 *   pcm      f32[length]  in place
 *   gains    f32[length]  from slidingMinimum(); overwritten
 *   length   i32 ≥ 0
 *   window   i32 ≥ 1      the one given to slidingMinimum()
 *   release  f64          (0, 1): what is left after one sample of the way back to 1
 *
 * Release and mean are chains and run scalar, in f64; the product runs in SIMD.
 */
export function limit(pcm: usize, gains: usize, length: i32, window: i32, release: f64): void {
  // The mean needs gains that are `window` samples old, so released gains are written in place and the
  // mean goes straight onto the samples, four at a time.
  let gain: f64 = 1;
  let sum: f64 = 0;
  let means = f32x4.splat(1);
  for (let i = 0; i < length; i++) {
    const at = gains + ((<usize>i) << 2);
    gain = min(<f64>load<f32>(at), 1 - (1 - gain) * release);
    store<f32>(at, <f32>gain);
    sum += <f64>(<f32>gain);
    if (i >= window) sum -= <f64>load<f32>(at - ((<usize>window) << 2));
    const mean = <f32>(sum / <f64>min(i + 1, window));
    means = v128.shuffle<i32>(means, f32x4.splat(mean), 1, 2, 3, 4);
    if ((i & 3) === 3) {
      const four = pcm + ((<usize>(i - 3)) << 2);
      v128.store(four, f32x4.mul(v128.load(four), means));
    }
  }
  for (let i = length & ~3, lane = 4 - (length & 3); i < length; i++, lane++) {
    const at = pcm + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * laneOf(means, lane));
  }
}

/** Lane 1, 2 or 3. */
function laneOf(x: v128, lane: i32): f32 {
  if (lane === 1) return f32x4.extract_lane(x, 1);
  return lane === 2 ? f32x4.extract_lane(x, 2) : f32x4.extract_lane(x, 3);
}
