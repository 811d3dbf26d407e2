/**
 * Calls to a worker that end even when the worker does: comlink alone leaves them pending for ever.
 *
 *   call ──▶ worker ──▶ answer, or its error with its class
 *     │ raced with: close(error), the worker's death (WorkerLostError)
 *
 * Knows no protocol: whoever opens it says how the worker is connected and pinged, and makes the calls.
 */
import { reviveError, WorkerLostError } from './errors.ts';
import { type WatchedWorker, watchWorker } from './worker-watch.ts';

export interface WorkerCalls {
  /** The worker's answer, or the reason why there will be none. */
  call<T>(work: () => Promise<T>): Promise<T>;
  /** Says something that nobody waits for an answer to. */
  send(what: () => Promise<void>): void;
  /** True while a call waits for its answer. */
  readonly busy: boolean;
  /** Ends the worker; waiting calls reject with the error. Twice is fine. */
  close(error: Error): void;
}

/**
 * @param module whose worker it is, for messages
 * @param onClosed called once, before the waiting calls reject
 */
export function openWorkerCalls(
  watched: WatchedWorker,
  module: string,
  onClosed: () => void,
): WorkerCalls {
  const waiting = new Set<(error: Error) => void>();
  let closedBy: Error | undefined;

  function close(error: Error): void {
    if (closedBy !== undefined) return;
    closedBy = error;
    stopWatching();
    watched.worker.terminate();
    onClosed();
    for (const reject of waiting) reject(error);
    waiting.clear();
  }
  const stopWatching = watchWorker(watched, (how) => {
    close(
      new WorkerLostError(`${module}: the worker is gone: ${how}. The next call starts a new one.`),
    );
  });

  return {
    call: (work) =>
      new Promise((resolve, reject) => {
        if (closedBy !== undefined) return reject(closedBy);
        waiting.add(reject);
        work()
          .then(resolve, (error: unknown) => reject(reviveError(error)))
          .finally(() => waiting.delete(reject));
      }),
    send(what) {
      if (closedBy === undefined) what().catch(() => {});
    },
    get busy() {
      return waiting.size > 0;
    },
    close,
  };
}
