/**
 * True peak around every sample: 4 times oversampled by the 48-tap filter of ITU-R BS.1770-4, Annex 2.
 *
 *   between x[i] and x[i+1] the filter gives 4 values, at 1/8, 3/8, 5/8 and 7/8:
 *   y(i) = Σ c[t] · x[i + 6 − t],  t = 0 … 11,  c[t] one vector of 4 phases
 *   peaks[i] = max(|x[i]|, |y(i − 1)|, |y(i)|)
 *
 *   pcm     f32[length]  mono, full scale ±1; 0 outside
 *   length  i32 ≥ 0
 *   peaks   f32[length]  out, linear
 *   work    f32[12]      the filter's window at both ends
 *   return  f32          max of peaks; 0 when empty
 *
 * Twin: test/reference/true-peak.ts.
 */
const BEFORE = 5;
const TAPS = 12;

export function truePeaks(pcm: usize, length: i32, peaks: usize, work: usize): f32 {
  let highest: f32 = 0;
  let before = interpolatedPeak(edgeWindow(pcm, length, -1, work));
  for (let i = 0; i < length; i++) {
    const at = (<usize>i) << 2;
    const inside = i >= BEFORE && i < length - (TAPS - BEFORE) + 1;
    const after = interpolatedPeak(
      inside ? pcm + at - (BEFORE << 2) : edgeWindow(pcm, length, i, work),
    );
    const here = max(abs(load<f32>(pcm + at)), max(before, after));
    store<f32>(peaks + at, here);
    highest = max(highest, here);
    before = after;
  }
  return highest;
}

/** Copies x[i − 5] … x[i + 6] to `work`, 0 outside the clip. */
function edgeWindow(pcm: usize, length: i32, i: i32, work: usize): usize {
  for (let t = 0; t < TAPS; t++) {
    const from = i - BEFORE + t;
    const outside = from < 0 || from >= length;
    store<f32>(work + ((<usize>t) << 2), outside ? 0 : load<f32>(pcm + ((<usize>from) << 2)));
  }
  return work;
}

/** max of the 4 phases; `at` is x[i − 5], so the taps run backwards. */
function interpolatedPeak(at: usize): f32 {
  let y = tap(at, 44, f32x4(0.001708984375, -0.0291748046875, -0.0189208984375, -0.00830078125));
  y = f32x4.add(
    y,
    tap(at, 40, f32x4(0.010986328125, 0.029296875, 0.0330810546875, 0.014892578125)),
  );
  y = f32x4.add(
    y,
    tap(at, 36, f32x4(-0.0196533203125, -0.0517578125, -0.0582275390625, -0.026611328125)),
  );
  y = f32x4.add(y, tap(at, 32, f32x4(0.033203125, 0.089111328125, 0.1015625, 0.047607421875)));
  y = f32x4.add(
    y,
    tap(at, 28, f32x4(-0.0594482421875, -0.16650390625, -0.2003173828125, -0.102294921875)),
  );
  y = f32x4.add(
    y,
    tap(at, 24, f32x4(0.1373291015625, 0.465087890625, 0.77978515625, 0.97216796875)),
  );
  y = f32x4.add(
    y,
    tap(at, 20, f32x4(0.97216796875, 0.77978515625, 0.465087890625, 0.1373291015625)),
  );
  y = f32x4.add(
    y,
    tap(at, 16, f32x4(-0.102294921875, -0.2003173828125, -0.16650390625, -0.0594482421875)),
  );
  y = f32x4.add(y, tap(at, 12, f32x4(0.047607421875, 0.1015625, 0.089111328125, 0.033203125)));
  y = f32x4.add(
    y,
    tap(at, 8, f32x4(-0.026611328125, -0.0582275390625, -0.0517578125, -0.0196533203125)),
  );
  y = f32x4.add(y, tap(at, 4, f32x4(0.014892578125, 0.0330810546875, 0.029296875, 0.010986328125)));
  y = f32x4.add(
    y,
    tap(at, 0, f32x4(-0.00830078125, -0.0189208984375, -0.0291748046875, 0.001708984375)),
  );
  y = f32x4.abs(y);
  y = f32x4.max(y, v128.shuffle<i32>(y, y, 2, 3, 0, 1));
  return max(f32x4.extract_lane(y, 0), f32x4.extract_lane(y, 1));
}

function tap(at: usize, offset: usize, phases: v128): v128 {
  return f32x4.mul(v128.load32_splat(at + offset), phases);
}
