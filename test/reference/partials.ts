/** Twin of assemblyscript/partials.ts: the formula as it is written, for a whole clip. */
import type { Spectrum } from '../../runtime/engine.ts';
import { roundHalfEven } from './rounding.ts';

export interface StftShape {
  size: number;
  hop: number;
  sampleRate: number;
}

/** Half the transform of a Hann window. */
function hannTransform(x: number): number {
  if (x === 0) return 1 / 2;
  if (Math.abs(x) === 1) return 1 / 4;
  return Math.sin(Math.PI * x) / (Math.PI * x) / (2 - 2 * x * x);
}

/** @returns a spectrum that holds the partials of the given one in its bins. */
export function addPartials(spectrum: Spectrum, { size, hop, sampleRate }: StftShape): Spectrum {
  const { real, imag, noise, frames, partials } = spectrum;
  if (partials === undefined) return spectrum;
  const { gain, frequency, channels } = partials;
  const bins = size / 2 + 1;
  const sum = { real: Float64Array.from(real), imag: Float64Array.from(imag) };
  for (let c = 0; c < channels; c++) {
    let theta = 0;
    for (let t = 0; t < frames; t++) {
      const hertz = frequency[t * channels + c]!;
      if (t > 0)
        theta += (Math.PI * hop * (hertz + frequency[(t - 1) * channels + c]!)) / sampleRate;
      const height = gain[t * channels + c]!;
      if (height < 1e-5) continue;
      const kappa = hertz * (size / sampleRate);
      const nearest = roundHalfEven(kappa);
      for (let k = nearest - 3; k <= nearest + 3; k++) {
        const value = 2 * height * hannTransform(kappa - k) * (-1) ** Math.abs(k);
        const at = t * bins + Math.min(Math.max(k, 0), bins - 1);
        sum.real[at]! += value * Math.cos(theta);
        sum.imag[at]! += value * Math.sin(theta);
      }
    }
  }
  return { real: Float32Array.from(sum.real), imag: Float32Array.from(sum.imag), noise, frames };
}
