import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { GateSettings, TakeJob, TakeMaker, TakeRecord } from '../../../bake/contract.ts';
import { makeOnQueue, type QueueOptions } from '../../../bake/team/make-on-queue.ts';
import { closeAll, connect, QUEUE_NAME } from '../../../bake/team/queue.ts';
import { type WorkOptions, work } from '../../../bake/team/work.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { type RedisServer, startRedis } from '../../support/redis-server.ts';
import { fakeMaker, jobOf, memoryStore } from './records.ts';

const JOBS = Array.from({ length: 60 }, (_, number) => jobOf(number));

let redis: RedisServer;
let store = memoryStore();
let stops: AbortController[] = [];
let working: Promise<number>[] = [];

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.dispose());
afterEach(endWorkers);

async function endWorkers(): Promise<void> {
  for (const stop of stops) stop.abort();
  await Promise.all(working);
  stops = [];
  working = [];
}

function beginWorker(maker: TakeMaker = fakeMaker(), options: Partial<WorkOptions> = {}): void {
  const stop = new AbortController();
  stops.push(stop);
  const openMaker = async () => maker;
  const nameOf = ({ id }: TakeJob) => id;
  const common = { url: redis.url, store, nameOf, logger: silentLogger };
  working.push(work({ ...common, openMaker, signal: stop.signal, ...options }));
}

/** @returns what the bake was told, in order, and the warnings. */
async function bakeOnQueue(options: Partial<QueueOptions> = {}, signal?: AbortSignal) {
  const records: TakeRecord[] = [];
  const warnings: string[] = [];
  const logger = { info: () => {}, warn: (text: string) => warnings.push(text) };
  const common = { url: redis.url, store, gate: null, logger };
  const make = makeOnQueue({ ...common, ...options });
  await make(JOBS, async (record) => void records.push(record), signal);
  return { records, warnings };
}

/** Something that is waited for. */
function gate() {
  let open = () => {};
  const isOpen = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { isOpen, open };
}

const numbersOf = (records: readonly TakeRecord[]) =>
  records.map(({ job }) => job.spec.seed).sort((a, b) => a - b);
const ALL = JOBS.map((_, number) => number);

afterEach(() => {
  store = memoryStore();
});

