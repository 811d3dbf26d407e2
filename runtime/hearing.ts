/**
 * How a sound that is being made is heard, on the main thread: its parts, and how urgent it has become meanwhile.
 *
 *   hasten ──▶ before the worker knows of it: noted
 *          └─▶ afterwards: told to the worker
 */
import type { SoundPart, Take } from './contract.ts';
import { createPartQueue, type PartQueue } from './part-queue.ts';

type Tell = (priority: number, isWanted: boolean) => void;

export interface Hearing {
  readonly parts: PartQueue;
  /** Whether the worker is to tell of parts. */
  readonly isWanted: boolean;
  /** What `hasten` asked for so far; −Infinity at first. */
  readonly priority: number;
  hasten(priority: number, parts: boolean): void;
  /** The worker knows of it from now on. */
  begin(tell: Tell): void;
  /** The take is there: parts come to their end by themselves, if they were wanted. */
  over(): void;
}

export function createHearing(wanted: boolean): Hearing {
  const parts = createPartQueue();
  let isWanted = wanted;
  let priority = -Infinity;
  let tell: Tell = () => {};
  return {
    parts,
    get isWanted() {
      return isWanted;
    },
    get priority() {
      return priority;
    },
    hasten(wish, wantsParts) {
      if (!(wish > priority) && (isWanted || !wantsParts)) return;
      if (wish > priority) priority = wish;
      isWanted ||= wantsParts;
      tell(priority, isWanted);
    },
    begin(teller) {
      tell = teller;
    },
    over() {
      tell = () => {};
      if (!isWanted) parts.close();
    },
  };
}

/** Leaving the iterator early takes the request back. @param take asks for the sound */
export async function* readParts(
  hearing: Hearing,
  take: (signal: AbortSignal) => Promise<Take>,
  signal: AbortSignal | undefined,
): AsyncGenerator<SoundPart, Take, void> {
  const leaving = new AbortController();
  const taking = take(signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal);
  taking.then(hearing.over, hearing.parts.close); // no more will come
  try {
    yield* hearing.parts.read();
    return await taking;
  } finally {
    leaving.abort(); // no effect once the take is there
  }
}
