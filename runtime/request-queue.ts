/**
 * One request at a time, the most urgent first.
 *
 *   add(id, priority, work) ─▶ waiting (bounded) ─▶ running ─▶ result
 *                                 │ full: the least urgent goes, among equals the one that has waited longest
 *                                 └ cancel(id): AbortError, at once if waiting, between two steps if running
 */
import { AbortError, QueueFullError } from './errors.ts';

export interface RequestQueue {
  /** @throws AbortError, QueueFullError, and what `work` throws */
  add<T>(id: number, priority: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Unknown ids are ignored. */
  cancel(id: number): void;
  readonly waiting: number;
  /** Requests dropped because the queue was full, since the beginning. */
  readonly dropped: number;
}

interface Entry {
  id: number;
  priority: number;
  start: (signal: AbortSignal) => Promise<void>;
  reject: (error: Error) => void;
}

export function createRequestQueue(maxWaiting = 64): RequestQueue {
  const entries: Entry[] = []; // oldest first
  let running: { id: number; stop: AbortController } | undefined;
  let dropped = 0;

  async function runAll(): Promise<void> {
    if (running !== undefined) return;
    for (let next = takeBest(entries); next !== undefined; next = takeBest(entries)) {
      running = { id: next.id, stop: new AbortController() };
      await next.start(running.stop.signal);
    }
    running = undefined;
  }

  function dropWorst(): void {
    const worst = entries.reduce((a, b) => (b.priority < a.priority ? b : a));
    entries.splice(entries.indexOf(worst), 1);
    dropped++;
    worst.reject(
      new QueueFullError(
        `request-queue: ${maxWaiting} requests wait already, this one was the least urgent (${dropped} dropped so far). Ask for fewer sounds, or raise its priority.`,
      ),
    );
  }

  return {
    add<T>(id: number, priority: number, work: (signal: AbortSignal) => Promise<T>) {
      return new Promise<T>((resolve, reject) => {
        const start = (signal: AbortSignal) => work(signal).then(resolve, reject);
        entries.push({ id, priority, start, reject });
        if (entries.length > maxWaiting) dropWorst();
        void runAll();
      });
    },
    cancel(id) {
      if (running?.id === id) running.stop.abort();
      const at = entries.findIndex((entry) => entry.id === id);
      if (at < 0) return;
      const [entry] = entries.splice(at, 1);
      entry!.reject(new AbortError('request-queue: aborted by the caller.'));
    },
    get waiting() {
      return entries.length;
    },
    get dropped() {
      return dropped;
    },
  };
}

/** Removes the most urgent entry, among equals the oldest. */
function takeBest(entries: Entry[]): Entry | undefined {
  if (entries.length === 0) return undefined;
  const best = entries.reduce((a, b) => (b.priority > a.priority ? b : a));
  entries.splice(entries.indexOf(best), 1);
  return best;
}
