/**
 * True peak around every sample: 4 times oversampled by the 48-tap filter of ITU-R BS.1770-4, Annex 2.
 *
 *   between x[i] and x[i + 1] the filter gives 4 values, at 1/8, 3/8, 5/8 and 7/8:
 *   y(i) = Σ c[phase][t] · x[i + 6 − t],  t = 0 … 11
 *   peaks[i] = max(|x[i]|, |y(i − 1)|, |y(i)|)
 *
 *   pcm     f32[length]  mono, full scale ±1; 0 outside
 *   length  i32 ≥ 0      any
 *   peaks   f32[length]  out, linear; not pcm
 *   work    f32[16]      the filter's window at both ends
 *   return  f32          max of peaks; 0 when empty
 *
 * Four samples at a time: a vector holds x[i] … x[i + 3], and each phase has a sum of its own.
 * Twin: test/reference/true-peak.ts.
 */
const BEFORE = 5;
const WINDOW = 15;

export function truePeaks(pcm: usize, length: i32, peaks: usize, work: usize): f32 {
  let highest = f32x4.splat(0);
  let before = between(edgeWindow(pcm, length, -4, work));
  for (let i = 0; i < length; i += 4) {
    const inside = i >= BEFORE && i <= length - (WINDOW - BEFORE);
    const from = inside ? pcm + ((<usize>(i - BEFORE)) << 2) : edgeWindow(pcm, length, i, work);
    const samples = f32x4.abs(v128.load(from, 20));
    const after = between(from);
    const here = f32x4.max(samples, f32x4.max(v128.shuffle<i32>(before, after, 3, 4, 5, 6), after));
    highest = f32x4.max(highest, keep(peaks, length, i, here, work));
    before = after;
  }
  return max(
    max(f32x4.extract_lane(highest, 0), f32x4.extract_lane(highest, 1)),
    max(f32x4.extract_lane(highest, 2), f32x4.extract_lane(highest, 3)),
  );
}

/** Stores the lanes that lie within the clip, and returns them with 0 in the others. */
function keep(peaks: usize, length: i32, i: i32, here: v128, work: usize): v128 {
  const to = peaks + ((<usize>i) << 2);
  if (i <= length - 4) {
    v128.store(to, here);
    return here;
  }
  v128.store(work, here);
  const rest = (<usize>(length - i)) << 2;
  memory.fill(work + rest, 0, 16 - rest);
  memory.copy(to, work, rest);
  return v128.load(work);
}

/** Copies x[i − 5] … x[i + 9] to `work`, 0 outside the clip. */
function edgeWindow(pcm: usize, length: i32, i: i32, work: usize): usize {
  for (let t = 0; t < WINDOW; t++) {
    const from = i - BEFORE + t;
    const outside = from < 0 || from >= length;
    store<f32>(work + ((<usize>t) << 2), outside ? 0 : load<f32>(pcm + ((<usize>from) << 2)));
  }
  return work;
}

/** max over the 4 phases of |y(i)| … |y(i + 3)|; `from` is x[i − 5], so the taps run backwards. */
function between(from: usize): v128 {
  let x = v128.load(from, 44);
  let a = f32x4.mul(x, f32x4.splat(0.001708984375));
  let b = f32x4.mul(x, f32x4.splat(-0.0291748046875));
  let c = f32x4.mul(x, f32x4.splat(-0.0189208984375));
  let d = f32x4.mul(x, f32x4.splat(-0.00830078125));
  x = v128.load(from, 40);
  a = add(a, x, 0.010986328125);
  b = add(b, x, 0.029296875);
  c = add(c, x, 0.0330810546875);
  d = add(d, x, 0.014892578125);
  x = v128.load(from, 36);
  a = add(a, x, -0.0196533203125);
  b = add(b, x, -0.0517578125);
  c = add(c, x, -0.0582275390625);
  d = add(d, x, -0.026611328125);
  x = v128.load(from, 32);
  a = add(a, x, 0.033203125);
  b = add(b, x, 0.089111328125);
  c = add(c, x, 0.1015625);
  d = add(d, x, 0.047607421875);
  x = v128.load(from, 28);
  a = add(a, x, -0.0594482421875);
  b = add(b, x, -0.16650390625);
  c = add(c, x, -0.2003173828125);
  d = add(d, x, -0.102294921875);
  x = v128.load(from, 24);
  a = add(a, x, 0.1373291015625);
  b = add(b, x, 0.465087890625);
  c = add(c, x, 0.77978515625);
  d = add(d, x, 0.97216796875);
  x = v128.load(from, 20);
  a = add(a, x, 0.97216796875);
  b = add(b, x, 0.77978515625);
  c = add(c, x, 0.465087890625);
  d = add(d, x, 0.1373291015625);
  x = v128.load(from, 16);
  a = add(a, x, -0.102294921875);
  b = add(b, x, -0.2003173828125);
  c = add(c, x, -0.16650390625);
  d = add(d, x, -0.0594482421875);
  x = v128.load(from, 12);
  a = add(a, x, 0.047607421875);
  b = add(b, x, 0.1015625);
  c = add(c, x, 0.089111328125);
  d = add(d, x, 0.033203125);
  x = v128.load(from, 8);
  a = add(a, x, -0.026611328125);
  b = add(b, x, -0.0582275390625);
  c = add(c, x, -0.0517578125);
  d = add(d, x, -0.0196533203125);
  x = v128.load(from, 4);
  a = add(a, x, 0.014892578125);
  b = add(b, x, 0.0330810546875);
  c = add(c, x, 0.029296875);
  d = add(d, x, 0.010986328125);
  x = v128.load(from, 0);
  a = add(a, x, -0.00830078125);
  b = add(b, x, -0.0189208984375);
  c = add(c, x, -0.0291748046875);
  d = add(d, x, 0.001708984375);
  return f32x4.max(f32x4.max(f32x4.abs(a), f32x4.abs(b)), f32x4.max(f32x4.abs(c), f32x4.abs(d)));
}

function add(sum: v128, x: v128, factor: f32): v128 {
  return f32x4.add(sum, f32x4.mul(x, f32x4.splat(factor)));
}
