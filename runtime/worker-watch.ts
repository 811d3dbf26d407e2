/**
 * Notices that a worker is dead, however it died.
 *
 *   script missing, uncaught error     the worker's 'error' event
 *   message that cannot be read        its 'messageerror' event
 *   terminated, killed by the browser  no event at all. The worker holds a Web Lock all its life and we queue for
 *                                      it: it is ours the moment the worker is gone
 *   no Web Locks (plain http)          a ping, unanswered for `silenceMs`
 *   dead before it took the lock       no answer to `connect` within `silenceMs`
 *
 * A busy worker is not a dead one: a step may block it for long, so `silenceMs` is generous.
 */
export interface WatchedWorker {
  worker: Worker;
  connect(lockName: string): Promise<boolean>;
  ping(): Promise<void>;
}

export interface WatchTiming {
  /** Default 60 s. */
  silenceMs: number;
  /** Between two pings. Default 5 s. */
  pingMs: number;
}

/**
 * @param onLost called at most once, with what was noticed
 * @returns stops watching
 */
export function watchWorker(
  { worker, connect, ping }: WatchedWorker,
  onLost: (how: string) => void,
  timing: WatchTiming = { silenceMs: 60_000, pingMs: 5_000 },
): () => void {
  const over = new AbortController();
  const { signal } = over;
  const lost = (how: string) => {
    if (signal.aborted) return;
    over.abort();
    onLost(how);
  };
  worker.addEventListener('error', (event) => lost(event.message || 'its script did not load'), {
    signal,
  });
  worker.addEventListener('messageerror', () => lost('it sent what cannot be read'), { signal });

  const answered = async <T>(call: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => lost('it does not answer'), timing.silenceMs);
    const stop = () => clearTimeout(timer);
    signal.addEventListener('abort', stop);
    return call.finally(() => {
      stop();
      signal.removeEventListener('abort', stop);
    });
  };
  const watch = async () => {
    const lockName = `scenefoley-worker-${createLockId()}`;
    if (await answered(connect(lockName))) {
      await navigator.locks.request(lockName, { signal }, () => lost('it was terminated'));
    }
    while (!signal.aborted) {
      await answered(ping());
      await new Promise((resolve) => setTimeout(resolve, timing.pingMs));
    }
  };
  watch().catch((error: unknown) => lost(String(error)));
  return () => over.abort();
}

/** Random, so that two pages of one origin never share a lock. `randomUUID` would need https. */
function createLockId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join(
    '',
  );
}
