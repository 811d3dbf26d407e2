import { describe, expect, test } from 'vitest';
import { createFft } from '../../runtime/fft.ts';
import { noise } from '../reference/seeded.ts';

describe('Fourier transform', () => {
  test.each([2, 8, 64])('of %i samples is the sum it stands for', (size) => {
    const signal = noise(size, size);
    const re = signal.slice();
    const im = new Float32Array(size);
    createFft(size).transform(re, im);
    for (let k = 0; k < size; k++) {
      const angle = (n: number) => (-2 * Math.PI * k * n) / size;
      const real = signal.reduce((sum, x, n) => sum + x * Math.cos(angle(n)), 0);
      const imag = signal.reduce((sum, x, n) => sum + x * Math.sin(angle(n)), 0);
      expect(re[k]).toBeCloseTo(real, 4);
      expect(im[k]).toBeCloseTo(imag, 4);
    }
  });

  test.each([0, 1, 12])('refuses a size of %i', (size) => {
    expect(() => createFft(size)).toThrow(/power of two, got/);
  });
});
