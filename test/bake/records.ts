/** Records of takes for tests: plain numbers in place of sounds. */

import type { TakeJob, TakeRecord } from '../../bake/contract.ts';
import { type MakingFacts, namedJob } from '../../bake/job-id.ts';
import type { SoundSpec } from '../../runtime/contract.ts';

export const FACTS: MakingFacts = {
  modelHash: 'a'.repeat(64),
  arithmetic: 'wasm-1',
  gate: { maxRolls: 4, minScore: 0, maxLikeness: 0.9 },
};

export function job(fields: Partial<SoundSpec> = {}, more: Partial<TakeJob> = {}): TakeJob {
  const sampling = { guidanceScale: 3, temperature: 1, topK: 128, topP: 0 };
  const spec = { prompt: 'a door', duration: 1, seed: 0, loop: false, ...sampling, ...fields };
  return namedJob({ sound: 'door', spec, isLocked: false, firstRoll: 0, ...more }, FACTS);
}

export function record(of: TakeJob, fields: Partial<TakeRecord> = {}): TakeRecord {
  const { sound, spec } = of;
  const plan = {
    start: 12,
    length: 31_000,
    crossfade: 0,
    correlation: 0,
    gainDb: Math.fround(0.1),
  };
  return {
    job: of,
    take: {
      ...{ sound, spec, seed: spec.seed, soundKey: of.id, codecFrames: 2, plan },
      ...{ loudness: -20.123, truePeak: -1.5, model: 'tiny', licence: 'MIT' },
      codes: Uint16Array.of(1, 2, 1023, 0, 65535, 6, 7, 8),
    },
    verdict: { faults: [], score: 0.25, fingerprint: Float32Array.of(0.1, -2, 3e-9) },
    rolls: 1,
    ...fields,
  };
}
