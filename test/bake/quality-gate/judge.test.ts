/** The judge in the kernels against the PyTorch that exported it, and on takes of the embedded model. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createHearing } from '../../../bake/quality-gate/hearing.ts';
import { createJudge } from '../../../bake/quality-gate/judge.ts';
import { type JudgePack, openJudgePack } from '../../../bake/quality-gate/judge-pack.ts';
import { logMel } from '../../../bake/quality-gate/log-mel.ts';
import { createTower } from '../../../bake/quality-gate/tower.ts';
import { type Kernels, loadKernels } from '../../../runtime/kernels/kernels.ts';
import { hiss, SAMPLE_RATE } from './sounds.ts';
import { states, tones } from './tones.ts';

interface Case {
  seed: number;
  samples: number;
  /** The first ten STFT frames, f32 [10, 64]. */
  logMel: number[];
  heard: number[];
  meant: number[];
  score: number;
}

const GOLDEN = new URL('../../golden/foley-judge.json', import.meta.url);
const CASES: Case[] = JSON.parse(readFileSync(GOLDEN, 'utf8'));

let kernels: Kernels;
let pack: JudgePack;
beforeAll(async () => {
  kernels = await loadKernels();
  pack = await openJudgePack();
});

const furthest = (a: ArrayLike<number>, b: readonly number[]) =>
  Math.max(...b.map((value, i) => Math.abs(value - (a[i] ?? Number.NaN))));

describe.each(CASES)('as PyTorch has it: $samples samples', (one) => {
  const pcm = tones(one.samples, one.seed);

  test('the log-mel picture, within 1e-3', () => {
    const { values, stftFrames } = logMel(pcm, SAMPLE_RATE);
    expect(stftFrames).toBe(Math.ceil(one.samples / 320));
    expect(furthest(values, one.logMel)).toBeLessThan(1e-3);
  });

  test('what is heard and what is meant, within 2e-3', () => {
    expect(
      furthest(createHearing(kernels, pack.tensors)(pcm, SAMPLE_RATE), one.heard),
    ).toBeLessThan(2e-3);
    const mean = createTower(kernels, pack.tensors, 'meant', 768);
    expect(furthest(mean(states(one.seed)), one.meant)).toBeLessThan(2e-3);
  });

  test('the score, within 5e-3; the same again, and to the nearest thousandth', async () => {
    const judge = createJudge(kernels, pack, async () => ({
      ...{ data: states(one.seed), length: 1, width: 768 },
    }));
    const take = { pcm, sampleRate: SAMPLE_RATE, prompt: 'anything' };
    const score = await judge.score(take);
    expect(Math.abs(score - one.score)).toBeLessThan(5e-3);
    expect(await judge.score(take)).toBe(score);
    expect(Math.round(1000 * score) / 1000).toBe(score);
  });
});

describe('the judge', () => {
  test('hears sounds of any length, and the same where silence follows', () => {
    const hear = createHearing(kernels, pack.tensors);
    for (const length of [0, 1, 319, 320, 1281, 102400, 110000]) {
      const heard = hear(hiss(length / SAMPLE_RATE, -20), SAMPLE_RATE);
      expect(heard.every(Number.isFinite)).toBe(true);
      const size = heard.reduce((sum, value) => sum + value * value, 0);
      expect(size).toBeCloseTo(1, 4);
    }
    const sound = new Float32Array(64000);
    sound.set(tones(20000, 1));
    const shorter = hear(sound.subarray(0, 48000), SAMPLE_RATE);
    expect(furthest(hear(sound, SAMPLE_RATE), [...shorter])).toBeLessThan(1e-4);
  });

  test('reads a prompt once, however many takes it has', async () => {
    const read: string[] = [];
    const judge = createJudge(kernels, pack, async (prompt) => {
      read.push(prompt);
      return { data: states(1), length: 1, width: 768 };
    });
    for (const prompt of ['a', 'a', 'b', 'a']) {
      await judge.score({ pcm: tones(3200, 1), sampleRate: SAMPLE_RATE, prompt });
    }
    expect(read).toEqual(['a', 'b']);
  });
});
