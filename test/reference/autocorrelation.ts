/** How much a sound repeats itself: autocorrelation by FFT. */

/** @returns f64, for each lag in samples below half the length: 1 is an exact repeat, 0 none */
export function autocorrelation(pcm: Float32Array): Float64Array {
  const size = 2 ** Math.ceil(Math.log2(2 * pcm.length));
  const [real, imag] = [new Float64Array(size), new Float64Array(size)];
  real.set(pcm);
  fft(real, imag);
  for (let i = 0; i < size; i++) {
    real[i] = real[i]! ** 2 + imag[i]! ** 2;
    imag[i] = 0;
  }
  fft(real, imag);
  const energy = real[0]!;
  return real.subarray(0, pcm.length >> 1).map((x) => x / energy);
}

/** The highest peak at lags of at least `from`. */
export function highestRepeat(pcm: Float32Array, from: number): number {
  return autocorrelation(pcm)
    .subarray(from)
    .reduce((a, b) => Math.max(a, b), 0);
}

/** Radix 2, in place. */
function fft(real: Float64Array, imag: Float64Array): void {
  const size = real.length;
  reverseBits(real, imag);
  for (let half = 1; half < size; half *= 2) {
    for (let k = 0; k < half; k++) {
      const [c, s] = [Math.cos((Math.PI * k) / half), -Math.sin((Math.PI * k) / half)];
      for (let i = k; i < size; i += 2 * half) {
        const j = i + half;
        const [re, im] = [real[j]! * c - imag[j]! * s, real[j]! * s + imag[j]! * c];
        [real[j], imag[j]] = [real[i]! - re, imag[i]! - im];
        [real[i], imag[i]] = [real[i]! + re, imag[i]! + im];
      }
    }
  }
}

function reverseBits(real: Float64Array, imag: Float64Array): void {
  for (let i = 1, j = 0; i < real.length; i++) {
    let bit = real.length >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [real[i], real[j]] = [real[j]!, real[i]!];
    [imag[i], imag[j]] = [imag[j]!, imag[i]!];
  }
}
