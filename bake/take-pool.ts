/**
 * Takes made, and encoded, by several worker threads: each has the model loaded once.
 *
 *   jobs   ──▶ thread 1 ──▶ record ──▶ onRecord        as they come, in no order
 *          ──▶ thread 2 ──▶ …          a thread that dies is replaced, and its job taken up again, once
 *   order  ──▶ any of them ──▶ bytes of the take's files
 *
 * The first error of making ends it: threads are stopped, records that were handed on are waited for. So does the signal.
 */
import { setMaxListeners } from 'node:events';
import { orAborted, throwIfAborted } from '../runtime/errors.ts';
import type { MakerSettings, TakeJob, TakeRecord } from './contract.ts';
import { inLanes } from './in-lanes.ts';
import type { EncodeTake } from './take-encoder.ts';
import { createThreadCrew, type ThreadCrewOptions } from './take-pool/thread-crew.ts';

/** @param isKept it is in the store already; default false */
export type OnRecord = (record: TakeRecord, isKept?: boolean) => Promise<void>;

/** Makes all jobs, here or far away. Rejects with the first error; no `onRecord` goes on after its end, whichever it is. */
export type MakeAll = (
  jobs: readonly TakeJob[],
  onRecord: OnRecord,
  signal?: AbortSignal,
) => Promise<void>;

export interface TakePool {
  /** Also after one that failed. */
  makeAll: MakeAll;
  /** Whoever asks for as many at once as there are workers has them all at work; while nothing is made. */
  encode: EncodeTake;
  /** Jobs under way reject, and no thread begins any more. */
  dispose(): Promise<void>;
}

export interface TakePoolOptions extends ThreadCrewOptions {
  /** Threads that make at most, a whole number ≥ 1; begun when there is work for them. */
  workers: number;
}

export function createTakePool(settings: MakerSettings, options: TakePoolOptions): TakePool {
  const crew = createThreadCrew(settings, options);
  let isDisposed = false;

  return {
    async makeAll(jobs, onRecord, signal) {
      throwIfAborted(signal, 'take-pool');
      hearMany(signal);
      if (!isDisposed) crew.start();
      const make = (job: TakeJob) =>
        orAborted(crew.ask({ kind: 'make', asked: job }), signal, 'take-pool');
      let stopping: Promise<void> | undefined;
      const keep = async (job: TakeJob) => {
        try {
          await onRecord(await make(job));
        } catch (error) {
          stopping ??= crew.stop(); // what is being made ends at once; what is being kept is waited for
          throw error;
        }
      };
      await inLanes(jobs, options.workers, keep).finally(() => stopping);
    },
    encode(order, signal) {
      hearMany(signal);
      return orAborted(crew.ask({ kind: 'encode', asked: order }), signal, 'take-pool');
    },
    dispose() {
      isDisposed = true;
      return crew.stop();
    },
  };
}

/** Each thread's work listens to the signal: no leak, though Node warns of more than ten. */
function hearMany(signal: AbortSignal | undefined): void {
  if (signal !== undefined) setMaxListeners(0, signal);
}
