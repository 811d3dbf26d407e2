import { expect, test } from 'vitest';
import { createAmbiencePool, TURNS_PER_TAKE } from '../../../plugin/ambience/ambience-pool.ts';
import type { SoundMaker } from '../../../plugin/takes/sound-maker.ts';
import { createTakeLibrary } from '../../../plugin/takes.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

function setUp(size: number, seedOf = (n: number) => n, offers?: SoundMaker['offers']) {
  const runtime = createFakeRuntime();
  const maker = { stream: runtime.stream, ...(offers && { offers }) };
  const takes = createTakeLibrary({ maker, context: null, onTake: () => {} });
  const pool = createAmbiencePool({
    takes,
    requestOf: (n) => ({ prompt: 'rain', seed: seedOf(n) }),
    size,
    now: () => 0,
    onFailed: () => {},
  });
  async function turns(count: number): Promise<number[]> {
    const seeds: number[] = [];
    for (let i = 0; i < count; i++) {
      pool.update();
      await settled();
      const take = pool.next();
      if (take === null) continue;
      seeds.push(take.playable.take.seed);
      pool.played(take);
    }
    return seeds;
  }
  return { pool, runtime, turns };
}

test('a new take is next; else the least recent', async () => {
  const { turns } = setUp(3);
  expect(await turns(11)).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 3, 2, 1]);
});

test('never the same twice in a row where there are two, and for ever new ones', async () => {
  for (const size of [2, 3, 8]) {
    const { pool, turns } = setUp(size);
    const seeds = await turns(100);
    expect(seeds.filter((seed, i) => seed === seeds[i - 1])).toEqual([]);
    expect(pool.made).toBeGreaterThan(100 / TURNS_PER_TAKE);
    expect(new Set(seeds).size).toBe(pool.made);
  }
});

test('of one take nothing more is made', async () => {
  const { pool, turns } = setUp(1);
  expect(await turns(20)).toEqual(new Array(20).fill(0));
  expect(pool.made).toBe(1);
});

test('of a locked seed there is one take, however many are wanted', async () => {
  const { pool, runtime, turns } = setUp(6, () => 42);
  expect(await turns(20)).toEqual(new Array(20).fill(42));
  expect([pool.made, runtime.requests.length]).toEqual([1, 1]);
});

test('while it rests nothing is made; what was being made is taken back', async () => {
  const { pool, runtime } = setUp(3);
  pool.update();
  pool.rest();
  await settled();
  expect([pool.made, runtime.aborted.length, pool.next()]).toEqual([0, 1, null]);
  pool.update();
  await settled();
  expect(pool.made).toBe(1);
});

test('where only a few takes can be had, all of them come round again, and nothing else is asked for', async () => {
  const seedOf = (n: number) => n + 1;
  for (const [size, baked] of [
    [3, 3],
    [3, 2],
    [2, 5],
  ] as const) {
    const { runtime, turns } = setUp(size, seedOf, ({ seed = 0 }) => seed <= baked);
    const seeds = await turns(100);
    const all = Array.from({ length: baked }, (_, n) => n + 1);
    expect([...new Set(seeds)].sort()).toEqual(all);
    expect([...new Set(runtime.requests.map(({ seed }) => seed))].sort()).toEqual(all);
    expect(seeds.filter((seed, i) => seed === seeds[i - 1])).toEqual([]);
    expect(seeds.slice(-40).sort()).not.toEqual(new Array(40).fill(seeds[0]));
  }
});
