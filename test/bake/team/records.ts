/** Jobs and records that stand for real ones: the queue does not look into them. */
import type { TakeJob, TakeMaker, TakeRecord, TakeStore } from '../../../bake/contract.ts';

export function jobOf(number: number): TakeJob {
  const spec = {
    ...{ prompt: `sound ${number}`, duration: 1, seed: number, loop: false },
    ...{ guidanceScale: 3, temperature: 1, topK: 0, topP: 0 },
  };
  const id = number.toString(16).padStart(64, '0');
  return { id, sound: 'sound', spec, isLocked: false, firstRoll: 0 };
}

export function recordOf(job: TakeJob): TakeRecord {
  const plan = { start: 0, length: 1, crossfade: 0, correlation: 0, gainDb: 0 };
  const take = {
    ...{ sound: job.sound, spec: job.spec, seed: job.spec.seed, soundKey: job.id, codecFrames: 1 },
    ...{ plan, loudness: -20, truePeak: -1, model: 'none', licence: 'MIT' },
    codes: Uint16Array.of(job.spec.seed),
  };
  return {
    ...{ job, take, rolls: 1 },
    verdict: { faults: [], score: null, fingerprint: new Float32Array(0) },
  };
}

export interface MemoryStore extends TakeStore {
  readonly records: ReadonlyMap<string, TakeRecord>;
  /** How often something was put there. */
  readonly puts: number;
  clear(): void;
}

export function memoryStore(): MemoryStore {
  const records = new Map<string, TakeRecord>();
  let puts = 0;
  return {
    place: 'memory',
    records,
    get puts() {
      return puts;
    },
    clear: () => records.clear(),
    get: async (id) => records.get(id),
    async put(record) {
      puts += 1;
      records.set(record.job.id, record);
    },
  };
}

/** @param before what happens before a record is there; may throw */
export function fakeMaker(before: (job: TakeJob) => Promise<void> | void = () => {}): TakeMaker {
  return {
    async make(job) {
      await before(job);
      return recordOf(job);
    },
    dispose: async () => {},
  };
}
