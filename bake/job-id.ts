/** Names of takes to make: equal where, and only where, the same comes out. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../runtime/sound-key.ts';
import type { GateSettings, TakeJob } from './contract.ts';
import { GATE_VERSION } from './quality-gate/version.ts';

/** What all takes of a bake have in common. */
export interface MakingFacts {
  modelHash: string;
  /** Of the engine: same arithmetic, same codes. */
  arithmetic: string;
  gate: GateSettings | null;
}

/** @returns the job, named. */
export function namedJob(
  { sound, spec, isLocked, firstRoll }: Omit<TakeJob, 'id'>,
  { modelHash, arithmetic, gate }: MakingFacts,
): TakeJob {
  const judged = gate && { ...gate, version: GATE_VERSION };
  const made = { spec, isLocked, firstRoll, modelHash, arithmetic, gate: judged };
  return { id: sha256Hex(canonicalJson(made)), sound, spec, isLocked, firstRoll };
}

export function sha256Hex(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
