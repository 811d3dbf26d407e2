/**
 * Parts of one request on their way to whoever hears it: kept while nobody does.
 *
 *   push ── closed ──▶ kept ── open ──▶ sent, those kept as one part: when parts come tells how fast they are made
 *        └─ open ────────────────────▶ sent
 */
import type { SoundPart } from './contract.ts';
import { joined } from './joined.ts';

export interface PartPost {
  readonly isOpen: boolean;
  /** @param part null: none follow */
  push(part: SoundPart | null): void;
  /** Idempotent. */
  open(): void;
}

export function createPartPost(isOpen: boolean, send: (part: SoundPart | null) => void): PartPost {
  const kept: SoundPart[] = [];
  let open = isOpen;
  let isOver = false;
  return {
    get isOpen() {
      return open;
    },
    push(part) {
      isOver ||= part === null;
      if (open) send(part);
      else if (part !== null) kept.push(part);
    },
    open() {
      if (open) return;
      open = true;
      const [first] = kept;
      if (first !== undefined) send({ ...first, pcm: joined(kept.map(({ pcm }) => pcm)) });
      if (isOver) send(null);
    },
  };
}
