/** Twin of assemblyscript/true-peak.ts, and an oversampling far finer than its 4 times. */

/** ITU-R BS.1770-4, Annex 2: phases 0 and 1; 3 and 2 are these backwards. */
const PHASE_0 = [
  0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875, 0.1373291015625,
  0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125, 0.014892578125, -0.00830078125,
];
const PHASE_1 = [
  -0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625, 0.465087890625,
  0.77978515625, -0.2003173828125, 0.1015625, -0.0582275390625, 0.0330810546875, -0.0189208984375,
];
const PHASES = [PHASE_0, PHASE_1, PHASE_1.toReversed(), PHASE_0.toReversed()];

/** f32 arithmetic in the kernel's order, so results are equal to the last bit. */
export function truePeaks(pcm: Float32Array): Float32Array {
  const between = (i: number) =>
    Math.max(...PHASES.map((taps) => Math.abs(filtered(pcm, i, taps))));
  return pcm.map((sample, i) => Math.max(Math.abs(sample), between(i - 1), between(i)));
}

function filtered(pcm: Float32Array, i: number, taps: number[]): number {
  const f = Math.fround;
  const products = taps.map((tap, t) => f(tap * (pcm[i + 6 - t] ?? 0)));
  return products.reduce((sum, product) => f(sum + product));
}

/** 16 times oversampled by a windowed sinc of ±32 samples: what an independent meter would find. */
export function finePeak(pcm: Float32Array): number {
  let highest = 0;
  for (let i = 0; i < pcm.length; i++) {
    for (let phase = 0; phase < 16; phase++) {
      highest = Math.max(highest, Math.abs(interpolated(pcm, i, phase / 16)));
    }
  }
  return highest;
}

/** Takes off what lies near half the sample rate, where 12 taps a phase cannot interpolate. */
export function smoothed(pcm: Float32Array): Float32Array {
  const at = (i: number) => pcm[i] ?? 0;
  return pcm.map((x, i) => (6 * x + 4 * (at(i - 1) + at(i + 1)) + at(i - 2) + at(i + 2)) / 16);
}

function interpolated(pcm: Float32Array, i: number, fraction: number): number {
  if (fraction === 0) return pcm[i]!;
  let sum = 0;
  for (let j = Math.max(0, i - 31); j < Math.min(pcm.length, i + 33); j++) {
    const x = i + fraction - j;
    const sinc = Math.sin(Math.PI * x) / (Math.PI * x);
    sum += pcm[j]! * sinc * Math.cos((Math.PI * x) / 66) ** 2;
  }
  return sum;
}
