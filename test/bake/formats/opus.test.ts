import { beforeAll, describe, expect, test } from 'vitest';
import { encodeOpus } from '../../../bake/formats/opus.ts';
import { resample } from '../../../bake/formats/resample.ts';
import { toDb } from '../../../runtime/decibels.ts';
import { type Kernels, loadKernels } from '../../../runtime/kernels/kernels.ts';
import { scaled, truePeak } from '../../../runtime/true-peak.ts';
import { noise, sine } from '../../reference/seeded.ts';
import { decodeOpus, readComments } from '../../support/audio-files.ts';
import { FACTS } from './facts.ts';

const RATE = 32000;
let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
});

const encode = (pcm: Float32Array, isLoop = false) =>
  encodeOpus(kernels, pcm, RATE, { isLoop, facts: FACTS });

/** A struck thing: begins at once, dies away. */
function struck(length: number, hertz: number, amplitude: number): Float32Array {
  return sine(length / RATE, RATE, { hertz, amplitude }).map((x, i) => x * Math.exp(-i / 1500));
}

/** Samples by which `b` is later than `a`, where they are most alike. */
function lag(a: Float32Array, b: Float32Array): number {
  const likeness = (by: number) => a.reduce((sum, x, i) => sum + x * (b[i + by] ?? 0), 0);
  const lags = Array.from({ length: 801 }, (_, i) => i - 400);
  return lags.reduce((best, by) => (likeness(by) > likeness(best) ? by : best), 0);
}

/** dB of the error between two samples, the clip's end followed by its beginning. */
function errorAround(place: number, width: number, a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = place - width; i < place + width; i++) {
    const k = (i + a.length) % a.length;
    sum += (a[k]! - b[k]!) ** 2;
  }
  return 10 * Math.log10(sum / (2 * width));
}

describe('Ogg Opus', () => {
  test('a player hears as many samples as there are, from packets of any number', async () => {
    for (const length of [648, 1071, 1072, 1073, 3200, 32000, 40001]) {
      const { pcm, sampleRate } = await decodeOpus(await encode(noise(length, length, 0.1)));
      expect([sampleRate, pcm.length]).toEqual([48000, Math.ceil(1.5 * length)]);
    }
  });

  test('a sound begins where it begins', async () => {
    const chirp = struck(6400, 900, 0.5).map((x, i) => x * Math.sin(i * i * 1e-4));
    const late = new Float32Array(6400);
    late.set(chirp.subarray(0, 3200), 3200);
    for (const pcm of [chirp, late]) {
      const original = resample(pcm, { from: RATE, to: 48000 }, false);
      expect(Math.abs(lag(original, (await decodeOpus(await encode(pcm))).pcm))).toBeLessThan(3);
    }
  });

  test('true peak stays below −1 dBTP though the coder moves peaks, and the level does', async () => {
    const rough = noise(16000, 7);
    const hard = struck(16000, 700, 1).map((x, i) => x + 0.5 * Math.exp(-i / 200) * rough[i]!);
    const gain = 10 ** (-1 / 20) / truePeak(kernels, hard);
    const before = scaled(kernels, hard, gain);
    const { pcm } = await decodeOpus(await encode(before));
    expect(toDb(truePeak(kernels, pcm))).toBeLessThanOrEqual(-1 + 0.001);
    const energy = (of: Float32Array) => of.reduce((sum, x) => sum + x * x, 0) / of.length;
    expect(Math.abs(10 * Math.log10(energy(pcm) / energy(before)))).toBeLessThan(1.5);
  });

  test('a loop has no seam: the coder errs no more there than elsewhere', async () => {
    const length = 25601; // no whole number of samples at 48 kHz
    const pcm = Float32Array.from({ length }, (_, i) => {
      const turn = (2 * Math.PI * i) / length;
      return 0.3 * Math.sin(220 * turn) + 0.1 * Math.cos(1001 * turn);
    });
    const original = resample(pcm, { from: RATE, to: 48000 }, true);
    const asLoop = (await decodeOpus(await encode(pcm, true))).pcm;
    expect(asLoop.length).toBe(original.length);
    const elsewhere = errorAround(19200, 2400, original, asLoop);
    expect(errorAround(0, 240, original, asLoop)).toBeLessThan(elsewhere + 3);
    const asOneShot = (await decodeOpus(await encode(pcm))).pcm.subarray(0, original.length);
    expect(errorAround(0, 240, original, asOneShot)).toBeGreaterThan(elsewhere + 6);
  });

  test('it says what made it, and where it loops', async () => {
    const file = Buffer.from(await encode(noise(6400, 1, 0.1), true));
    expect(file.readUInt32LE(14)).toBe(0x89abcdef); // the sound key's first digits
    const comments = readComments(file.subarray(file.indexOf('OpusTags') + 8));
    expect(comments).toMatchObject({ ...{ TITLE: FACTS.sound, DESCRIPTION: FACTS.prompt } });
    expect(comments).toMatchObject({ SEED: '4294967295', LOOPSTART: '0', LOOPLENGTH: '9600' });
    expect(file.readUInt32LE(file.indexOf('OpusHead') + 12)).toBe(RATE);
  });

  test('about 24 kbit/s', async () => {
    const bytes = (await encode(noise(5 * RATE, 2, 0.2))).length;
    expect((bytes * 8) / 5).toBeGreaterThan(18_000);
    expect((bytes * 8) / 5).toBeLessThan(30_000);
  });

  test('same take, same bytes, also at the same time', async () => {
    const pcm = struck(6400, 500, 0.8);
    const [first, second] = await Promise.all([encode(pcm), encode(pcm)]);
    expect(second).toEqual(first);
  });
});
