/**
 * The second round: takes of one prompt that sound alike are rolled again, the later one for the earlier one.
 *
 *   takes of a prompt, in the map's order    0   1   2   3
 *   2 is a near copy of 0                    ✓   ✓   ↻   ?       3 waits: it may be like the new 2
 *   the new 2 is like nothing before it      ✓   ✓   ✓   ✓
 *
 * All prompts at once, round after round. What becomes of a take depends on the takes before it alone: not on who made what
 * when. A locked take is never rolled again; one that has had all its rolls is kept with the fault 'near-copy'.
 */
import { canonicalJson } from '../../runtime/sound-key.ts';
import type { TakeJob, TakeRecord } from '../contract.ts';

export interface NearCopyRules {
  /** More alike than this, 0 to 1: near copies. */
  maxLikeness: number;
  /** Of one take, all in all. */
  maxRolls: number;
  /** 0 to 1. */
  likeness(a: Float32Array, b: Float32Array): number;
  /** The same job, with other rolls. */
  again(job: TakeJob, firstRoll: number): TakeJob;
  /** @returns by the job's id */
  makeAll(jobs: readonly TakeJob[]): Promise<ReadonlyMap<string, TakeRecord>>;
}

/** A take on its way. */
interface Candidate {
  /** As it was asked for first. */
  readonly id: string;
  record: TakeRecord;
  isSettled: boolean;
}

/** @returns for the id of each job the record that is kept in the end */
export async function settleNearCopies(
  jobs: readonly TakeJob[],
  records: ReadonlyMap<string, TakeRecord>,
  rules: NearCopyRules,
): Promise<Map<string, TakeRecord>> {
  const groups = groupsOf(jobs, records);
  for (;;) {
    const refused = groups.flatMap((group) => refusedOf(group, rules));
    if (refused.length === 0) break;
    const next = refused.map(({ record }) => rules.again(record.job, nextRoll(record)));
    const made = await rules.makeAll(next);
    for (const [index, candidate] of refused.entries()) {
      candidate.record = recordOf(made, next[index]?.id ?? '');
    }
  }
  return new Map(groups.flat().map(({ id, record }) => [id, record]));
}

/** By what is asked for, seed aside. */
function groupsOf(
  jobs: readonly TakeJob[],
  records: ReadonlyMap<string, TakeRecord>,
): Candidate[][] {
  const groups = new Map<string, Map<string, Candidate>>();
  for (const { id, spec } of jobs) {
    const key = canonicalJson({ ...spec, seed: 0 });
    const group = groups.get(key) ?? new Map<string, Candidate>();
    groups.set(key, group);
    group.set(id, group.get(id) ?? { id, record: recordOf(records, id), isSettled: false });
  }
  return [...groups.values()].map((group) => [...group.values()]);
}

/** Settles what can be, from the front. @returns those that are near copies of a settled one */
function refusedOf(group: readonly Candidate[], rules: NearCopyRules): Candidate[] {
  const settled: Candidate[] = [];
  const refused: Candidate[] = [];
  for (const candidate of group) {
    const isRefused = !candidate.isSettled && isCopy(candidate, settled, rules);
    if (isRefused && mayRollAgain(candidate, rules)) refused.push(candidate);
    // Behind one that is made anew nothing is settled: it may be a copy of that.
    else if (refused.length === 0) settle(candidate, isRefused, settled);
  }
  return refused;
}

function settle(candidate: Candidate, isRefused: boolean, settled: Candidate[]): void {
  if (isRefused) candidate.record = withFault(candidate.record);
  candidate.isSettled = true;
  settled.push(candidate);
}

function isCopy(
  { record: { verdict } }: Candidate,
  settled: readonly Candidate[],
  { likeness, maxLikeness }: NearCopyRules,
): boolean {
  return settled.some(
    ({ record }) => likeness(record.verdict.fingerprint, verdict.fingerprint) > maxLikeness,
  );
}

function mayRollAgain({ record }: Candidate, { maxRolls }: NearCopyRules): boolean {
  return !record.job.isLocked && nextRoll(record) < maxRolls;
}

function nextRoll({ job, rolls }: TakeRecord): number {
  return job.firstRoll + rolls;
}

function withFault(record: TakeRecord): TakeRecord {
  const faults = [...record.verdict.faults, 'near-copy' as const];
  return { ...record, verdict: { ...record.verdict, faults } };
}

function recordOf(records: ReadonlyMap<string, TakeRecord>, id: string): TakeRecord {
  const record = records.get(id);
  if (record !== undefined) return record;
  throw new Error(`near-copies: no record of the job ${id}. Make all takes first.`);
}
