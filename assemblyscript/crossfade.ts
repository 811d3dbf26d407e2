/**
 * Equal-power crossfade for a loop's seam: the end of the clip runs into its beginning.
 *
 *   head[i] = head[i] · √t + tail[i] · √(1 − t),  t = (i + ½) / count
 *
 *   head   f32[count]  in place
 *   tail   f32[count]
 *   count  i32 ≥ 0     any; the last count % 4 run scalar
 *
 * The two powers add up to 1, so a seam between sounds that do not correlate (fire, rain, wind) keeps its
 * loudness. Twin: test/reference/crossfade.ts.
 */
export function crossfade(head: usize, tail: usize, count: i32): void {
  const counts = f32x4.splat(<f32>count);
  const one = f32x4.splat(1);
  let i = 0;
  for (; i <= count - 4; i += 4) {
    const at = (<usize>i) << 2;
    const index = f32x4.add(f32x4.splat(<f32>i), f32x4(0.5, 1.5, 2.5, 3.5));
    const t = f32x4.div(index, counts);
    const rising = f32x4.mul(v128.load(head + at), f32x4.sqrt(t));
    const falling = f32x4.mul(v128.load(tail + at), f32x4.sqrt(f32x4.sub(one, t)));
    v128.store(head + at, f32x4.add(rising, falling));
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const t = (<f32>i + 0.5) / <f32>count;
    const rising = load<f32>(head + at) * sqrt(t);
    store<f32>(head + at, rising + load<f32>(tail + at) * sqrt<f32>(1 - t));
  }
}
