import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GateSettings, TakeJob, TakeMaker, Verdict } from '../../bake/contract.ts';
import { openNodePipeline } from '../../bake/node-pipeline.ts';
import { rollSeed } from '../../bake/take-maker/roll-seed.ts';
import { createTakeMaker, type OpenGate } from '../../bake/take-maker.ts';
import { createBakedDecoder, openDecoderPack } from '../../runtime/baked-decoder.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';
import { job } from './records.ts';

const GATE: GateSettings = { maxRolls: 4, minScore: 0, maxLikeness: 0.9 };
const MADE = job({ duration: 0.3, prompt: 'a door', seed: 5 });
const verdict = (fields: Partial<Verdict>): Verdict => ({
  ...{ faults: [], score: null, fingerprint: new Float32Array(0) },
  ...fields,
});

/** A gate that says of each roll what the list says. */
function gateSaying(...verdicts: Partial<Verdict>[]): { open: OpenGate; seeds: number[] } {
  const seeds: number[] = [];
  const judge = async ({ seed }: { seed: number }) => {
    seeds.push(seed);
    return verdict(verdicts[seeds.length - 1] ?? {});
  };
  return { open: async () => ({ judge }), seeds };
}

async function made(gate: ReturnType<typeof gateSaying>, of: TakeJob) {
  const maker = await createTakeMaker({ model: TINY_PACK, gate: GATE }, undefined, gate.open);
  try {
    return await maker.make(of);
  } finally {
    await maker.dispose();
  }
}

describe('without a gate', () => {
  let maker: TakeMaker;
  beforeAll(async () => {
    maker = await createTakeMaker({ model: TINY_PACK, gate: null });
  });
  afterAll(() => maker.dispose());

  test('the first roll is kept: the take that the pipeline makes of the request', async () => {
    const { pipeline } = await openNodePipeline(TINY_PACK);
    const take = await pipeline.generate({ ...MADE.spec, id: 1, priority: 0 });
    const record = await maker.make(MADE);
    expect(record).toMatchObject({ job: MADE, rolls: 1, verdict: { faults: [], score: null } });
    const { soundKey, codes, seed, spec, sound } = record.take;
    expect({ soundKey, codes, seed }).toEqual({
      soundKey: take.soundKey,
      codes: take.codes,
      seed: 5,
    });
    expect({ sound, spec }).toEqual({ sound: 'door', spec: MADE.spec });

    const source = folderSource(TINY_PACK, readFile);
    const { manifest, weights } = await openDecoderPack(source);
    const decoder = createBakedDecoder(await loadKernels(), manifest, weights);
    expect((await decoder.decode(record.take)).pcm).toEqual(take.pcm);
  });

  test('same job, same record; another maker makes the same', async () => {
    const other = await createTakeMaker({ model: TINY_PACK, gate: null });
    const record = await maker.make(MADE);
    await maker.make(job({ duration: 0.2, prompt: 'something else' }));
    expect(await maker.make(MADE)).toEqual(record);
    expect(await other.make(MADE)).toEqual(record);
    await other.dispose();
  });

  test('a job that was rolled before begins with its first roll', async () => {
    const { take, rolls } = await maker.make({ ...MADE, firstRoll: 2 });
    expect([take.seed, take.spec.seed, rolls]).toEqual([rollSeed(5, 2), 5, 1]);
  });

  test('aborted between rolls or steps it rejects with AbortError', async () => {
    await expect(maker.make(MADE, AbortSignal.abort())).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  test('disposing twice is fine', async () => {
    const other = await createTakeMaker({ model: TINY_PACK, gate: null });
    await other.dispose();
    await other.dispose();
  });
});

describe('with a gate', () => {
  const silent = { faults: ['silent' as const] };

  test('a take is rolled again until it passes', async () => {
    const gate = gateSaying(silent, silent, {});
    const { take, rolls, verdict: last } = await made(gate, MADE);
    expect(gate.seeds).toEqual([5, rollSeed(5, 1), rollSeed(5, 2)]);
    expect([take.seed, rolls, last.faults]).toEqual([rollSeed(5, 2), 3, []]);
  });

  test('if none passes the best is kept: fewest faults, then the highest score', async () => {
    const gate = gateSaying(
      { faults: ['clipped', 'off-prompt'], score: 0.9 },
      { faults: ['off-prompt'], score: 0.1 },
      { faults: ['off-prompt'], score: 0.3 },
      { faults: ['off-prompt'], score: 0.3 },
    );
    const { take, rolls, verdict: kept } = await made(gate, MADE);
    expect([take.seed, rolls, kept.score]).toEqual([rollSeed(5, 2), 4, 0.3]);
  });

  test('rolls before count: never more than there may be in all', async () => {
    const gate = gateSaying(silent, silent, silent, silent);
    const { rolls } = await made(gate, { ...MADE, firstRoll: 3 });
    expect([gate.seeds, rolls]).toEqual([[rollSeed(5, 3)], 1]);
  });

  test('a locked take is made as it is, whatever the gate says', async () => {
    const gate = gateSaying(silent);
    const { take, rolls, verdict: kept } = await made(gate, { ...MADE, isLocked: true });
    expect([take.seed, rolls, kept.faults]).toEqual([5, 1, ['silent']]);
  });
});

test('seeds of rolls differ from each other, and from those of a pool', () => {
  const seeds = [0, 1, 2, 63].flatMap((seed) =>
    Array.from({ length: 32 }, (_, roll) => rollSeed(seed, roll)),
  );
  expect(new Set(seeds).size).toBe(seeds.length);
  for (const seed of seeds) expect(seed >>> 0).toBe(seed);
});
