/** Jobs become records: out of the store, or made; and a store that does not answer keeps nobody waiting. */
import { expect, test } from 'vitest';
import { makeTakes } from '../../../bake/bake/make-takes.ts';
import { createProgressCount } from '../../../bake/bake/progress-count.ts';
import type { TakeStore } from '../../../bake/contract.ts';
import type { MakeAll } from '../../../bake/take-pool.ts';
import { AbortError } from '../../../runtime/errors.ts';
import { FACTS, job, record } from '../records.ts';

const jobs = [0, 1, 2].map((seed) => job({ seed }));

/** Makes each, and remembers which. */
function maker() {
  const made: number[] = [];
  const makeAll: MakeAll = async (all, onRecord) => {
    for (const one of all) {
      made.push(one.spec.seed);
      await onRecord(record(one));
    }
  };
  return { made, makeAll };
}

function making(store: Partial<TakeStore>, makeAll: MakeAll, signal?: AbortSignal) {
  const whole = { place: 'memory', get: async () => undefined, put: async () => {}, ...store };
  const parts = { store: whole, makeAll, facts: { ...FACTS, gate: null }, signal };
  return makeTakes(jobs, { ...parts, progress: createProgressCount() });
}

test('what the store has is taken from it, the rest is made and put there', async () => {
  const { made, makeAll } = maker();
  const put: number[] = [];
  const { records } = await making(
    {
      get: async (id) => (id === jobs[1]?.id ? record(jobs[1]) : undefined),
      put: async (one) => void put.push(one.job.spec.seed),
    },
    makeAll,
  );
  expect([made, put]).toEqual([
    [0, 2],
    [0, 2],
  ]);
  expect([...records.keys()].sort()).toEqual(jobs.map(({ id }) => id).sort());
});

test('a store that says nothing: the signal ends it at once, and the store hears of it', async () => {
  const stop = new AbortController();
  const { made, makeAll } = maker();
  const heard = new Set<AbortSignal | undefined>();
  const get = (_id: string, signal?: AbortSignal) => {
    heard.add(signal);
    return new Promise<undefined>(() => {});
  };
  const taken = making({ get }, makeAll, stop.signal);
  stop.abort();
  await expect(taken).rejects.toThrow(AbortError);
  expect([made, [...heard]]).toEqual([[], [stop.signal]]);
});
