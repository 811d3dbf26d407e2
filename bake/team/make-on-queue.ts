/**
 * A bake's takes, made by a team's workers.
 *
 *   jobs ──▶ queue ──▶ workers ──▶ store             a worker that is lost: another one takes its job over
 *              └── done ──▶ record, out of the store ──▶ bake
 *
 * A job is named by its id, so that adding it twice is adding it once. Whenever Redis was gone, and whenever nothing was heard
 * for a while (it keeps some ten thousand events only), what is not done yet is added again: a worker that finds it in the store
 * says so at once.
 */
import { setMaxListeners } from 'node:events';
import type { Queue, QueueEvents } from 'bullmq';
import type { Seconds } from '../../runtime/contract.ts';
import { AbortError, orAborted, throwIfAborted } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { GateSettings, TakeJob, TakeStore } from '../contract.ts';
import type { MakeAll, OnRecord } from '../take-pool.ts';
import {
  closeAll,
  connect,
  loadBullMq,
  QUEUE_NAME,
  type Redis,
  shown,
  type TeamJob,
} from './queue.ts';

export interface QueueOptions {
  /** Address of Redis. */
  url: string;
  /** The one that the workers have, too. */
  store: TakeStore;
  gate: GateSettings | null;
  logger: Logger;
  /** How long a Redis may be gone; default 60. */
  patience?: Seconds;
  /** After how long without news it is asked again; default 30. */
  lookAgain?: Seconds;
}

/** Tries of one take: a worker that fails for a reason of its own is not the last word. */
const ATTEMPTS = 3;
const CHUNK = 500;
/** Records that are read out of the store at once. */
const READERS = 16;
const PATIENCE: Seconds = 60;
const LOOK_AGAIN: Seconds = 30;

/** @returns makes all jobs; it ends when all are done, or with the first reason why they cannot be */
export function makeOnQueue(options: QueueOptions): MakeAll {
  return async (jobs, onRecord, signal) => {
    throwIfAborted(signal, 'team');
    if (jobs.length === 0) return;
    const [{ Queue, QueueEvents }, redis] = await Promise.all([loadBullMq(), connect(options.url)]);
    const queue = new Queue<TeamJob>(QUEUE_NAME, { connection: redis });
    const events = new QueueEvents(QUEUE_NAME, { connection: redis.duplicate() });
    queue.on('error', () => {}); // a lost Redis is told once, by `redis` itself
    events.on('error', () => {});
    try {
      await events.waitUntilReady();
      await followed({ ...options, queue, events, redis, jobs, onRecord, signal });
    } finally {
      await closeAll(redis, [queue.close(), events.close()]);
    }
  };
}

interface Following extends QueueOptions {
  queue: Queue<TeamJob>;
  events: QueueEvents;
  redis: Redis;
  jobs: readonly TakeJob[];
  onRecord: OnRecord;
  signal: AbortSignal | undefined;
}

/** Adds all jobs and follows them to their end. */
async function followed(parts: Following): Promise<void> {
  const { queue, events, redis, store, signal, logger, url, onRecord } = parts;
  const open = new Map(parts.jobs.map((job) => [job.id, job]));
  let untold = open.size;
  let patience: NodeJS.Timeout | undefined;
  let hasNews = true;
  let readers = 0;
  /** Ids of takes whose records are to be read. */
  const ready: string[] = [];
  const reading = new Set<Promise<void>>();
  const over = new AbortController();
  setMaxListeners(READERS + 1, over.signal);
  try {
    await new Promise<void>(follow);
  } finally {
    over.abort();
    clearTimeout(patience);
    await Promise.all(reading); // what the bake was told of is kept
  }

  function follow(resolve: () => void, reject: (error: unknown) => void): void {
    const addOpen = () => addAll(queue, [...open.values()], parts).catch(reject);

    function done(id: string): void {
      if (!open.delete(id)) return; // another bake's, or told twice
      hasNews = true;
      ready.push(id);
      if (readers < READERS) read();
    }

    function read(): void {
      const one = readOn()
        .catch(reject)
        .finally(() => reading.delete(one));
      reading.add(one);
    }

    async function readOn(): Promise<void> {
      readers += 1;
      for (let id = ready.pop(); id !== undefined && !over.signal.aborted; id = ready.pop()) {
        await tell(id);
      }
      readers -= 1;
    }

    async function tell(id: string): Promise<void> {
      const record = await orAborted(store.get(id, over.signal), over.signal, 'team');
      if (record === undefined) throw elsewhere(id, store.place);
      await onRecord(record, true);
      untold -= 1;
      if (untold === 0) resolve();
    }

    function lost(): void {
      if (patience !== undefined) return;
      const { patience: seconds = PATIENCE } = parts;
      logger.warn(`team: lost Redis at ${shown(url)}; trying again for ${seconds} s.`);
      patience = setTimeout(() => reject(gone(url, seconds, open.size)), 1000 * seconds);
    }

    function back(): void {
      if (patience === undefined) return;
      clearTimeout(patience);
      patience = undefined;
      logger.warn(`team: Redis is back; ${open.size} takes are left.`);
      void addOpen();
    }

    function look(): void {
      if (!hasNews && patience === undefined) void addOpen();
      hasNews = false;
    }

    events.on('completed', ({ jobId }) => done(jobId));
    events.on('failed', ({ jobId, failedReason }) => {
      const job = open.get(jobId);
      if (job !== undefined) reject(failure(job, failedReason));
    });
    redis.on('close', lost).on('ready', back);
    const looking = setInterval(look, 1000 * (parts.lookAgain ?? LOOK_AGAIN));
    const abort = () => reject(new AbortError('team: aborted by the caller.'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    over.signal.addEventListener('abort', () => {
      redis.off('close', lost).off('ready', back);
      clearInterval(looking);
      signal?.removeEventListener('abort', abort);
    });
    void addOpen();
  }
}

async function addAll(
  queue: Queue<TeamJob>,
  jobs: readonly TakeJob[],
  { gate }: QueueOptions,
): Promise<void> {
  for (let from = 0; from < jobs.length; from += CHUNK) {
    const bulk = jobs.slice(from, from + CHUNK).map((job) => ({
      name: job.sound,
      data: { job, gate },
      opts: {
        jobId: job.id,
        attempts: ATTEMPTS,
        backoff: { type: 'exponential', delay: 1000 },
        removeOnComplete: true,
        removeOnFail: true,
      },
    }));
    await queue.addBulk(bulk);
  }
}

function elsewhere(id: string, place: string): Error {
  return new Error(
    `team: a worker made take ${id.slice(0, 12)}, but it is not in ${place}. Give the bake and all workers the same --store.`,
  );
}

function gone(url: string, seconds: Seconds, left: number): Error {
  return new Error(
    `team: Redis at ${shown(url)} has been gone for ${seconds} s with ${left} takes left. ` +
      'What is made is in the store: start Redis and run the same command again.',
  );
}

function failure({ sound, spec }: TakeJob, reason: string): Error {
  return new Error(
    `team: "${spec.prompt}" (${sound}, seed ${spec.seed}) failed ${ATTEMPTS} times: ${reason}`,
  );
}
