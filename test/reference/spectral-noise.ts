/** Twin of assemblyscript/spectral-noise.ts. */
import { philox } from './philox.ts';

const f = Math.fround;

export interface NoisyBins {
  real: Float32Array;
  imag: Float32Array;
  magnitude: Float32Array;
}

export function addNoise({ real, imag, magnitude }: NoisyBins, stftFrame: number) {
  const draw = (bin: number, part: 0 | 1) => {
    const words = philox([bin >> 1, stftFrame, 0, 0], [0x4e6f6973, 0]);
    const uniform = (words[2 * (bin & 1) + part]! >>> 8) / 2 ** 24;
    return f(f(uniform - 0.5) * f(Math.sqrt(6)));
  };
  return {
    real: real.map((x, bin) => x + f(magnitude[bin]! * draw(bin, 0))),
    imag: imag.map((x, bin) => x + f(magnitude[bin]! * draw(bin, 1))),
  };
}