describe('a queue', () => {
  test('three workers make every take once, and the bake hears of each once', async () => {
    for (const _ of [1, 2, 3]) beginWorker();
    const { records } = await bakeOnQueue();
    expect(numbersOf(records)).toEqual(ALL);
    expect(store.puts).toBe(JOBS.length);
    await endWorkers();
  });

  test('of takes that are done at once, sixteen are read at a time', async () => {
    const [allMade, sixteen] = [gate(), gate()];
    const told = {
      ...store,
      async put(record: TakeRecord) {
        await store.put(record);
        if (store.puts === JOBS.length) allMade.open();
      },
    };
    beginWorker(fakeMaker(), { store: told });
    let [reading, most] = [0, 0];
    const slow = {
      ...store,
      async get(id: string) {
        reading += 1;
        most = Math.max(most, reading);
        if (reading === 16) sixteen.open();
        await Promise.all([allMade.isOpen, sixteen.isOpen]);
        reading -= 1;
        return store.get(id);
      },
    };
    const { records } = await bakeOnQueue({ store: slow });
    expect(numbersOf(records)).toEqual(ALL);
    expect(most).toBe(16);
  });

  test('where a record fails, another that is just being kept is waited for', async () => {
    beginWorker();
    const second = gate();
    const queue = makeOnQueue({ url: redis.url, store, gate: null, logger: silentLogger });
    let begun = 0;
    let hasKept = false;
    const end = queue(JOBS, async () => {
      begun += 1;
      if (begun === 1) return second.isOpen.then(() => Promise.reject(new Error('disk full')));
      second.open();
      await bakeOnQueue(); // a slow disk: a whole bake has begun and ended before
      hasKept = true;
    });
    await expect(end).rejects.toThrow('disk full');
    expect([begun, hasKept]).toEqual([2, true]);
  });

  test('what is in the store is not made again', async () => {
    beginWorker();
    await bakeOnQueue();
    const { records } = await bakeOnQueue();
    expect(numbersOf(records)).toEqual(ALL);
    expect(store.puts).toBe(JOBS.length);
  });

  test('a take that fails once is tried again', async () => {
    const failed = new Set<string>();
    const failsOnce = fakeMaker(({ id, spec }) => {
      if (spec.seed !== 7 || failed.has(id)) return;
      failed.add(id);
      throw new Error('a passing trouble');
    });
    beginWorker(failsOnce);
    expect(numbersOf((await bakeOnQueue()).records)).toEqual(ALL);
    expect(failed.size).toBe(1);
  });

  test('a take that always fails ends the bake with its prompt and the reason', async () => {
    const fails = fakeMaker(({ spec }) => {
      if (spec.seed === 7) throw new Error('the disk is full');
    });
    beginWorker(fails);
    await expect(bakeOnQueue()).rejects.toThrow(
      '"sound 7" (sound, seed 7) failed 3 times: the disk is full',
    );
  });

  test('a worker with another model refuses', async () => {
    beginWorker(fakeMaker(), { nameOf: () => 'b'.repeat(64) });
    await expect(bakeOnQueue()).rejects.toThrow(
      'this worker would make another take than the bake asks for',
    );
  });

  test('a worker with another store is found out', async () => {
    beginWorker(fakeMaker(), { store: memoryStore() });
    await expect(bakeOnQueue()).rejects.toThrow('Give the bake and all workers the same --store');
  });

  test('jobs that vanish without a word are asked for again', async () => {
    const baking = bakeOnQueue({ lookAgain: 0.2 });
    const connection = await connect(redis.url);
    const queue = new Queue(QUEUE_NAME, { connection });
    await vi.waitFor(async () => expect(await queue.count()).toBe(JOBS.length));
    await queue.drain();
    await closeAll(connection, [queue.close()]);
    beginWorker();
    expect(numbersOf((await baking).records)).toEqual(ALL);
  });

  test('a worker holds one maker: that of the gate that was asked for last', async () => {
    const told: string[] = [];
    const openMaker = async (gate: GateSettings | null) => {
      told.push(`open ${gate?.maxRolls}`);
      return { ...fakeMaker(), dispose: async () => void told.push(`end ${gate?.maxRolls}`) };
    };
    beginWorker(fakeMaker(), { openMaker });
    for (const maxRolls of [1, 1, 2]) {
      store.clear();
      await bakeOnQueue({ gate: { maxRolls, minScore: 0, maxLikeness: 1 } });
    }
    expect(told).toEqual(['open 1', 'end 1', 'open 2']);
  });

  test('an aborted bake ends with AbortError', async () => {
    const stop = new AbortController();
    const baking = bakeOnQueue({}, stop.signal);
    stop.abort();
    await expect(baking).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an aborted bake does not wait for a store that says nothing', async () => {
    beginWorker();
    const stop = new AbortController();
    const get = () => new Promise<undefined>(() => stop.abort());
    const silent = { ...store, get };
    const baking = bakeOnQueue({ store: silent }, stop.signal);
    await expect(baking).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('Redis', () => {
  test('gone in the middle and back, empty: all is made all the same', async () => {
    let made = 0;
    let restart: Promise<void> | undefined;
    const maker = fakeMaker(() => {
      made += 1;
      if (made === 20) restart = redis.stop().then(redis.start);
    });
    beginWorker(maker);
    beginWorker(maker);
    const { records, warnings } = await bakeOnQueue();
    await restart;
    expect(numbersOf(records)).toEqual(ALL);
    expect(warnings[0]).toMatch(/lost Redis at redis:\/\/127\.0\.0\.1:\d+; trying again for 60 s/);
    expect(warnings[1]).toMatch(/Redis is back; \d+ takes are left/);
  });

  test('gone for good: one line says so, and what is made is kept', async () => {
    let made = 0;
    beginWorker(
      fakeMaker(async () => {
        made += 1;
        if (made === 20) await redis.stop();
      }),
    );
    await expect(bakeOnQueue({ patience: 0.5 })).rejects.toThrow(
      /has been gone for 0\.5 s with \d+ takes left\. What is made is in the store/,
    );
    expect(store.puts).toBeGreaterThanOrEqual(19);
    await redis.start();
  });

  test.each([
    ['redis://127.0.0.1:1', /no Redis at redis:\/\/127\.0\.0\.1:1.*ECONNREFUSED/],
    ['redis://:secret@127.0.0.1:1', /no Redis at redis:\/\/127\.0\.0\.1:1(?!.*secret)/],
    ['localhost', /--queue must be an address like redis:\/\/host:6379, got 'localhost'/],
    ['http://localhost:6379', /--queue must be an address/],
  ])('not there: %s', async (url, message) => {
    await expect(bakeOnQueue({ url })).rejects.toThrow(message);
  });
});
