import { describe, expect, test } from 'vitest';
import { settleNearCopies } from '../../../bake/bake/near-copies.ts';
import type { TakeJob, TakeRecord } from '../../../bake/contract.ts';
import { namedJob } from '../../../bake/job-id.ts';
import { FACTS, job, record } from '../records.ts';

/** A sound is a number, by seed and roll; equal numbers are near copies. */
type Sounds = (seed: number, roll: number) => number;

async function settle(jobs: readonly TakeJob[], sounds: Sounds, maxRolls = 4) {
  const made: [seed: number, firstRoll: number][][] = [];
  const make = (one: TakeJob): TakeRecord =>
    record(one, {
      verdict: {
        faults: [],
        score: null,
        fingerprint: Float32Array.of(sounds(one.spec.seed, one.firstRoll)),
      },
    });
  const makeAll = async (again: readonly TakeJob[]) => {
    made.push(again.map(({ spec, firstRoll }) => [spec.seed, firstRoll]));
    return new Map(again.map((one) => [one.id, make(one)]));
  };
  const records = new Map(jobs.map((one) => [one.id, make(one)]));
  const kept = await settleNearCopies(jobs, records, {
    ...{ maxLikeness: 0.9, maxRolls, makeAll },
    likeness: (a, b) => (a[0] === b[0] ? 1 : 0),
    again: (one, firstRoll) => namedJob({ ...one, firstRoll }, FACTS),
  });
  const of = ({ id }: TakeJob) => kept.get(id) as TakeRecord;
  const sound = (one: TakeJob) => of(one).verdict.fingerprint[0];
  return { made, of, sounds: jobs.map(sound), faults: jobs.map((one) => of(one).verdict.faults) };
}

const takes = (count: number) => Array.from({ length: count }, (_, seed) => job({ seed }));

describe('near copies', () => {
  test('takes that differ are kept, and nothing is made again', async () => {
    const { made, sounds } = await settle(takes(4), (seed) => seed);
    expect([made, sounds]).toEqual([[], [0, 1, 2, 3]]);
  });

  test('the later of two alike is rolled again, from where it left off', async () => {
    const { made, sounds } = await settle(takes(3), (seed, roll) =>
      seed === 2 ? 10 * roll : seed,
    );
    expect(made).toEqual([[[2, 1]]]);
    expect(sounds).toEqual([0, 1, 10]);
  });

  test('until it is like none before it', async () => {
    const rolls = [0, 1, 0, 7];
    const { made, sounds } = await settle(takes(3), (seed, roll) =>
      seed === 2 ? (rolls[roll] ?? -1) : seed,
    );
    expect(made).toEqual([[[2, 1]], [[2, 2]], [[2, 3]]]);
    expect(sounds).toEqual([0, 1, 7]);
  });

  test('one behind it waits, and is compared with what came of it', async () => {
    // 1 is like 0 and becomes 5; 2 was 5 all the time, so it has to change.
    const { made, sounds } = await settle(takes(3), (seed, roll) => {
      if (seed === 0) return 0;
      if (seed === 1) return roll === 0 ? 0 : 5;
      return roll === 0 ? 5 : 8;
    });
    expect(made).toEqual([[[1, 1]], [[2, 1]]]);
    expect(sounds).toEqual([0, 5, 8]);
  });

  test('a take that has had all its rolls is kept, with the fault', async () => {
    const { sounds, faults, made } = await settle(takes(3), (seed) => (seed === 2 ? 2 : 0), 3);
    expect(made).toEqual([[[1, 1]], [[1, 2]]]);
    expect(sounds).toEqual([0, 0, 2]);
    expect(faults).toEqual([[], ['near-copy'], []]);
  });

  test('a locked take is never rolled again', async () => {
    const jobs = [job(), job({ seed: 1 }, { isLocked: true })];
    const { made, faults } = await settle(jobs, () => 0);
    expect([made, faults]).toEqual([[], [[], ['near-copy']]]);
  });

  test('takes of other prompts, durations and loops may sound alike', async () => {
    const jobs = [job(), job({ prompt: 'b' }), job({ duration: 2 }), job({ loop: true })];
    expect((await settle(jobs, () => 0)).made).toEqual([]);
  });

  test('all prompts are rolled in the same round', async () => {
    const jobs = ['a', 'b'].flatMap((prompt) => [0, 1].map((seed) => job({ prompt, seed })));
    const { made } = await settle(jobs, (seed, roll) => (roll === 0 ? 0 : seed));
    expect(made).toEqual([
      [
        [1, 1],
        [1, 1],
      ],
    ]);
  });

  test('no two kept takes of a prompt are alike, whatever the dice say', async () => {
    for (let dice = 0; dice < 50; dice++) {
      const sounds: Sounds = (seed, roll) => (dice * 7 + seed * 5 + roll * 3) % 11;
      const kept = await settle(takes(6), sounds, 32);
      expect(new Set(kept.sounds).size).toBe(6);
      expect(kept.faults.flat()).toEqual([]);
    }
  });
});
