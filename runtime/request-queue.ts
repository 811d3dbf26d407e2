/**
 * One request runs at a time, the most urgent; a less urgent one that has begun pauses between two of its steps.
 *
 *   add ──▶ waiting (bounded) ──▶ running ──▶ result          among equals the oldest first, and no pausing
 *              │                   │   ▲
 *              │           turn()  ▼   │  its turn comes back
 *              │                  paused (bounded: each holds a key-value cache)
 *              │ full: the least urgent goes, among equals the one that has waited longest
 *              └ cancel(id): AbortError; at once if waiting, at its `turn()` if paused or running
 *
 * Who runs is the most urgent but for a bound, so none waits for another in a circle; a paused one that is raised changes over
 * with who runs.
 */
import { AbortError, QueueFullError } from './errors.ts';

/** Resolves when the work may take its next step: at once while nobody is more urgent. @throws AbortError once cancelled */
export type Turn = () => Promise<void>;

/** Awaits `turn` between its steps, one call at a time. */
export type Work<T> = (signal: AbortSignal, turn: Turn) => Promise<T>;

export interface RequestQueue {
  /** @throws AbortError, QueueFullError, and what `work` throws */
  add<T>(id: number, priority: number, work: Work<T>): Promise<T>;
  /** Unknown ids are ignored. */
  cancel(id: number): void;
  /** At least so urgent from now on, in whichever state. Unknown ids are ignored. */
  raise(id: number, priority: number): void;
  /** Requests that have not begun. */
  readonly waiting: number;
  readonly paused: number;
  /** Requests dropped because the queue was full, since the beginning. */
  readonly dropped: number;
}

interface Entry {
  id: number;
  priority: number;
  state: 'waiting' | 'running' | 'paused';
  stop: AbortController;
  /** Begins the work, or ends its pause. */
  go: () => void;
  /** Ends the waiting or the pause with an error. */
  fail: (error: Error) => void;
}

/** @param maxPaused with so many paused, the running request goes on to its end, whoever comes. */
export function createRequestQueue(maxWaiting = 64, maxPaused = 2): RequestQueue {
  const entries = new Set<Entry>(); // in order of arrival
  let running: Entry | undefined;
  let dropped = 0;

  function count(state: Entry['state']): number {
    let found = 0;
    for (const entry of entries) if (entry.state === state) found++;
    return found;
  }

  function run(entry: Entry | undefined): void {
    running = entry;
    if (entry === undefined) return;
    entry.state = 'running';
    entry.go();
  }

  async function begin<T>(entry: Entry, work: Work<T>): Promise<T> {
    try {
      return await work(entry.stop.signal, () => turnOf(entry));
    } finally {
      entries.delete(entry);
      if (entry === running) run(mostUrgent(entries));
    }
  }

  async function turnOf(entry: Entry): Promise<void> {
    if (entry.stop.signal.aborted) throw aborted();
    const next = mostUrgent(entries);
    if (next === undefined || next.priority <= entry.priority) return;
    const others = count('paused') - (next.state === 'paused' ? 1 : 0);
    if (others >= maxPaused) return;
    return new Promise((resolve, reject) => {
      Object.assign(entry, { state: 'paused', go: resolve, fail: reject });
      run(next);
    });
  }

  function dropWorst(): void {
    const waiting = [...entries].filter(({ state }) => state === 'waiting');
    const worst = waiting.reduce((a, b) => (b.priority < a.priority ? b : a));
    entries.delete(worst);
    dropped++;
    worst.fail(
      new QueueFullError(
        `request-queue: ${maxWaiting} requests wait already, this one was the least urgent (${dropped} dropped so far). Ask for fewer sounds, or raise its priority.`,
      ),
    );
  }

  function cancel(entry: Entry): void {
    entry.stop.abort();
    if (entry === running) return; // its next `turn()` tells it
    entries.delete(entry);
    entry.fail(aborted());
  }

  return {
    add<T>(id: number, priority: number, work: Work<T>) {
      return new Promise<T>((resolve, reject) => {
        const entry: Entry = {
          ...{ id, priority, state: 'waiting', stop: new AbortController(), fail: reject },
          go: () => void begin(entry, work).then(resolve, reject),
        };
        entries.add(entry);
        if (running === undefined) run(entry);
        else if (count('waiting') > maxWaiting) dropWorst();
      });
    },
    cancel(id) {
      for (const entry of entries) if (entry.id === id) cancel(entry);
    },
    raise(id, priority) {
      for (const entry of entries) {
        if (entry.id === id) entry.priority = Math.max(entry.priority, priority);
      }
    },
    get waiting() {
      return count('waiting');
    },
    get paused() {
      return count('paused');
    },
    get dropped() {
      return dropped;
    },
  };
}

/** The most urgent of those that do not run, among equals the oldest. */
function mostUrgent(entries: Set<Entry>): Entry | undefined {
  let best: Entry | undefined;
  for (const entry of entries) {
    if (entry.state === 'running') continue;
    if (best === undefined || entry.priority > best.priority) best = entry;
  }
  return best;
}

function aborted(): AbortError {
  return new AbortError('request-queue: aborted by the caller.');
}
