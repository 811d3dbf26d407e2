/**
 * Jobs over several worker threads, each with the model loaded once.
 *
 *   jobs ──▶ thread 1 ──▶ record ──▶ onRecord        as they come, in no order
 *        ──▶ thread 2 ──▶ …          a thread that dies is replaced, and its job taken up again, once
 *
 * The first error ends it: threads are stopped, records that were handed on are whole. So does the signal.
 */
import { Worker } from 'node:worker_threads';
import { AbortError, reviveError, WorkerLostError } from '../runtime/errors.ts';
import { type Logger, silentLogger } from '../runtime/logger.ts';
import type { MakerSettings, TakeJob, TakeRecord } from './contract.ts';
import type { CrossingError, ThreadAnswer } from './take-thread.ts';

/** @param isKept it is in the store already; default false */
export type OnRecord = (record: TakeRecord, isKept?: boolean) => Promise<void>;

/** Makes all jobs, here or far away. Rejects with the first error; `onRecord` is awaited before it resolves. */
export type MakeAll = (
  jobs: readonly TakeJob[],
  onRecord: OnRecord,
  signal?: AbortSignal,
) => Promise<void>;

export interface TakePool {
  /** Also after one that failed. */
  makeAll: MakeAll;
  /** Jobs under way reject, and no thread begins any more. */
  dispose(): Promise<void>;
}

export interface TakePoolOptions {
  /** Threads at most, a whole number ≥ 1; begun when there is work for them. */
  workers: number;
  logger?: Logger;
  /** For tests: another thread's file. */
  threadUrl?: URL;
}

/** How often a job is begun: a thread may die once of something else. */
const MAX_BEGINS = 2;

export function createTakePool(settings: MakerSettings, options: TakePoolOptions): TakePool {
  const logger = onceEach(options.logger ?? silentLogger);
  const idle = new Set<Worker>();
  const all = new Set<Worker>();
  let isStopped = false;
  let isDisposed = false;

  function begin(): Worker {
    const thread =
      options.threadUrl === undefined
        ? new Worker(new URL('./take-thread.ts', import.meta.url), { workerData: settings })
        : new Worker(options.threadUrl, { workerData: settings });
    all.add(thread);
    thread.on('error', () => {}); // its exit follows
    thread.once('exit', () => {
      all.delete(thread);
      idle.delete(thread);
    });
    return thread;
  }

  function anyThread(): Worker {
    const [thread] = idle;
    if (thread === undefined) return begin();
    idle.delete(thread);
    return thread;
  }

  async function stopAll(): Promise<void> {
    isStopped = true;
    await Promise.all([...all].map((thread) => thread.terminate()));
  }

  async function make(job: TakeJob, begins = 1): Promise<TakeRecord> {
    if (isStopped) throw new AbortError('take-pool: it was stopped.');
    const thread = anyThread();
    try {
      const record = await answerOf(thread, job, logger);
      idle.add(thread);
      return record;
    } catch (error) {
      if (isStopped || !(error instanceof WorkerLostError)) throw error;
      if (begins >= MAX_BEGINS) throw lostTwice(job, error);
      logger.warn(
        `take-pool: a worker thread died, so its take is made by another. (${error.message})`,
      );
      return make(job, begins + 1);
    }
  }

  return {
    async makeAll(jobs, onRecord, signal) {
      isStopped = isDisposed;
      const waiting = jobs.values();
      const stop = signalled(signal);
      const lane = async () => {
        for (const job of waiting) await onRecord(await Promise.race([make(job), stop.aborted]));
      };
      try {
        stop.throwIfAborted();
        const lanes = Math.min(options.workers, jobs.length);
        await Promise.all(Array.from({ length: lanes }, lane));
      } catch (error) {
        for (const _left of waiting); // no lane takes up another job
        await stopAll();
        throw error;
      } finally {
        stop.dispose();
      }
    },
    dispose() {
      isDisposed = true;
      return stopAll();
    },
  };
}

/** What several threads say is heard once. */
function onceEach(logger: Logger): Logger {
  const heard = new Set<string>();
  const once = (level: keyof Logger) => (message: string) => {
    if (!heard.has(message)) logger[level](message);
    heard.add(message);
  };
  return { warn: once('warn'), info: once('info') };
}

/** @throws WorkerLostError where the thread dies instead */
function answerOf(thread: Worker, job: TakeJob, logger: Logger): Promise<TakeRecord> {
  return new Promise<TakeRecord>((resolve, reject) => {
    const settle = (act: () => void) => {
      thread.off('message', onAnswer).off('error', onError).off('exit', onExit);
      act();
    };
    const onAnswer = (answer: ThreadAnswer) => {
      if (answer.kind === 'log') logger[answer.level](answer.message);
      else if (answer.kind === 'made') settle(() => resolve(answer.record));
      else settle(() => reject(crossed(answer.error)));
    };
    const onError = (error: Error) => settle(() => reject(new WorkerLostError(error.message)));
    const onExit = (code: number) =>
      settle(() => reject(new WorkerLostError(`It ended with exit code ${code}.`)));
    thread.on('message', onAnswer).once('error', onError).once('exit', onExit);
    thread.postMessage(job);
  });
}

function crossed({ name, message }: CrossingError): Error {
  return reviveError(Object.assign(new Error(message), { name }));
}

function lostTwice({ sound, spec }: TakeJob, error: Error): Error {
  return new WorkerLostError(
    `take-pool: two worker threads died of '${spec.prompt}' (sound '${sound}', seed ${spec.seed}): ${error.message} ` +
      `Bake with fewer --workers if memory is short.`,
  );
}

/** A promise that rejects when the signal aborts, and never otherwise. */
function signalled(signal: AbortSignal | undefined) {
  const error = () => new AbortError('take-pool: aborted by the caller.');
  let onAbort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(error());
  });
  aborted.catch(() => {});
  signal?.addEventListener('abort', onAbort);
  return {
    aborted,
    throwIfAborted() {
      if (signal?.aborted) throw error();
    },
    dispose: () => signal?.removeEventListener('abort', onAbort),
  };
}
