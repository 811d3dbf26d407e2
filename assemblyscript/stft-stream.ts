/**
 * Inverse STFT as a stream: one STFT frame in, `hop` samples out, "same" alignment.
 *
 *   STFT frame j begins at sample j · H − (N − H) / 2; what lies before sample 0 or after the last is cut off.
 *
 *        ├ cut ┤├──────── F · H samples ────────┤├ cut ┤
 *   j=0  ╭─────────────╮
 *   j=1           ╭─────────────╮            the H samples that no later STFT frame reaches come out
 *   j=2                    ╭─────────────╮
 *
 * Each STFT frame: partials and noise filled in, real inverse FFT, times the periodic Hann window, added up; then
 * divided by the sum of squared windows. N STFT size, H hop, F STFT frames.
 * Source: Siuzdak 2023 (Vocos), arXiv:2306.00814. Twins: test/reference/inverse-stft.ts, training/stft.py.
 */
import { inverseFft } from './inverse-fft';
import { divideByEnvelope, overlapAdd } from './overlap-add';
import { addPartials } from './partials';
import { addNoise } from './spectral-noise';

@unmanaged
export class StftStream {
  /** N, power of two ≥ 2 */
  size: i32;
  /** H, 1 to N, N − H even */
  hop: i32;
  /** Hz */
  sampleRate: i32;
  channels: i32;
  /** STFT frames taken in so far; 0 begins a clip, with `sum` and `envelope` zeros. */
  stftFrames: i32;
  /** One STFT frame: f32[N/2 + 1] thrice, f32[channels] twice */
  real: usize;
  imag: usize;
  noise: usize;
  gain: usize;
  frequency: usize;
  /** f64[channels] */
  phases: usize;
  /** f32[N] */
  window: usize;
  /** f32[N], see inverse-fft.ts */
  twiddles: usize;
  /** f32[N] */
  samples: usize;
  /** f32[2N] */
  work: usize;
  /** u32[4] */
  block: usize;
  /** f32[N]: what later STFT frames still add to */
  sum: usize;
  envelope: usize;
}

/** Where windows hardly overlap. */
const ENVELOPE_FLOOR: f32 = 1e-8;

/**
 * Adds the STFT frame that lies in the stream's arrays.
 *
 *   last    true: what is left comes out too
 *   pcm     f32[N + H]  out
 *   return  i32         samples written: (j + 1) · H − (N − H) / 2 in all after STFT frame j (none if that is negative),
 *                       F · H after the last
 */
export function addStftFrame(s: StftStream, last: bool, pcm: usize): i32 {
  const bins = (s.size >> 1) + 1;
  if (s.channels > 0) {
    addPartials(
      s.real,
      s.imag,
      bins,
      s.gain,
      s.frequency,
      s.phases,
      s.channels,
      s.stftFrames,
      <f64>s.size / <f64>s.sampleRate,
      <f64>s.hop / (2 * <f64>s.sampleRate),
    );
  }
  addNoise(s.real, s.imag, s.noise, bins, s.stftFrames, s.block);
  inverseFft(s.real, s.imag, s.samples, s.work, s.twiddles, s.size);
  overlapAdd(s.samples, s.window, s.sum, s.size);
  overlapAdd(s.window, s.window, s.envelope, s.size);
  const cut = (s.size - s.hop) >> 1;
  const begin = s.stftFrames * s.hop - cut; // sample number of sum[0]
  s.stftFrames++;
  const end = last ? s.stftFrames * s.hop : s.stftFrames * s.hop - cut;
  const skip = max(-begin, 0);
  const count = max(end - begin - skip, 0);
  const from = (<usize>skip) << 2;
  divideByEnvelope(s.sum + from, s.envelope + from, count, ENVELOPE_FLOOR);
  memory.copy(pcm, s.sum + from, (<usize>count) << 2);
  moveOn(s.sum, s.size, s.hop);
  moveOn(s.envelope, s.size, s.hop);
  return count;
}

/** `hop` values go, zeros come. */
function moveOn(values: usize, size: i32, hop: i32): void {
  const kept = (<usize>(size - hop)) << 2;
  memory.copy(values, values + ((<usize>hop) << 2), kept);
  memory.fill(values + kept, 0, (<usize>hop) << 2);
}
