/** Twin of runtime/inverse-stft.ts, and the forward STFT it undoes. Naive and in f64. */
import type { Spectrum } from '../../runtime/engine.ts';
import { inverseFft } from './inverse-fft.ts';
import { addPartials, type StftShape } from './partials.ts';
import { addNoise } from './spectral-noise.ts';

export function hann(size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, n) => Math.sin((Math.PI * n) / size) ** 2);
}

export function inverseStft(decoded: Spectrum, shape: StftShape): Float64Array {
  const { size, hop } = shape;
  const spectrum = addPartials(decoded, shape);
  const bins = size / 2 + 1;
  const window = hann(size);
  const length = spectrum.frames * hop;
  const sum = new Float64Array(length);
  const envelope = new Float64Array(length);
  for (let j = 0; j < spectrum.frames; j++) {
    const row = (plane: Float32Array) => plane.subarray(j * bins, (j + 1) * bins);
    const determined = { real: row(spectrum.real), imag: row(spectrum.imag) };
    const { real, imag } = addNoise({ ...determined, magnitude: row(spectrum.noise) }, j);
    const stftFrame = inverseFft(real, imag, size);
    for (let n = 0; n < size; n++) {
      const at = j * hop - (size - hop) / 2 + n;
      if (at < 0 || at >= length) continue;
      sum[at]! += stftFrame[n]! * window[n]!;
      envelope[at]! += window[n]! ** 2;
    }
  }
  return sum.map((value, i) => value / envelope[i]!);
}

/** pcm f32 [F · hop] → spectrum [F, size/2 + 1], Hann window, 0 outside the clip. */
export function forwardStft(pcm: Float32Array, { size, hop }: StftShape): Spectrum {
  const bins = size / 2 + 1;
  const frames = pcm.length / hop;
  const window = hann(size);
  const real = new Float32Array(frames * bins);
  const imag = new Float32Array(frames * bins);
  for (let j = 0; j < frames; j++) {
    const begin = j * hop - (size - hop) / 2;
    const x = window.map((weight, n) => weight * (pcm[begin + n] ?? 0));
    for (let k = 0; k < bins; k++) {
      for (let n = 0; n < size; n++) {
        const angle = (2 * Math.PI * ((k * n) % size)) / size;
        real[j * bins + k]! += x[n]! * Math.cos(angle);
        imag[j * bins + k]! -= x[n]! * Math.sin(angle);
      }
    }
  }
  return { real, imag, noise: new Float32Array(frames * bins), frames };
}
