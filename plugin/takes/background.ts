/**
 * Background requests: takes that rules would like to have, a bounded number at a time.
 *
 *   want(request) ──▶ on its way already: noted as still wanted
 *                 ──▶ room: asked for
 *                 ──▶ full: the least urgent, or the one nobody has wanted for long, gives way; else the new one is dropped
 */
import type { Seconds, SoundRequestInput } from '../../runtime/contract.ts';
import type { TakeLibrary, TakeStream } from '../takes.ts';

export type BackgroundRequest = SoundRequestInput & { seed: number; priority: number };

export interface Want {
  /** Name of the sound it is for. */
  sound: string;
  /** Whether the caller wants to hear it while it is made; default false. */
  listens?: boolean;
}

/** Requests at a time; the worker makes them one by one. */
export const MAX_PENDING = 8;
/** A request that no event has wanted for so long gives way to a new one of the same priority. */
export const STALE_AFTER: Seconds = 5;
/** After a failure, the same prompt is not tried again for so long. */
export const RETRY_AFTER: Seconds = 5;
const MAX_FAILED_PROMPTS = 256;

export interface Background {
  /** @returns its parts, if it listens and if this is what begins the work; leave it or read it to its end. */
  want(request: BackgroundRequest, want: Want): TakeStream | null;
  /** For panels. */
  readonly pending: Iterable<PendingRequest>;
  /** Aborts all. */
  dispose(): void;
}

export interface PendingRequest {
  readonly request: BackgroundRequest;
  readonly sound: string;
}

export interface BackgroundParts {
  takes: TakeLibrary;
  now: () => Seconds;
  /** A request was given up because too many waited. */
  onDropped: () => void;
  onFailed: (failed: PendingRequest, error: unknown, latencyMs: number) => void;
  onMade: () => void;
}

interface Pending extends PendingRequest {
  wantedAt: Seconds;
  stop: AbortController;
}

export function createBackground(parts: BackgroundParts): Background {
  const { takes, now } = parts;
  const pending = new Map<string, Pending>();
  const retryAt = new Map<string, Seconds>();

  /** Makes room for one of this priority. @returns false when there is none. */
  function admit(priority: number): boolean {
    if (pending.size < MAX_PENDING) return true;
    parts.onDropped();
    const [key, weakest] = [...pending].reduce((a, b) => (givesWay(b[1], a[1]) ? b : a));
    const stale = weakest.wantedAt < now() - STALE_AFTER;
    if (weakest.request.priority > priority || (weakest.request.priority === priority && !stale))
      return false;
    pending.delete(key);
    weakest.stop.abort();
    return true;
  }

  function begin(request: BackgroundRequest, { sound, listens }: Want): TakeStream | null {
    const entry = { request, sound, wantedAt: now(), stop: new AbortController() };
    pending.set(keyOf(request), entry);
    const stream = listens ? takes.stream(request, entry.stop.signal) : null;
    void generate(entry);
    return stream;
  }

  async function generate(entry: Pending): Promise<void> {
    const { request, stop } = entry;
    const key = keyOf(request);
    const askedAt = performance.now();
    try {
      await takes.get(request, stop.signal);
      parts.onMade();
    } catch (error) {
      if (!stop.signal.aborted) failed(entry, error, performance.now() - askedAt);
    } finally {
      if (pending.get(key) === entry) pending.delete(key);
    }
  }

  function failed(entry: Pending, error: unknown, latencyMs: number): void {
    const { request } = entry;
    const oldest = retryAt.keys().next();
    if (retryAt.size >= MAX_FAILED_PROMPTS && !oldest.done) retryAt.delete(oldest.value);
    retryAt.set(request.prompt, now() + RETRY_AFTER);
    const full = error instanceof Error && error.name === 'QueueFullError';
    if (full) parts.onDropped();
    else parts.onFailed(entry, error, latencyMs);
  }

  return {
    want(request, want) {
      const waiting = pending.get(keyOf(request));
      if (waiting !== undefined) waiting.wantedAt = now();
      else if ((retryAt.get(request.prompt) ?? -Infinity) > now()) return null;
      else if (admit(request.priority)) return begin(request, want);
      return null;
    },
    get pending() {
      return pending.values();
    },
    dispose() {
      for (const { stop } of pending.values()) stop.abort();
      pending.clear();
    },
  };
}

function keyOf({ prompt, seed, duration }: BackgroundRequest): string {
  return `${seed} ${duration} ${prompt}`;
}

function givesWay(a: Pending, b: Pending): boolean {
  return (a.request.priority - b.request.priority || a.wantedAt - b.wantedAt) < 0;
}
