/**
 * K-weighted energy, segment by segment: the measuring part of ITU-R BS.1770-4 loudness. Gating is done
 * on the few numbers that come out (runtime/loudness.ts).
 *
 *   pcm           f32[length]  mono, full scale ±1
 *   length        i32 ≥ 0
 *   coefficients  f64[5, 2]    b0 b1 b2 a1 a2, each for the shelf and the high-pass
 *   segment       i32 ≥ 1      samples per segment
 *   energies      f64[⌈length / segment⌉]  out: Σ y² of each segment, the last one may be short
 *
 * Two second-order filters in a row, transposed direct form II, f64. They run side by side in one vector:
 * lane 0 filters sample n while lane 1 filters what lane 0 gave for sample n − 1.
 *
 *   lane 0   x[n]     → shelf     → y₁[n]   ─╮
 *   lane 1   y₁[n−1]  → high-pass → y₂[n−1]  ╰→ next turn
 *
 * Twin: test/reference/loudness.ts.
 */
export function kWeightedEnergies(
  pcm: usize,
  length: i32,
  coefficients: usize,
  segment: i32,
  energies: usize,
): void {
  if (length === 0) return;
  const b0 = v128.load(coefficients);
  const b1 = v128.load(coefficients, 16);
  const b2 = v128.load(coefficients, 32);
  const a1 = v128.load(coefficients, 48);
  const a2 = v128.load(coefficients, 64);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let y = f64x2.splat(0);
  let energy: f64 = 0;
  let inSegment = -1;
  for (let n = 0; n <= length; n++) {
    const sample: f64 = n < length ? <f64>load<f32>(pcm + ((<usize>n) << 2)) : 0;
    const x = f64x2.replace_lane(v128.shuffle<i64>(y, y, 0, 0), 0, sample);
    y = f64x2.add(f64x2.mul(b0, x), s1);
    s1 = f64x2.add(f64x2.sub(f64x2.mul(b1, x), f64x2.mul(a1, y)), s2);
    s2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y));
    const weighted = f64x2.extract_lane(y, 1);
    energy += weighted * weighted;
    if (++inSegment === segment || n === length) {
      store<f64>(energies, energy);
      energies += 8;
      energy = 0;
      inSegment = 0;
    }
  }
}
