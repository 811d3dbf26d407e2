import { describe, expect, test } from 'vitest';
import type { TokenOptions } from '../../runtime/engine.ts';
import { createSampledTokens } from '../../runtime/engines/sampled-tokens.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { createSampler } from '../../runtime/sampler.ts';
import { mixGuidance, sampleCode } from '../reference/sampling.ts';
import { noise } from '../reference/seeded.ts';

const SIZE = { numCodebooks: 3, codebookSize: 20 };
const { numCodebooks: K, codebookSize: V } = SIZE;
const OPTIONS: TokenOptions = {
  codecFrames: 5,
  guidanceScale: 3,
  temperature: 1,
  topK: 0,
  topP: 0,
  seed: 4,
};
const STEPS = OPTIONS.codecFrames + K - 1;
const sampler = createSampler(await loadKernels(), SIZE);

/** Logits f32 [B, K, V] of a step. */
const logitsAt = (step: number, batch: number) => noise(batch * K * V, step, 4);

/** A network that remembers what it is fed. */
function start(changes: Partial<TokenOptions> = {}) {
  const options = { ...OPTIONS, ...changes };
  const fed: number[][] = [];
  const failing = { now: false };
  const tokens = createSampledTokens(
    async (column) => {
      if (failing.now) throw new Error('lost');
      fed.push([...column]);
      return logitsAt(fed.length - 1, options.guidanceScale === 1 ? 1 : 2);
    },
    sampler,
    SIZE,
    options,
  );
  return { tokens, fed, failing };
}

async function allColumns(changes: Partial<TokenOptions> = {}): Promise<number[][]> {
  const { tokens } = start(changes);
  const columns: number[][] = [];
  for (let step = 0; step < STEPS; step++) columns.push([...(await tokens.next())]);
  return columns;
}

/** What the sampling twin draws, V outside the delay pattern. */
function twinColumns(guidanceScale: number): number[][] {
  return Array.from({ length: STEPS }, (_, step) =>
    Array.from({ length: K }, (_, codebook) => {
      if (step < codebook || step - codebook >= OPTIONS.codecFrames) return V;
      const logits = logitsAt(step, guidanceScale === 1 ? 1 : 2);
      const row = (at: number) => logits.slice(at * V, (at + 1) * V);
      const cond = row(codebook);
      const mixed =
        guidanceScale === 1 ? cond : mixGuidance(cond, row(K + codebook), guidanceScale);
      return sampleCode(mixed, { ...OPTIONS, step, codebook });
    }),
  );
}

describe('tokens sampled from logits', () => {
  test.each([1, 3])(
    'with guidance %d the columns are the twin’s, delayed',
    async (guidanceScale) => {
      expect(await allColumns({ guidanceScale })).toEqual(twinColumns(guidanceScale));
    },
  );

  test('a network is fed V first, then the column before', async () => {
    const { tokens, fed } = start();
    for (let step = 0; step < STEPS; step++) await tokens.next();
    expect(fed).toEqual([Array(K).fill(V), ...twinColumns(3).slice(0, -1)]);
  });

  test('logits asked for are computed once, and do not change what comes', async () => {
    const { tokens, fed } = start();
    const [a, b] = [await tokens.logits(), await tokens.logits()];
    expect(b).toBe(a);
    expect([...(await tokens.next())]).toEqual(twinColumns(3)[0]);
    expect(fed.length).toBe(1);
    expect(await tokens.logits()).toEqual(logitsAt(1, 2));
    expect([...(await tokens.next())]).toEqual(twinColumns(3)[1]);
    expect(fed.length).toBe(2);
  });

  test('one step too many is a RangeError, and the network is not run', async () => {
    const { tokens, fed } = start();
    for (let step = 0; step < STEPS; step++) await tokens.next();
    await expect(tokens.next()).rejects.toThrow(RangeError);
    await expect(tokens.next()).rejects.toThrow(`all ${STEPS} steps are done`);
    expect(fed.length).toBe(STEPS);
  });

  test('what the network throws comes out', async () => {
    const { tokens, failing } = start();
    await tokens.next();
    failing.now = true;
    await expect(tokens.next()).rejects.toThrow('lost');
  });

  test('logits that are no numbers: codebook and step told, the column as it was', async () => {
    const broken = logitsAt(1, 2).with(V + 3, Number.NaN);
    let step = 0;
    const logitsOf = async () => (step++ === 1 ? broken : logitsAt(0, 2));
    const tokens = createSampledTokens(logitsOf, sampler, SIZE, OPTIONS);
    const column = await tokens.next();
    const before = [...column];
    await expect(tokens.next()).rejects.toThrow('codebook 1 at step 1');
    expect([...column]).toEqual(before);
  });
});
