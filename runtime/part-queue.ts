/** Parts that arrive by themselves → an async iterator that takes them one after the other. */
import type { SoundPart } from './contract.ts';

export interface PartQueue {
  /** @param part null: none come after what is there */
  push(part: SoundPart | null): void;
  /** None come after what is there. */
  close(): void;
  /** For one reader. */
  read(): AsyncGenerator<SoundPart, void, void>;
}

export function createPartQueue(): PartQueue {
  const parts: SoundPart[] = [];
  let closed = false;
  let wake = () => {};
  return {
    push(part) {
      if (part === null) closed = true;
      else parts.push(part);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    async *read() {
      for (;;) {
        for (let part = parts.shift(); part !== undefined; part = parts.shift()) yield part;
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
