/** The last events, kept whether they are looked at or not: a panel that comes later shows them too. */
import type { FoleyEvent } from '../foley/event-log.ts';

/** Each keeps the samples of its take alive. */
export const MAX_ENTRIES = 48;

export interface Entry {
  /** Counted from 1. */
  readonly number: number;
  readonly event: FoleyEvent;
}

export interface Journal {
  /** Newest first. */
  readonly entries: readonly Entry[];
  dispose(): void;
}

export interface JournalSource {
  onEvent(listener: (event: FoleyEvent) => void): () => void;
}

export function keepJournal(foley: JournalSource): Journal {
  const entries: Entry[] = [];
  let number = 0;
  const unsubscribe = foley.onEvent((event) => {
    number += 1;
    entries.unshift({ number, event });
    if (entries.length > MAX_ENTRIES) entries.pop();
  });
  return {
    entries,
    dispose() {
      unsubscribe();
      entries.length = 0;
    },
  };
}
