/**
 * Crossfade for a loop's seam: the end of the clip runs into its beginning, at the same power all the way.
 *
 *   head[i] = (head[i] · √t + tail[i] · √(1 − t)) / √(1 + 2 · correlation · √(t · (1 − t))),  t = (i + ½) / count
 *
 *   head         f32[count]  in place
 *   tail         f32[count]
 *   count        i32 ≥ 0     any; the last count % 4 run scalar
 *   correlation  f32 0 … 1   of the two, normalised
 *
 *   correlation 0   the powers add up to 1: fire, rain and wind keep their loudness
 *   correlation 1   the gains add up to 1: a hum that meets itself in phase stays as it is
 *
 * Twin: test/reference/crossfade.ts.
 */
export function crossfade(head: usize, tail: usize, count: i32, correlation: f32): void {
  const counts = f32x4.splat(<f32>count);
  const one = f32x4.splat(1);
  const twice = f32x4.splat(2 * correlation);
  let i = 0;
  for (; i <= count - 4; i += 4) {
    const at = (<usize>i) << 2;
    const index = f32x4.add(f32x4.splat(<f32>i), f32x4(0.5, 1.5, 2.5, 3.5));
    const t = f32x4.div(index, counts);
    const rise = f32x4.sqrt(t);
    const fall = f32x4.sqrt(f32x4.sub(one, t));
    const power = f32x4.add(one, f32x4.mul(twice, f32x4.mul(rise, fall)));
    const rising = f32x4.mul(v128.load(head + at), rise);
    const falling = f32x4.mul(v128.load(tail + at), fall);
    v128.store(head + at, f32x4.div(f32x4.add(rising, falling), f32x4.sqrt(power)));
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const t = (<f32>i + 0.5) / <f32>count;
    const rise = sqrt<f32>(t);
    const fall = sqrt<f32>(1 - t);
    const power: f32 = 1 + 2 * correlation * (rise * fall);
    const sum = load<f32>(head + at) * rise + load<f32>(tail + at) * fall;
    store<f32>(head + at, sum / sqrt<f32>(power));
  }
}
