import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { createSampler, type SampleOptions } from '../../runtime/sampler.ts';
import { uniform } from '../reference/philox.ts';
import { mixGuidance, sampleCode } from '../reference/sampling.ts';
import { LENGTHS, noise } from '../reference/seeded.ts';

const kernels = await loadKernels();

const PLAIN: SampleOptions = {
  guidanceScale: 3,
  temperature: 1,
  topK: 0,
  topP: 0,
  seed: 0,
  step: 0,
};

interface Case extends Partial<SampleOptions> {
  logits: Float32Array;
  batch?: 1 | 2;
  numCodebooks?: number;
}

function sample({ logits, batch = 1, numCodebooks = 1, ...options }: Case): number[] {
  const codebookSize = logits.length / batch / numCodebooks;
  const out = new Uint16Array(numCodebooks);
  const sampler = createSampler(kernels, { numCodebooks, codebookSize });
  sampler.sample(logits, batch, { ...PLAIN, ...options }, out);
  return Array.from(out);
}

function twin({ logits, batch = 1, numCodebooks = 1, ...options }: Case): number[] {
  const size = logits.length / batch / numCodebooks;
  const settings = { ...PLAIN, ...options };
  return Array.from({ length: numCodebooks }, (_, codebook) => {
    const row = (at: number) => logits.slice(at * size, (at + 1) * size);
    const cond = row(codebook);
    const { guidanceScale } = settings;
    const mixed =
      batch === 1 ? cond : mixGuidance(cond, row(numCodebooks + codebook), guidanceScale);
    return sampleCode(mixed, { ...settings, codebook });
  });
}

/** How often each of `codebookSize` codes comes in `draws` steps. */
function histogram(draws: number, logits: Float32Array, options: Partial<SampleOptions>): number[] {
  const counts = new Array<number>(logits.length).fill(0);
  for (let step = 0; step < draws; step++) counts[sample({ logits, ...options, step })[0]!]!++;
  return counts;
}

describe('against the twin', () => {
  const settings: Partial<SampleOptions>[] = [
    {},
    { temperature: 0 },
    { temperature: 0.5, topK: 5 },
    { temperature: 2, topP: 0.7 },
    { topK: 20, topP: 0.9, guidanceScale: 7.5 },
    { topK: 2000, topP: 1 },
  ];

  test.each(LENGTHS.slice(1))('codebooks of %i codes: the same codes', (codebookSize) => {
    const logits = noise(2 * 3 * codebookSize, codebookSize, 5);
    for (const [seed, options] of settings.entries()) {
      const all = { ...options, logits, numCodebooks: 3, batch: 2 as const, seed, step: 9 };
      expect(sample(all)).toEqual(twin(all));
    }
  });

  test('4 codebooks of 1024 codes, 200 steps: the same codes', () => {
    for (let step = 0; step < 200; step++) {
      const logits = noise(2 * 4 * 1024, step, 4);
      const options = settings[step % settings.length]!;
      const all = { ...options, logits, numCodebooks: 4, batch: 2 as const, seed: 77, step };
      expect(sample(all)).toEqual(twin(all));
    }
  });
});

