/**
 * Window and overlap-add, the last two steps of an inverse STFT.
 *
 *   STFT frame 0   ╭──╮
 *   STFT frame 1     ╭──╮         sum[i] += window[i] · stftFrame[i], then sum / envelope
 *   STFT frame 2       ╭──╮
 *
 * Twin: test/reference/overlap-add.ts.
 */

/**
 * sum[i] += stftFrame[i] · window[i]
 *
 *   stftFrame, window  f32[length]  may be one and the same: then the window's square is added
 *   sum                f32[length]  where this STFT frame begins in the output
 *   length             i32 ≥ 0      any; the last length % 4 run scalar
 */
export function overlapAdd(stftFrame: usize, window: usize, sum: usize, length: i32): void {
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = (<usize>i) << 2;
    const windowed = f32x4.mul(v128.load(stftFrame + at), v128.load(window + at));
    v128.store(sum + at, f32x4.add(v128.load(sum + at), windowed));
  }
  for (; i < length; i++) {
    const at = (<usize>i) << 2;
    const windowed = load<f32>(stftFrame + at) * load<f32>(window + at);
    store<f32>(sum + at, load<f32>(sum + at) + windowed);
  }
}

/**
 * sum[i] /= max(envelope[i], floor), in place.
 *
 *   sum, envelope  f32[length]
 *   length         i32 ≥ 0      any; the last length % 4 run scalar
 *   floor          f32 > 0      where the windows hardly reach
 */
export function divideByEnvelope(sum: usize, envelope: usize, length: i32, floor: f32): void {
  const floors = f32x4.splat(floor);
  let i = 0;
  for (; i <= length - 4; i += 4) {
    const at = (<usize>i) << 2;
    const divisor = f32x4.max(v128.load(envelope + at), floors);
    v128.store(sum + at, f32x4.div(v128.load(sum + at), divisor));
  }
  for (; i < length; i++) {
    const at = (<usize>i) << 2;
    store<f32>(sum + at, load<f32>(sum + at) / max(load<f32>(envelope + at), floor));
  }
}
