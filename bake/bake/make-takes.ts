/**
 * Jobs → records: what the store has is taken from it, the rest is made and put there at once.
 *
 *   jobs ──▶ store ── has it ──────────────────────────────╮
 *              └───── not ──▶ makeAll ──▶ store.put ───────┴──▶ records ──▶ near copies, by the same way ──▶ records
 */
import { orAborted, throwIfAborted } from '../../runtime/errors.ts';
import type { TakeJob, TakeRecord, TakeStore } from '../contract.ts';
import { type MakingFacts, namedJob } from '../job-id.ts';
import type { MakeAll } from '../take-pool.ts';
import { settleNearCopies } from './near-copies.ts';
import type { ProgressCount } from './progress-count.ts';

type Likeness = (a: Float32Array, b: Float32Array) => number;

export interface MakeTakesParts {
  store: TakeStore;
  makeAll: MakeAll;
  facts: MakingFacts;
  /** For tests: another measure of two fingerprints. */
  likeness?: Likeness;
  progress: ProgressCount;
  signal?: AbortSignal | undefined;
}

/** Records that are read at once. */
const READS = 32;

export interface MadeTakes {
  /** For the id of each job the record that is kept. */
  records: ReadonlyMap<string, TakeRecord>;
  /** Ids of all records that were asked for on the way. */
  used: ReadonlySet<string>;
}

export async function makeTakes(
  jobs: readonly TakeJob[],
  parts: MakeTakesParts,
): Promise<MadeTakes> {
  const { facts, progress } = parts;
  const unique = [...new Map(jobs.map((job) => [job.id, job])).values()];
  progress.begin('takes', unique.length);
  const used = new Set(unique.map(({ id }) => id));
  const records = await recordsOf(unique, parts);
  if (facts.gate === null) return { records, used };
  const { maxLikeness, maxRolls } = facts.gate;
  const { likeness = (await import('../quality-gate.ts')).likeness } = parts;
  const settled = await settleNearCopies(unique, records, {
    ...{ maxLikeness, maxRolls, likeness },
    again: (job, firstRoll) => namedJob({ ...job, firstRoll }, facts),
    makeAll(again) {
      progress.more(again.length);
      for (const { id } of again) used.add(id);
      return recordsOf(again, parts);
    },
  });
  return { records: settled, used };
}

async function recordsOf(
  jobs: readonly TakeJob[],
  { store, makeAll, progress, signal }: MakeTakesParts,
): Promise<Map<string, TakeRecord>> {
  const records = new Map<string, TakeRecord>();
  const missing = new Map<string, TakeJob>();
  for (let at = 0; at < jobs.length; at += READS) {
    throwIfAborted(signal, 'bake');
    const few = jobs.slice(at, at + READS);
    const reading = Promise.all(few.map(({ id }) => store.get(id, signal)));
    const found = await orAborted(reading, signal, 'bake');
    for (const [index, job] of few.entries()) {
      const record = found[index];
      if (record === undefined) missing.set(job.id, job);
      else records.set(job.id, record);
      if (record !== undefined) progress.done(false);
    }
  }
  if (missing.size === 0) return records;
  const keep = async (record: TakeRecord, isKept = false) => {
    if (!isKept) await store.put(record);
    records.set(record.job.id, record);
    progress.done(true);
  };
  await makeAll([...missing.values()], keep, signal);
  return records;
}