describe('what the options do', () => {
  test('same seed, same codes; every step, seed and codebook draws for itself', () => {
    const row = noise(1024, 1, 1);
    const logits = Float32Array.of(...row, ...row, ...row, ...row);
    const codes = (seed: number, step: number) => sample({ logits, numCodebooks: 4, seed, step });
    expect(codes(5, 3)).toEqual(codes(5, 3));
    expect(codes(5, 3)).not.toEqual(codes(6, 3));
    expect(codes(5, 3)).not.toEqual(codes(5, 4));
    expect(new Set(codes(5, 3)).size).toBe(4);
  });

  test('these codes, in every JavaScript engine and every release', () => {
    const logits = noise(2 * 4 * 1024, 2026, 6);
    const codes = [0, 1, 2, 3].map((step) =>
      sample({ logits, batch: 2, numCodebooks: 4, topK: 128, seed: 42, step }),
    );
    expect(codes).toEqual([
      [458, 527, 1002, 221],
      [302, 638, 502, 422],
      [47, 638, 502, 281],
      [893, 619, 1002, 211],
    ]);
  });

  test('temperature 0 takes the likeliest, the lowest of equals', () => {
    expect(sample({ logits: Float32Array.of(1, 4, 2, 4), temperature: 0 })).toEqual([1]);
    expect(sample({ logits: Float32Array.of(1, 4, 2, 4), temperature: 1e-300 })).toEqual([1]);
  });

  test('top-k 1 and a tiny top-p are the likeliest at any temperature', () => {
    for (let step = 0; step < 50; step++) {
      const logits = noise(100, step, 2);
      const likeliest = sample({ logits, temperature: 0 });
      expect(sample({ logits, topK: 1, temperature: 10, step })).toEqual(likeliest);
      expect(sample({ logits, topP: 1e-6, temperature: 10, step })).toEqual(likeliest);
    }
  });

  test('top-k keeps exactly k, of equals the lowest', () => {
    const counts = histogram(400, new Float32Array(9), { topK: 3 });
    expect(counts.map((count) => count > 0)).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0].map(Boolean));
  });

  test('top-p drops the tail', () => {
    const logits = Float32Array.of(0.1, 0.5, 0.05, 0.35).map(Math.log);
    const counts = histogram(400, logits, { topP: 0.8 });
    expect(counts.map((count) => count > 0)).toEqual([false, true, false, true]);
  });

  test('guidance pushes away from the null condition', () => {
    const logits = Float32Array.of(1, 1.1, 0, 0, 1, 0);
    expect(sample({ logits, batch: 2, temperature: 0, guidanceScale: 1 })).toEqual([1]);
    expect(sample({ logits, batch: 2, temperature: 0, guidanceScale: 3 })).toEqual([0]);
  });

  test('codes share the uniform from the likeliest down', () => {
    const logits = Float32Array.of(0.1, 0.6, 0.3).map(Math.log);
    for (let step = 0; step < 500; step++) {
      const u = uniform(21, step, 0);
      const wanted = u < 0.6 ? 1 : u < 0.9 ? 2 : 0;
      expect(sample({ logits, seed: 21, step })).toEqual([wanted]);
    }
  });
});

describe('distribution', () => {
  test.each([0.5, 1, 2])('at temperature %d, χ² over 8 codes stays below its 99.9 % bound', (t) => {
    const logits = Float32Array.of(0, -1, 2, 0.5, -0.3, 1, 1.5, -0.7);
    const draws = 20000;
    const weights = Array.from(logits, (logit) => Math.exp(logit / t));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const counts = histogram(draws, logits, { temperature: t, seed: 11 });
    const chiSquare = counts.reduce((sum, count, code) => {
      const wanted = (draws * weights[code]!) / total;
      return sum + (count - wanted) ** 2 / wanted;
    }, 0);
    expect(chiSquare).toBeLessThan(24.32);
  });
});

describe('bad input', () => {
  test.each([Number.NaN, Infinity, -Infinity])('%d among the logits is a RangeError', (bad) => {
    for (const place of [0, 63, 64, 127, 128, 255]) {
      const logits = noise(256, 1);
      logits[place] = bad;
      const named = new RegExp(`codebook ${Math.floor(place / 64) % 2} at step 0`);
      for (const temperature of [0, 1]) {
        const run = () => sample({ logits, batch: 2, numCodebooks: 2, temperature });
        expect(run).toThrow(RangeError);
        expect(run).toThrow(named);
      }
    }
  });

  test('the codes are untouched when the last codebook is bad', () => {
    const logits = noise(20, 1);
    logits[19] = Number.NaN;
    const out = Uint16Array.of(7, 7);
    const sampler = createSampler(kernels, { numCodebooks: 2, codebookSize: 10 });
    expect(() => sampler.sample(logits, 1, PLAIN, out)).toThrow(RangeError);
    expect(Array.from(out)).toEqual([7, 7]);
  });

  test('sizes that do not fit are a RangeError that names both', () => {
    const sampler = createSampler(kernels, { numCodebooks: 4, codebookSize: 10 });
    const run = () => sampler.sample(new Float32Array(40), 2, PLAIN, new Uint16Array(4));
    expect(run).toThrow(RangeError);
    expect(run).toThrow(/2 × 4 × 10 logits.*got 40/);
    const short = () => sampler.sample(new Float32Array(40), 1, PLAIN, new Uint16Array(3));
    expect(short).toThrow(RangeError);
  });

  test('the logits given are not changed', () => {
    const logits = noise(64, 1);
    const before = logits.slice();
    sample({ logits, batch: 2 });
    expect(logits).toEqual(before);
  });
});
