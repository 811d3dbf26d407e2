/**
 * Jobs → records: what the store has is taken from it, the rest is made and put there at once.
 *
 *   jobs ──▶ store ── has it ──────────────────────────────╮
 *              └───── not ──▶ makeAll ──▶ store.put ───────┴──▶ records ──▶ near copies, by the same way ──▶ records
 */
import type { GateSettings, TakeJob, TakeRecord, TakeStore } from './contract.ts';
import { type MakingFacts, namedJob } from './job-id.ts';
import { settleNearCopies } from './near-copies.ts';
import type { MakeAll } from './take-pool.ts';

export interface MakeTakesParts {
  store: TakeStore;
  makeAll: MakeAll;
  facts: MakingFacts;
  /** Of two fingerprints, 0 to 1. */
  likeness: (a: Float32Array, b: Float32Array) => number;
  onRecord: (isNew: boolean) => void;
  /** So many more takes than were known of are to be made. */
  onMore: (count: number) => void;
  signal?: AbortSignal | undefined;
}

/** Records that are read at once. */
const READS = 32;

/** @returns for the id of each job the record that is kept */
export async function makeTakes(
  jobs: readonly TakeJob[],
  parts: MakeTakesParts,
): Promise<Map<string, TakeRecord>> {
  const { facts, likeness } = parts;
  const unique = [...new Map(jobs.map((job) => [job.id, job])).values()];
  const records = await recordsOf(unique, parts);
  if (facts.gate === null) return records;
  return settleNearCopies(unique, records, {
    ...rulesOf(facts.gate),
    likeness,
    again: (job, firstRoll) => namedJob({ ...job, firstRoll }, facts),
    makeAll(again) {
      parts.onMore(again.length);
      return recordsOf(again, parts);
    },
  });
}

function rulesOf({ maxLikeness, maxRolls }: GateSettings) {
  return { maxLikeness, maxRolls };
}

async function recordsOf(
  jobs: readonly TakeJob[],
  { store, makeAll, onRecord, signal }: MakeTakesParts,
): Promise<Map<string, TakeRecord>> {
  const records = new Map<string, TakeRecord>();
  const missing = new Map<string, TakeJob>();
  for (let at = 0; at < jobs.length; at += READS) {
    const few = jobs.slice(at, at + READS);
    const found = await Promise.all(few.map(({ id }) => store.get(id)));
    for (const [index, job] of few.entries()) {
      const record = found[index];
      if (record === undefined) missing.set(job.id, job);
      else records.set(job.id, record);
      if (record !== undefined) onRecord(false);
    }
  }
  if (missing.size === 0) return records;
  const keep = async (record: TakeRecord) => {
    await store.put(record);
    records.set(record.job.id, record);
    onRecord(true);
  };
  await makeAll([...missing.values()], keep, signal);
  return records;
}
