import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/codec-decoder.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { expectSame, guarded } from './canaries.ts';

const kernels = await loadKernels();

interface Head {
  head: Float32Array;
  direct: Float32Array;
  centre: Float32Array;
  width: Float32Array;
}

/** Logarithms on both sides of where they are cut, phases of many turns. */
function seeded(bins: number, channels: number, turns = 3): Head {
  const parts = [
    noise(bins, 1, 14).map((x) => x - 5),
    noise(bins, 2, 2 * Math.PI * turns),
    noise(bins, 3, 10).map((x) => x - 5),
    noise(channels, 4, 10).map((x) => x - 5),
    noise(channels, 5, 4),
  ];
  return {
    head: Float32Array.from(parts.flatMap((part) => [...part])),
    direct: noise(bins + 2 * channels, 6, 3),
    centre: noise(channels, 7, 7000).map((x) => x + 7100),
    width: noise(channels, 8, 100).map((x) => x + 150),
  };
}

/** Fields of StftStream before the five that are written: assemblyscript/stft-stream.ts. */
const FIELDS_BEFORE = 5;

function readHead(arrays: Head): twin.StftFrame {
  const { head, direct, centre, width } = arrays;
  const channels = centre.length;
  const bins = direct.length - 2 * channels;
  const outputs = {
    ...{
      real: new Float32Array(bins),
      imag: new Float32Array(bins),
      noise: new Float32Array(bins),
    },
    ...{ gain: new Float32Array(channels), frequency: new Float32Array(channels) },
  };
  const stream = new Uint32Array(FIELDS_BEFORE + 5);
  const { after } = guarded(kernels, { ...arrays, ...outputs, stream }, (at) => {
    const fields = [at.real, at.imag, at.noise, at.gain, at.frequency];
    kernels.memory.u32(at.stream, stream.length).set(fields, FIELDS_BEFORE);
    kernels.call.readHead(
      ...([at.head, at.direct, bins, channels, at.centre, at.width, at.stream] as const),
    );
  });
  for (const name of ['head', 'direct', 'centre', 'width'] as const) {
    expectSame(after[name], { head, direct, centre, width }[name]);
  }
  const { real, imag, noise, gain, frequency } = after;
  const f64 = (values: Float32Array) => Float64Array.from(values);
  return {
    ...{ real: f64(real), imag: f64(imag), noise: f64(noise) },
    ...{ gain: f64(gain), frequency: f64(frequency) },
  };
}

/** Largest error, each relative to what `by` says. */
function largest(a: Float64Array, b: Float64Array, by: (i: number) => number): number {
  return a.reduce((found, x, i) => Math.max(found, Math.abs(x - b[i]!) / by(i)), 0);
}

function expectTwin(arrays: Head): void {
  const after = readHead(arrays);
  const wanted = twin.readHead(arrays.head, arrays.direct, arrays);
  const magnitude = (i: number) => Math.hypot(wanted.real[i]!, wanted.imag[i]!);
  expect(largest(after.real, wanted.real, magnitude)).toBeLessThan(2 ** -22);
  expect(largest(after.imag, wanted.imag, magnitude)).toBeLessThan(2 ** -22);
  // the sum of two logarithms up to 16 is rounded by up to 2⁻²¹
  expect(largest(after.noise, wanted.noise, (i) => wanted.noise[i]!)).toBeLessThan(2 ** -20);
  expect(largest(after.gain, wanted.gain, (i) => wanted.gain[i]!)).toBeLessThan(2 ** -20);
  const highest = (i: number) => arrays.centre[i]! + arrays.width[i]!;
  expect(largest(after.frequency, wanted.frequency, highest)).toBeLessThan(2 ** -22);
}

describe('against the twin', () => {
  test.each(LENGTHS)('%i bins', (bins) => {
    expectTwin(seeded(bins, 3));
  });

  test.each(LENGTHS)('%i channels', (channels) => {
    expectTwin(seeded(5, channels));
  });

  test('the model’s own 513 bins and 96 channels, phases up to 3000 turns', () => {
    for (const turns of [0.1, 1, 30, 3000]) expectTwin(seeded(513, 96, turns));
  });
});

describe('extreme values', () => {
  const BINS = 5;
  const CHANNELS = 3;
  /** Where the parts of the head begin. */
  const AT = {
    magnitude: 0,
    phase: BINS,
    noise: 2 * BINS,
    gain: 3 * BINS,
    offset: 3 * BINS + CHANNELS,
  };
  const withOne = (part: keyof typeof AT, value: number): twin.StftFrame => {
    const arrays = seeded(BINS, CHANNELS);
    arrays.head[AT[part] + 1] = value;
    return readHead(arrays);
  };

  test('logarithms are cut to −16 … 6', () => {
    for (const [value, wanted] of [
      [-Infinity, -16],
      [-1e30, -16],
      [1e30, 6],
      [Infinity, 6],
    ] as const) {
      const { real, imag } = withOne('magnitude', value);
      expect(Math.log(Math.hypot(real[1]!, imag[1]!))).toBeCloseTo(wanted, 5);
      expect(Math.log(withOne('noise', value).noise[1]!)).toBeCloseTo(wanted, 5);
      expect(Math.log(withOne('gain', value).gain[1]!)).toBeCloseTo(wanted, 5);
    }
  });

  test('a frequency stays within its channel', () => {
    const { centre, width } = seeded(BINS, CHANNELS);
    for (const [offset, sign] of [
      [1e30, 1],
      [Infinity, 1],
      [-12, -1],
      [-Infinity, -1],
    ] as const) {
      const { frequency } = withOne('offset', offset);
      expect(frequency[1]).toBeCloseTo(centre[1]! + sign * width[1]!, 2);
    }
  });

  test('a bin is never larger than its magnitude, whatever the phase', () => {
    for (let power = 0; power < 128; power++) {
      for (const phase of [2 ** power, -(2 ** power) * 1.9]) {
        const { real, imag } = withOne('phase', phase);
        const magnitude = Math.exp(Math.max(seeded(BINS, CHANNELS).head[1]!, -16)) * 1.000001;
        expect(Math.abs(real[1]!)).toBeLessThanOrEqual(magnitude);
        expect(Math.abs(imag[1]!)).toBeLessThanOrEqual(magnitude);
      }
    }
  });

  test('NaN anywhere, or an infinite phase, is NaN where it goes and nowhere else', () => {
    const reached = {
      magnitude: ['real', 'imag'],
      phase: ['real', 'imag'],
      noise: ['noise'],
      gain: ['gain'],
      offset: ['frequency'],
    };
    for (const part of Object.keys(AT) as (keyof typeof AT)[]) {
      for (const bad of part === 'phase' ? [Number.NaN, Infinity, -Infinity] : [Number.NaN]) {
        for (const [name, values] of Object.entries(withOne(part, bad))) {
          const wanted = Array.from(values, (_, i) => reached[part].includes(name) && i === 1);
          expect(Array.from(values, Number.isNaN), name).toEqual(wanted);
        }
      }
    }
  });
});
