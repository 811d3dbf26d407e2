/** Parts that arrive by themselves → an async iterator that takes them one after the other. */
import type { SoundPart } from './contract.ts';

export interface PartQueue {
  /** @param part null: none come after what is there */
  push(part: SoundPart | null): void;
  /** None come after what is there. */
  close(): void;
  /** Resolves then. */
  readonly closed: Promise<void>;
  /** For one reader. */
  read(): AsyncGenerator<SoundPart, void, void>;
}

export function createPartQueue(): PartQueue {
  const parts: SoundPart[] = [];
  let isClosed = false;
  let tellClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    tellClosed = resolve;
  });
  let wake = () => {};

  function close(): void {
    isClosed = true;
    tellClosed();
    wake();
  }

  return {
    push(part) {
      if (part === null) return close();
      parts.push(part);
      wake();
    },
    close,
    closed,
    async *read() {
      for (;;) {
        for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
        if (isClosed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
