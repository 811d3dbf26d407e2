/**
 * Adds the partials of one STFT frame to its spectrum: sines whose phase runs on from STFT frame to STFT
 * frame. Each fills the 7 bins around it as a Hann window would.
 *
 *   X[k] += 2 · gain · H(κ − k) · (−1)^k · e^(2πi·turns),   κ = frequency · binsPerHertz,  |round κ − k| ≤ 3
 *   H(x) = sinc(x) / (2 − 2x²)
 *
 *        ├──── STFT frame j−1 ────┼────── STFT frame j ──────┤
 *   phases[c] is the phase here   ↑            ↑ turns = phases[c] + frequency · turnsPerHertz
 *
 *   real, imag     f32[bins]      in place
 *   bins           i32 ≥ 1        what falls outside 0 … bins − 1 goes to the edge bin
 *   gain           f32[channels]  largest magnitude that the partial gives a bin; below 1e-5 it only runs on
 *   frequency      f32[channels]  Hz
 *   phases         f64[channels]  turns; kept by the caller between STFT frames, read from the second on
 *   channels       i32 ≥ 0        any
 *   stftFrame      i32 ≥ 0        counted from the clip's first: there every partial has phase 0
 *   binsPerHertz   f64            size / sampleRate
 *   turnsPerHertz  f64            hop / (2 · sampleRate): half an STFT frame's way
 *
 * Scalar, in f64, sums in f32. The sine is a polynomial, so that every machine gives the same bits; its
 * error is below 1e-11. One sine, cosine and sinc per partial: from bin to bin only their sign changes.
 * Source: Rodet and Depalle 1992. Twins: test/reference/partials.ts, training/pack_model.py.
 */
import { sinc, sine } from './sine';

export function addPartials(
  real: usize,
  imag: usize,
  bins: i32,
  gain: usize,
  frequency: usize,
  phases: usize,
  channels: i32,
  stftFrame: i32,
  binsPerHertz: f64,
  turnsPerHertz: f64,
): void {
  for (let channel = 0; channel < channels; channel++) {
    const at = (<usize>channel) << 2;
    const hertz = <f64>load<f32>(frequency + at);
    const halfWay = hertz * turnsPerHertz;
    const phase = phases + ((<usize>channel) << 3);
    const turns = stftFrame === 0 ? 0 : load<f64>(phase) + halfWay;
    store<f64>(phase, turns + halfWay - nearest(turns + halfWay));
    const height = <f64>load<f32>(gain + at);
    if (height < SILENT) continue;
    addOne(real, imag, bins, height, hertz * binsPerHertz, turns);
  }
}

const SILENT: f64 = 1e-5;
const REACH: i32 = 3;

function addOne(real: usize, imag: usize, bins: i32, gain: f64, kappa: f64, turns: f64): void {
  const middle = nearest(kappa);
  const beside = kappa - middle;
  const sign: f64 = <i32>middle & 1 ? -1 : 1;
  const height = sign * gain * sinc(Math.PI * beside);
  const cosine = height * sine(turns + 0.25);
  const sinus = height * sine(turns);
  for (let j = -REACH; j <= REACH; j++) {
    const bin = <i32>min(max(middle + <f64>j, 0), <f64>(bins - 1));
    const at = (<usize>bin) << 2;
    const share = lobe(beside, j);
    store<f32>(real + at, <f32>(<f64>load<f32>(real + at) + cosine * share));
    store<f32>(imag + at, <f32>(<f64>load<f32>(imag + at) + sinus * share));
  }
}

/**
 * (−1)^j · 2H(d − j) / sinc(d) for |d| ≤ ½: with x = d − j that is d / (x(1 − x)(1 + x)), of which d cancels
 * where it could be 0 / 0.
 */
function lobe(d: f64, j: i32): f64 {
  if (j === 0) return 1 / ((1 - d) * (1 + d));
  if (j === 1) return -1 / ((1 - d) * (2 - d));
  if (j === -1) return -1 / ((1 + d) * (2 + d));
  const x = d - <f64>j;
  return d / (x * (1 - x) * (1 + x));
}
