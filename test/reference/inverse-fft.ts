/** Twin of assemblyscript/inverse-fft.ts: the sum as it is written, in f64. */
export function inverseFft(real: Float32Array, imag: Float32Array, size: number): Float64Array {
  const half = size / 2;
  return Float64Array.from({ length: size }, (_, n) => {
    let sum = real[0]! + real[half]! * (n % 2 === 0 ? 1 : -1);
    for (let k = 1; k < half; k++) {
      const angle = (2 * Math.PI * ((k * n) % size)) / size;
      sum += 2 * (real[k]! * Math.cos(angle) - imag[k]! * Math.sin(angle));
    }
    return sum / size;
  });
}
