/** What is heard where a loop closes, by numbers. */

/** The step from its last sample to its first, as a part of the 99.9th percentile of the steps inside. */
export function seamStep(loop: Float32Array): number {
  const steps = Array.from(loop.subarray(1), (sample, i) => Math.abs(sample - (loop[i] ?? 0)));
  steps.sort((a, b) => a - b);
  const large = steps[Math.floor(0.999 * (steps.length - 1))] ?? 0;
  return Math.abs((loop[0] ?? 0) - (loop.at(-1) ?? 0)) / large;
}

const STFT_FRAME = 512;
const HOP = 256;

/** Spectral flux where the last sample meets the first, as a part of its maximum anywhere else. */
export function seamFlux(loop: Float32Array): number {
  const half = loop.length >> 1;
  const turned = Float32Array.from(loop, (_, i) => loop[(i + half) % loop.length] ?? 0);
  const seam = loop.length - half; // the loop's first sample, in the middle
  const count = Math.floor((turned.length - STFT_FRAME) / HOP);
  const spectra = Array.from({ length: count }, (_, j) => spectrumAt(turned, j * HOP));
  let [atSeam, elsewhere] = [0, 0];
  for (let j = 1; j < count; j++) {
    const flux = fluxOf(spectra[j - 1] ?? [], spectra[j] ?? []);
    const isSeam = (j - 1) * HOP <= seam && seam < j * HOP + STFT_FRAME;
    if (isSeam) atSeam = Math.max(atSeam, flux);
    else elsewhere = Math.max(elsewhere, flux);
  }
  return atSeam / elsewhere;
}

function fluxOf(before: number[], after: number[]): number {
  return after.reduce((sum, value, k) => sum + Math.max(0, value - (before[k] ?? 0)), 0);
}

/** Magnitudes of a Hann-windowed stretch, by definition; every second bin. */
function spectrumAt(pcm: Float32Array, from: number): number[] {
  return Array.from({ length: STFT_FRAME / 4 }, (_, k) => {
    let [real, imag] = [0, 0];
    for (let i = 0; i < STFT_FRAME; i++) {
      const value = (WINDOW[i] ?? 0) * (pcm[from + i] ?? 0);
      real += value * (COSINES[(2 * k * i) % STFT_FRAME] ?? 0);
      imag += value * (COSINES[(2 * k * i + STFT_FRAME / 4) % STFT_FRAME] ?? 0);
    }
    return Math.hypot(real, imag);
  });
}

const COSINES = Float64Array.from({ length: STFT_FRAME }, (_, i) =>
  Math.cos((2 * Math.PI * i) / STFT_FRAME),
);
const WINDOW = COSINES.map((cosine) => 0.5 - 0.5 * cosine);

/** The longest stretch, in seconds, round the seam too, of 10 ms blocks 50 dB below the loudest. */
export function longestHole(loop: Float32Array, sampleRate: number): number {
  const block = sampleRate / 100;
  const blocks = Array.from({ length: Math.floor(loop.length / block) }, (_, b) =>
    energyOf(loop.subarray(b * block, (b + 1) * block)),
  );
  const threshold = Math.max(...blocks) * 1e-5;
  let [longest, run] = [0, 0];
  for (const energy of [...blocks, ...blocks]) {
    run = energy < threshold ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return Math.min(longest, blocks.length) / 100;
}

/** How much louder the crossfade is than the powers that meet in it, each with its share, dB. */
export function crossfadeLevel(
  loop: Float32Array,
  clip: Float32Array,
  { start, length, crossfade }: { start: number; length: number; crossfade: number },
): number {
  let met = 0;
  for (let i = 0; i < crossfade; i++) {
    const t = (i + 0.5) / crossfade;
    met += t * (clip[start + i] ?? 0) ** 2 + (1 - t) * (clip[start + length + i] ?? 0) ** 2;
  }
  const beyond = (pcm: Float32Array, from: number) => energyOf(pcm.subarray(from, from + 2000));
  const gain = beyond(loop, crossfade) / beyond(clip, start + crossfade);
  return decibels(energyOf(loop.subarray(0, crossfade)) / gain / met);
}

export function energyOf(pcm: Float32Array): number {
  return pcm.reduce((sum, x) => sum + x * x, 0);
}

export function decibels(power: number): number {
  return 10 * Math.log10(power);
}
