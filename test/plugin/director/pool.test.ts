import { describe, expect, test } from 'vitest';
import {
  countEvent,
  createPool,
  missingOf,
  pick,
  seedAt,
  seedsOf,
} from '../../../plugin/director/pool.ts';
import { createTakeLibrary } from '../../../plugin/takes.ts';
import { createFakeRuntime } from '../fake-runtime.ts';
import { sound } from '../sound-maps.ts';

const never = new AbortController().signal;

async function setUp(variations: number, ready: number[]) {
  const takes = createTakeLibrary({
    maker: createFakeRuntime(),
    context: null,
    onTake: () => {},
  });
  for (const seed of ready) await takes.get({ prompt: 'hit', seed }, never);
  const pool = createPool(sound('hit', { variations }), 'hit');
  const heard = () => {
    countEvent(pool, 0);
    const picked = pick(pool, takes);
    if (picked !== null) pool.heard = picked.playable.take.seed;
    return picked && { seed: picked.playable.take.seed, rung: picked.rung };
  };
  return { pool, takes, heard };
}

const repeats = (seeds: (number | undefined)[]) =>
  seeds.filter((seed, i) => i > 0 && seed === seeds[i - 1]);

describe('what is heard', () => {
  test('is the wanted take where all are ready, never the same twice in a row', async () => {
    const { heard } = await setUp(4, [0, 1, 2, 3]);
    const all = Array.from({ length: 200 }, heard);
    expect(new Set(all.map((one) => one?.rung))).toEqual(new Set(['exact']));
    expect(repeats(all.map((one) => one?.seed))).toEqual([]);
  });

  test('is another take where the wanted one is missing, never the same twice in a row where two are ready', async () => {
    const { heard } = await setUp(5, [1, 3]);
    const all = Array.from({ length: 200 }, heard);
    expect(new Set(all.map((one) => one?.seed))).toEqual(new Set([1, 3]));
    expect(new Set(all.map((one) => one?.rung))).toEqual(new Set(['exact', 'variant']));
    expect(repeats(all.map((one) => one?.seed))).toEqual([]);
  });

  test('is the only take there is, again and again', async () => {
    const { heard } = await setUp(3, [2]);
    expect(new Set(Array.from({ length: 9 }, heard).map((one) => one?.seed))).toEqual(new Set([2]));
  });

  test('is nothing where none is ready', async () => {
    const { heard } = await setUp(3, []);
    expect(heard()).toBeNull();
  });
});

test('what is wanted depends on the session and the count alone, not on what was ready', async () => {
  const wanted = async (session: number, ready: number[]) => {
    const { pool, takes } = await setUp(4, ready);
    return Array.from({ length: 30 }, () => {
      countEvent(pool, session);
      pick(pool, takes);
      return pool.wanted;
    });
  };
  expect(await wanted(5, [])).toEqual(await wanted(5, [0, 2]));
  expect(await wanted(5, [])).not.toEqual(await wanted(6, []));
});

test('the first missing take is asked for next', async () => {
  const { pool, takes } = await setUp(3, [0]);
  expect(missingOf(pool, takes)?.seed).toBe(1);
  const full = await setUp(1, [0]);
  expect(missingOf(full.pool, full.takes)).toBeUndefined();
});

describe('seeds', () => {
  test.each([
    [null, [], [0, 1, 2]],
    [7, [], [7]],
    [null, [1], [0, 2, 3]],
    [null, [3, 0, 1], [2, 4, 5]],
    [null, [0, 1, 2, 3, 4], [5, 6, 7]],
  ])('locked %s, banned %j: %j', (lock, ban, seeds) => {
    expect(seedsOf(sound('hit', { variations: 3, takes: { lock, ban } }))).toEqual(seeds);
  });

  test('the nth is never banned, and no two are the same', () => {
    const ban = [0, 3, 4, 9, 20];
    const seeds = Array.from({ length: 40 }, (_, n) =>
      seedAt(sound('a', { takes: { lock: null, ban } }), n),
    );
    expect(new Set(seeds).size).toBe(40);
    expect(seeds.filter((seed) => ban.includes(seed))).toEqual([]);
  });
});
