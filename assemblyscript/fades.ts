/**
 * Edges of a clip: where its silence ends, and fades.
 *
 * A fade is the smoothstep 3t² − 2t³ at t = (i + ½) / count: flat at both ends, no trigonometry, the same
 * bits everywhere. Twin: test/reference/fades.ts.
 */

/**
 * First sample with |pcm[i]| > threshold.
 *
 *   pcm     f32[length]
 *   length  i32 ≥ 0      any
 *   return  i32          length when there is none
 */
export function firstAbove(pcm: usize, length: i32, threshold: f32): i32 {
  const thresholds = f32x4.splat(threshold);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const loud = f32x4.gt(f32x4.abs(v128.load(pcm + ((<usize>i) << 2))), thresholds);
    if (v128.any_true(loud)) return i + ctz(i32x4.bitmask(loud));
  }
  for (; i < length; i++) {
    if (abs(load<f32>(pcm + ((<usize>i) << 2))) > threshold) return i;
  }
  return length;
}

/** Last sample with |pcm[i]| > threshold; −1 when there is none. */
export function lastAbove(pcm: usize, length: i32, threshold: f32): i32 {
  const thresholds = f32x4.splat(threshold);
  let end = length;
  for (; end >= 4; end -= 4) {
    const loud = f32x4.gt(f32x4.abs(v128.load(pcm + ((<usize>(end - 4)) << 2))), thresholds);
    if (v128.any_true(loud)) return end - 1 - (clz(i32x4.bitmask(loud)) - 28);
  }
  for (; end > 0; end--) {
    if (abs(load<f32>(pcm + ((<usize>(end - 1)) << 2))) > threshold) return end - 1;
  }
  return -1;
}

/**
 * Fades in over pcm[0] … pcm[count − 1], in place.
 *
 *   pcm    f32[count]
 *   count  i32 ≥ 0     any; the last count % 4 run scalar
 */
export function fadeIn(pcm: usize, count: i32): void {
  fade(pcm, count, 0.5, 1);
}

/** Fades out over pcm[0] … pcm[count − 1], in place: `pcm` is where the fade begins. */
export function fadeOut(pcm: usize, count: i32): void {
  fade(pcm, count, <f32>count - 0.5, -1);
}

/** Gain smoothstep((start + i · step) / count). */
function fade(pcm: usize, count: i32, start: f32, step: f32): void {
  const counts = f32x4.splat(<f32>count);
  let i = 0;
  for (; i <= count - 4; i += 4) {
    const index = f32x4.add(f32x4.splat(<f32>i), f32x4(0, 1, 2, 3));
    const position = f32x4.add(f32x4.splat(start), f32x4.mul(index, f32x4.splat(step)));
    const t = f32x4.div(position, counts);
    const bend = f32x4.sub(f32x4.splat(3), f32x4.mul(f32x4.splat(2), t));
    const at = pcm + ((<usize>i) << 2);
    v128.store(at, f32x4.mul(v128.load(at), f32x4.mul(f32x4.mul(t, t), bend)));
  }
  for (; i < count; i++) {
    const t = (start + <f32>i * step) / <f32>count;
    const at = pcm + ((<usize>i) << 2);
    store<f32>(at, load<f32>(at) * (t * t * (3 - 2 * t)));
  }
}
