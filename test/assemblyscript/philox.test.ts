import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/philox.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();

function philox(counter: twin.Words, [key0, key1]: [number, number]): number[] {
  const block = Uint32Array.from(counter);
  const run = guarded(kernels, { block }, (at) => kernels.call.philox(at.block, key0, key1));
  return Array.from(run.after.block);
}

function uniform(seed: number, step: number, codebook: number): number {
  const block = new Uint32Array(4);
  return guarded(kernels, { block }, (at) => kernels.call.uniform(at.block, seed, step, codebook))
    .returned;
}

const ALL = 0xffffffff;
const KNOWN: { counter: twin.Words; key: [number, number]; words: twin.Words }[] = [
  {
    counter: [0, 0, 0, 0],
    key: [0, 0],
    words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  },
  {
    counter: [ALL, ALL, ALL, ALL],
    key: [ALL, ALL],
    words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
];

describe('known answers of Random123', () => {
  test.each(KNOWN)('counter $counter', ({ counter, key, words }) => {
    expect(philox(counter, key)).toEqual(words);
    expect(twin.philox(counter, key)).toEqual(words);
  });
});

test('a thousand uniforms are the twin’s, all in [0, 1)', () => {
  for (let i = 0; i < 1000; i++) {
    const seed = (i * 2654435761) >>> 0;
    const value = uniform(seed, i, i % 4);
    expect(value).toBe(twin.uniform(seed, i, i % 4));
    expect(value).toBeLessThan(1);
  }
});

test('seed, step and codebook each change the draw', () => {
  const draws = [uniform(0, 0, 0), uniform(1, 0, 0), uniform(0, 1, 0), uniform(0, 0, 1)];
  expect(new Set(draws).size).toBe(4);
});
