/** The stream itself; runtime/inverse-stft.ts drives it over whole spectra in test/runtime/inverse-stft.test.ts. */
import { describe, expect, test } from 'vitest';
import type { Spectrum } from '../../runtime/engine.ts';
import type { Kernels } from '../../runtime/kernels/kernels.ts';
import type { StftShape } from '../../runtime/stft-shape.ts';
import { createStftStream } from '../../runtime/stft-stream.ts';
import * as twin from '../reference/inverse-stft.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';
import { onGuardedMemory } from './guarded-memory.ts';

const SHAPE: StftShape = { size: 32, hop: 10, sampleRate: 1000 };
const CHANNELS = 3;

/** Rows of an STFT frame: real, imag and noise [bins], gain and frequency [channels]. */
type Rows = Float32Array[];

function seededFrames(frames: number, { size, sampleRate }: StftShape, seed = 1): Rows[] {
  const bins = size / 2 + 1;
  return Array.from({ length: frames }, (_, j) => [
    ...[noise(bins, seed + 5 * j), noise(bins, seed + 5 * j + 1)],
    noise(bins, seed + 5 * j + 2).map(Math.abs),
    noise(CHANNELS, seed + 5 * j + 3).map(Math.abs),
    noise(CHANNELS, seed + 5 * j + 4, sampleRate / 4).map((x) => x + sampleRate / 4),
  ]);
}

function asSpectrum(rows: Rows[]): Spectrum {
  const plane = (part: number) => Float32Array.from(rows.flatMap((row) => [...row[part]!]));
  const partials = { gain: plane(3), frequency: plane(4), channels: CHANNELS };
  return { real: plane(0), imag: plane(1), noise: plane(2), frames: rows.length, partials };
}

function openStream({ memory, call }: Kernels, shape: StftShape) {
  const stream = createStftStream(memory, shape, CHANNELS);
  const pcm = memory.keep(4 * (shape.size + shape.hop));
  return {
    reset: () => stream.reset(),
    /** @returns the samples that come out */
    add(rows: Rows, last: boolean): Float32Array {
      const { real, imag, noise, gain, frequency } = stream.input;
      [real, imag, noise, gain, frequency].forEach((address, part) => {
        memory.f32(address, rows[part]!.length).set(rows[part]!);
      });
      return memory.f32(pcm, call.addStftFrame(stream.address, last, pcm)).slice();
    },
  };
}

/** What comes out after each STFT frame of one clip. */
function run(rows: Rows[], shape = SHAPE): Promise<Float32Array[]> {
  return onGuardedMemory((kernels) => {
    const stream = openStream(kernels, shape);
    stream.reset();
    return rows.map((row, j) => stream.add(row, j === rows.length - 1));
  });
}

const joined = (parts: Float32Array[]) => parts.flatMap((part) => [...part]);

function largestDifference(a: number[], b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i]!)), 0);
}

describe('against the twin', () => {
  test.each(LENGTHS.slice(1))('%i STFT frames', async (frames) => {
    const rows = seededFrames(frames, SHAPE);
    const wanted = twin.inverseStft(asSpectrum(rows), SHAPE);
    expect(largestDifference(joined(await run(rows)), wanted)).toBeLessThan(2e-7);
  });

  test.each([
    [4, 2],
    [8, 2],
    [16, 2],
    [16, 14],
    [64, 4],
  ])('size %i, hop %i', async (size, hop) => {
    const shape = { size, hop, sampleRate: 1000 };
    for (const frames of [1, 2, 17, 40]) {
      const rows = seededFrames(frames, shape);
      const wanted = twin.inverseStft(asSpectrum(rows), shape);
      expect(largestDifference(joined(await run(rows, shape)), wanted)).toBeLessThan(2e-6);
    }
  });
});

describe('what comes out when', () => {
  test.each([
    [2, 2],
    [32, 32],
    [32, 10],
    [64, 4],
    [1024, 320],
  ])(
    'size %i, hop %i: all that no later STFT frame reaches, the rest at the end',
    async (size, hop) => {
      const rows = seededFrames(23, { size, hop, sampleRate: 32000 });
      let before = 0;
      (await run(rows, { size, hop, sampleRate: 32000 })).forEach((part, j) => {
        const isLast = j === 22;
        const out = isLast ? 23 * hop : Math.max(0, (j + 1) * hop - (size - hop) / 2);
        expect(part.length).toBe(out - before);
        before = out;
      });
    },
  );

  test('it is the same whatever follows', async () => {
    const rows = seededFrames(20, SHAPE);
    const whole = await run(rows);
    for (const cut of [1, 7, 19]) {
      const other = [...rows.slice(0, cut), ...seededFrames(20 - cut, SHAPE, 999)];
      expect((await run(other)).slice(0, cut)).toEqual(whole.slice(0, cut));
      const short = await run(rows.slice(0, cut));
      expect(short.slice(0, -1)).toEqual(whole.slice(0, cut - 1));
    }
  });
});

describe('streams', () => {
  const [a, b] = [seededFrames(9, SHAPE), seededFrames(9, SHAPE, 500)];

  test('two side by side do not disturb each other', async () => {
    const parts = await onGuardedMemory((kernels) => {
      const [one, other] = [openStream(kernels, SHAPE), openStream(kernels, SHAPE)];
      one.reset();
      other.reset();
      return a.map((row, j) => [one.add(row, j === 8), other.add(b[j]!, j === 8)]);
    });
    expect(parts.map(([part]) => part)).toEqual(await run(a));
    expect(parts.map(([, part]) => part)).toEqual(await run(b));
  });

  test('a clip left half-way, or full of NaN, leaves nothing behind', async () => {
    const broken = a.map((rows) => rows.map((row) => row.map(() => Number.NaN)));
    const parts = await onGuardedMemory((kernels) => {
      const stream = openStream(kernels, SHAPE);
      stream.reset();
      for (const row of [...b.slice(0, 5), ...broken]) stream.add(row, false);
      stream.reset();
      return a.map((row, j) => stream.add(row, j === 8));
    });
    expect(parts).toEqual(await run(a));
  });

  test('NaN in one STFT frame reaches the samples under its window, no others', async () => {
    const rows = seededFrames(12, SHAPE);
    rows[5]![0]![3] = Number.NaN;
    const begin = 5 * SHAPE.hop - (SHAPE.size - SHAPE.hop) / 2;
    joined(await run(rows)).forEach((sample, at) => {
      expect(Number.isNaN(sample)).toBe(at >= begin && at < begin + SHAPE.size);
    });
  });
});
