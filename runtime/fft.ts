/**
 * Discrete Fourier transform of real samples, radix 2, in place over a pair of arrays.
 *
 *   re, im  f32[size], size a power of two
 *   out     re[k] + i·im[k] = Σ x[n] · e^(−2πi·k·n/size)
 *
 * For pictures of sound and for listening to takes: a few hundred transforms each. Cooley and Tukey 1965.
 */

export interface Fft {
  readonly size: number;
  /** Transforms in place. */
  transform(re: Float32Array, im: Float32Array): void;
}

/** @throws RangeError unless size is a power of two of at least 2. */
export function createFft(size: number): Fft {
  if (size < 2 || (size & (size - 1)) !== 0) {
    throw new RangeError(`fft: the size must be a power of two, got ${size}. Take 1024.`);
  }
  const cosines = Float32Array.from({ length: size / 2 }, (_, k) =>
    Math.cos((2 * Math.PI * k) / size),
  );
  const sines = Float32Array.from(
    { length: size / 2 },
    (_, k) => -Math.sin((2 * Math.PI * k) / size),
  );
  const swaps = bitReversalSwaps(size);

  function butterflies(re: Float32Array, im: Float32Array, half: number): void {
    const stride = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const [top, bottom] = [start + k, start + k + half];
        const [c, s] = [cosines[k * stride]!, sines[k * stride]!];
        const real = re[bottom]! * c - im[bottom]! * s;
        const imag = re[bottom]! * s + im[bottom]! * c;
        re[bottom] = re[top]! - real;
        im[bottom] = im[top]! - imag;
        re[top]! += real;
        im[top]! += imag;
      }
    }
  }

  return {
    size,
    transform(re, im) {
      for (const [a, b] of swaps) {
        [re[a], re[b]] = [re[b]!, re[a]!];
        [im[a], im[b]] = [im[b]!, im[a]!];
      }
      for (let half = 1; half < size; half *= 2) butterflies(re, im, half);
    },
  };
}

function bitReversalSwaps(size: number): [number, number][] {
  const bits = Math.log2(size);
  const swaps: [number, number][] = [];
  for (let i = 0; i < size; i++) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
    if (reversed > i) swaps.push([i, reversed]);
  }
  return swaps;
}
