import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { integratedLoudness, kWeighting } from '../../runtime/loudness.ts';
import { HIGH_PASS_48K, integratedLoudness48k, SHELF_48K } from '../reference/loudness.ts';
import { noise, sine } from '../reference/seeded.ts';

const kernels = await loadKernels();
const loudness = (pcm: Float32Array, rate: number) => integratedLoudness(kernels, pcm, rate);

/** Seconds of a 1 kHz sine at one level after another, dBFS. */
function levels(sampleRate: number, parts: [seconds: number, dbfs: number][]): Float32Array {
  const sines = parts.map(([seconds, dbfs]) =>
    sine(seconds, sampleRate, { hertz: 1000, amplitude: 10 ** (dbfs / 20) }),
  );
  const pcm = new Float32Array(sines.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of sines) {
    pcm.set(each, at);
    at += each.length;
  }
  return pcm;
}

/** EBU's test signals are two equal channels: 10 · log10(2) louder than one. */
const SECOND_CHANNEL = 10 * Math.log10(2);

describe('K-weighting', () => {
  test('at 48 kHz it is the table of the standard', () => {
    const coefficients = kWeighting(48000);
    SHELF_48K.forEach((wanted, i) => {
      expect(coefficients[2 * i]).toBeCloseTo(wanted, 7);
    });
    HIGH_PASS_48K.forEach((wanted, i) => {
      expect(coefficients[2 * i + 1]).toBeCloseTo(wanted, 7);
    });
  });

  test.each([16000, 22050, 32000, 44100, 48000, 96000])(
    'at %i Hz a 997 Hz sine at full scale reads −3.01 LUFS',
    (sampleRate) => {
      const measured = loudness(sine(2, sampleRate, { hertz: 997 }), sampleRate);
      expect(Math.abs(measured + 3.01)).toBeLessThan(0.05);
    },
  );

  test('low notes count less: 20 Hz reads over 10 dB below 1 kHz', () => {
    const rate = 32000;
    const low = loudness(sine(2, rate, { hertz: 20 }), rate);
    const high = loudness(sine(2, rate, { hertz: 1000 }), rate);
    expect(high - low).toBeGreaterThan(10);
  });
});

describe('gating, after EBU Tech 3341', () => {
  const cases: { name: string; parts: [number, number][]; wanted: number }[] = [
    { name: '1: steady −23', parts: [[20, -23]], wanted: -23 },
    { name: '2: steady −33', parts: [[20, -33]], wanted: -33 },
    {
      name: '3: quiet edges fall to the relative gate',
      parts: [
        [10, -36],
        [60, -23],
        [10, -36],
      ],
      wanted: -23,
    },
    {
      name: '4: near-silence falls to the absolute gate',
      parts: [
        [10, -72],
        [10, -36],
        [60, -23],
        [10, -36],
        [10, -72],
      ],
      wanted: -23,
    },
    {
      name: '5: levels within the gate are averaged',
      parts: [
        [20, -26],
        [20.1, -20],
        [20, -26],
      ],
      wanted: -23,
    },
  ];
  test.each(cases)('$name', ({ parts, wanted }) => {
    const measured = loudness(levels(32000, parts), 32000) + SECOND_CHANNEL;
    expect(Math.abs(measured - wanted)).toBeLessThan(0.1);
  });
});

describe('against the twin', () => {
  test.each([0.4, 0.45, 1, 3.33])('%d s of noise', (seconds) => {
    const pcm = noise(48000 * seconds, 4, 0.2).map((x, i) => (i % 30000 < 9000 ? x : x / 50));
    expect(loudness(pcm, 48000)).toBeCloseTo(integratedLoudness48k(pcm), 6);
  });
});

describe('short and silent clips', () => {
  test('a clip under 400 ms is one block', () => {
    const short = sine(0.2, 32000, { hertz: 997, amplitude: 0.5 });
    expect(Math.abs(loudness(short, 32000) + 3.01 + 6.02)).toBeLessThan(0.1);
  });

  test('silence, near-silence and nothing at all read −Infinity', () => {
    expect(loudness(new Float32Array(32000), 32000)).toBe(-Infinity);
    expect(loudness(sine(1, 32000, { hertz: 1000, amplitude: 1e-4 }), 32000)).toBe(-Infinity);
    expect(loudness(new Float32Array(0), 32000)).toBe(-Infinity);
  });

  test('silence around a sound hardly changes its loudness', () => {
    const around = new Float32Array(5 * 32000);
    const sound = sine(2, 32000, { hertz: 1000, amplitude: 0.1 });
    around.set(sound, 32000);
    expect(Math.abs(loudness(around, 32000) - loudness(sound, 32000))).toBeLessThan(0.7);
  });
});
