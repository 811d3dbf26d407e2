/**
 * The takes of an ambience: a few, made one after the other while it is heard, and replaced one by one.
 *
 *   made     0 1 2 3 4 5 · · 6 · · 7 …       the pool fills; then a new take for every few that were played
 *   pool    [0 1 2 3 4 5]  [6 1 2 3 4 5]     the one that was played most makes room
 *   next     one never played, else the least recent: never the same twice in a row where there are two
 *
 * Where nothing is made but what was baked, the same few come round again.
 *
 * Bounded: `size` takes and one request at a time, less urgent than anything a player waits for.
 */
import type { Seconds, SoundRequestInput } from '../../runtime/contract.ts';
import type { Playable, TakeLibrary } from '../takes.ts';

export interface AmbienceTake {
  readonly playable: Playable;
  /** That was asked for. */
  readonly seed: number;
  plays: number;
  /** Number of its last turn; −1: none. */
  lastTurn: number;
}

export interface AmbiencePool {
  /** Has the next take made, if one is wanted. */
  update(): void;
  /** Aborts what is being made; `update` begins again. */
  rest(): void;
  /** The take whose turn it is; null: none is there yet. */
  next(): AmbienceTake | null;
  /** It is this one's turn. */
  played(take: AmbienceTake): void;
  /** Of those that were wanted, so far. */
  readonly made: number;
}

export interface AmbiencePoolParts {
  takes: TakeLibrary;
  /** Of the nth take that is made. */
  requestOf: (n: number) => SoundRequestInput;
  /** Takes, a whole number ≥ 1. */
  size: number;
  now: () => Seconds;
  onFailed: (request: SoundRequestInput, error: unknown) => void;
}

/** Turns to one new take, once the pool is full: about 2 % of a slow processor's time. */
export const TURNS_PER_TAKE = 6;
/** After a failure. */
export const RETRY_AFTER: Seconds = 5;

export function createAmbiencePool(parts: AmbiencePoolParts): AmbiencePool {
  const { takes, size, now } = parts;
  const pool: AmbienceTake[] = [];
  let making: AbortController | null = null;
  let made = 0;
  let wanted = 0; // number of the take that is wanted next
  let turns = 0;
  let turnsAtLastTake = 0;
  let retryAt: Seconds = Number.NEGATIVE_INFINITY;

  const isTime = () =>
    pool.length < size || (size > 1 && turns - turnsAtLastTake >= TURNS_PER_TAKE);
  /** A locked seed comes again and again. */
  const isThere = ({ seed }: SoundRequestInput) => pool.some((take) => take.seed === seed);

  /** The next one that is not there, from the first again where there is no next; null: all are there. */
  function nextRequest(): SoundRequestInput | null {
    let n = wanted;
    for (let tries = 0; tries <= size; tries++, n++) {
      if (!takes.offers(parts.requestOf(n))) n = 0;
      if (!isThere(parts.requestOf(n))) {
        wanted = n;
        return parts.requestOf(n);
      }
    }
    return null;
  }

  async function make(request: SoundRequestInput, stop: AbortController): Promise<void> {
    try {
      const playable = await takes.get(request, stop.signal);
      if (!stop.signal.aborted) add(playable, request.seed ?? 0);
    } catch (error) {
      if (stop.signal.aborted) return;
      retryAt = now() + RETRY_AFTER;
      parts.onFailed(request, error);
    } finally {
      if (making === stop) making = null;
    }
  }

  function add(playable: Playable, seed: number): void {
    made += 1;
    wanted += 1;
    turnsAtLastTake = turns;
    if (pool.length >= size) pool.splice(pool.indexOf(mostPlayed()), 1);
    if (playable.duration > 0) pool.push({ playable, seed, plays: 0, lastTurn: -1 });
  }

  /** Not the one that plays now. */
  function mostPlayed(): AmbienceTake {
    const others = pool.filter(({ lastTurn }) => lastTurn !== turns - 1);
    return others.reduce((a, b) => (b.plays > a.plays ? b : a));
  }

  return {
    get made() {
      return made;
    },
    update() {
      if (making !== null || now() < retryAt || !isTime()) return;
      const request = nextRequest();
      if (request === null) return;
      making = new AbortController();
      void make(request, making);
    },
    rest() {
      making?.abort();
      making = null;
    },
    next() {
      const first = pool[0];
      if (first === undefined) return null;
      return pool.reduce((a, b) => (b.lastTurn < a.lastTurn ? b : a), first);
    },
    played(take) {
      take.plays += 1;
      take.lastTurn = turns;
      turns += 1;
    },
  };
}
