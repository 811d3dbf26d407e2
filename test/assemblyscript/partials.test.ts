import { describe, expect, test } from 'vitest';
import type { Spectrum } from '../../runtime/engine.ts';
import { createInverseStft } from '../../runtime/inverse-stft.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/partials.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();
const SMALL: twin.StftShape = { size: 32, hop: 10, sampleRate: 1000 };
const OWN: twin.StftShape = { size: 1024, hop: 320, sampleRate: 32000 };

type Ringing = Spectrum & Required<Pick<Spectrum, 'partials'>>;

/** Frequencies from below 0 to above half the sample rate, every fifth gain too small to be heard. */
function seededSpectrum(frames: number, channels: number, { size, sampleRate }: twin.StftShape) {
  const values = frames * (size / 2 + 1);
  const gain = noise(frames * channels, 3).map((x, i) => (i % 5 === 4 ? 9e-6 : Math.abs(x)));
  const centre = (i: number) => (((i % channels) + 0.5) / channels) * (sampleRate / 2);
  const frequency = noise(frames * channels, 4, 0.1 * sampleRate).map((x, i) => x + centre(i));
  return {
    real: noise(values, 1),
    imag: noise(values, 2),
    noise: new Float32Array(values),
    frames,
    partials: { gain, frequency, channels },
  };
}

/** The kernel on STFT frames `begin` to `end`, with the phases of those before. */
function run(
  { real, imag, partials }: Ringing,
  { size, hop, sampleRate }: twin.StftShape,
  phases = new Float64Array(partials.channels),
  [begin, end] = [0, real.length / (size / 2 + 1)],
) {
  const bins = size / 2 + 1;
  const { gain, frequency, channels } = partials;
  const rows = (values: Float32Array, width: number) => values.slice(begin * width, end * width);
  const arrays = {
    real: rows(real, bins),
    imag: rows(imag, bins),
    gain: rows(gain, channels),
    frequency: rows(frequency, channels),
    phases,
  };
  return guarded(kernels, arrays, (at) => {
    for (let j = begin; j < end; j++) {
      const row = 4 * (j - begin);
      kernels.call.addPartials(
        ...([at.real + row * bins, at.imag + row * bins, bins] as const),
        ...([at.gain + row * channels, at.frequency + row * channels, at.phases] as const),
        ...([channels, j, size / sampleRate, hop / (2 * sampleRate)] as const),
      );
    }
  }).after;
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
}

function expectTwin(spectrum: Ringing, shape: twin.StftShape): void {
  const after = run(spectrum, shape);
  const wanted = twin.addPartials(spectrum, shape);
  expect(largestDifference(after.real, wanted.real)).toBeLessThan(2e-6);
  expect(largestDifference(after.imag, wanted.imag)).toBeLessThan(2e-6);
  expect(after.gain).toEqual(spectrum.partials.gain);
  expect(after.frequency).toEqual(spectrum.partials.frequency);
}

describe('the kernel', () => {
  test.each(LENGTHS)('%i STFT frames of 3 partials are the twin’s', (frames) => {
    expectTwin(seededSpectrum(frames, 3, SMALL), SMALL);
  });

  test.each(LENGTHS)('2 STFT frames of %i partials are the twin’s', (channels) => {
    expectTwin(seededSpectrum(2, channels, OWN), OWN);
  });

  test('a partial on a bin, on both its neighbours’ borders and at the edges is the twin’s', () => {
    const bins = [0, 0.5, 1, 1.5, 2.5, 7, 15, 15.5, 16];
    const spectrum = seededSpectrum(3, bins.length, SMALL);
    const frequency = Float32Array.from([...bins, ...bins, ...bins], (bin) => (bin * 1000) / 32);
    expectTwin({ ...spectrum, partials: { ...spectrum.partials, frequency } }, SMALL);
  });

  test('in two calls bit for bit what it is in one', () => {
    const spectrum = seededSpectrum(20, 5, SMALL);
    const whole = run(spectrum, SMALL);
    for (const cut of [0, 1, 7, 20]) {
      const first = run(spectrum, SMALL, new Float64Array(5), [0, cut]);
      const second = run(spectrum, SMALL, first.phases, [cut, 20]);
      expect(new Float32Array([...first.real, ...second.real])).toEqual(whole.real);
      expect(new Float32Array([...first.imag, ...second.imag])).toEqual(whole.imag);
      expect(second.phases).toEqual(whole.phases);
    }
  });

  test('a frequency that is no number touches nothing but bins', () => {
    for (const hertz of [Number.NaN, Infinity, -Infinity, 1e30]) {
      const spectrum = seededSpectrum(2, 3, SMALL);
      spectrum.partials.frequency.fill(hertz);
      run(spectrum, SMALL);
    }
  });
});

describe('after the inverse STFT', () => {
  const inverse = createInverseStft(kernels, OWN);
  const SECONDS = 2;

  function ring(hertz: number, gain: number): Float32Array {
    const frames = (SECONDS * OWN.sampleRate) / OWN.hop;
    const zeros = new Float32Array(frames * (OWN.size / 2 + 1));
    const steady = (value: number) => new Float32Array(frames).fill(value);
    const partials = { gain: steady(gain), frequency: steady(hertz), channels: 1 };
    return inverse.run({ real: zeros, imag: zeros, noise: zeros, frames, partials });
  }

  test.each([437.3, 1000, 1015.625, 1234.5, 9876.5])(
    'a steady partial at %f Hz is a pure tone',
    (hertz) => {
      const amplitude = 0.25;
      const pcm = ring(hertz, (amplitude * OWN.size) / 4).subarray(1000, 1000 + 32768);
      const { found, level, restDb } = analyse(pcm, hertz);
      expect(Math.abs(found - hertz)).toBeLessThan(1);
      expect(Math.abs(level / amplitude - 1)).toBeLessThan(0.01);
      expect(restDb).toBeLessThan(-40);
    },
  );

  /** Fits a sine near `hertz`. @returns where it fits best, its amplitude, and what it leaves over. */
  function analyse(pcm: Float32Array, hertz: number) {
    const energy = pcm.reduce((sum, x) => sum + x * x, 0);
    const fits = Array.from({ length: 13 }, (_, i) => {
      const found = hertz - 3 + i / 2;
      const omega = (2 * Math.PI * found) / OWN.sampleRate;
      let [re, im] = [0, 0];
      pcm.forEach((x, n) => {
        re += x * Math.cos(omega * n);
        im += x * Math.sin(omega * n);
      });
      return { found, level: (2 * Math.hypot(re, im)) / pcm.length };
    });
    const best = fits.reduce((a, b) => (b.level > a.level ? b : a));
    const rest = 1 - (best.level ** 2 * pcm.length) / 2 / energy;
    return { ...best, restDb: 10 * Math.log10(Math.max(rest, 1e-12)) };
  }
});
