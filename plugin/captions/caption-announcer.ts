/**
 * New captions for screen readers, not faster than they can be read out.
 *
 *   shown ─┬─ at once ──────────────▶ 'glass breaks, left'
 *          └─ too soon: collected ──▶ 'door slams, behind. footsteps'      at most MAX_WAITING, the newest
 *
 * Changes are not told, and what has just been told is not told again: a fire that flickers in and out of hearing would flood.
 */
export interface Announcer {
  add(label: string, words: string): void;
  dispose(): void;
}

/** Between two announcements. */
export const ANNOUNCE_EVERY_MS = 3000;
/** The same label is news again after this. */
export const REPEAT_AFTER_MS = 20_000;
const MAX_WAITING = 3;
const MAX_REMEMBERED = 64;

/** @param write puts text where a screen reader finds it */
export function createAnnouncer(write: (text: string) => void): Announcer {
  const toldAt = new Map<string, number>();
  let waiting: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    timer = undefined;
    if (waiting.length === 0) return;
    write(waiting.join('. '));
    waiting = [];
    timer = setTimeout(flush, ANNOUNCE_EVERY_MS);
  }

  function remember(label: string, now: number): void {
    toldAt.delete(label);
    toldAt.set(label, now);
    const oldest = toldAt.keys().next();
    if (toldAt.size > MAX_REMEMBERED && !oldest.done) toldAt.delete(oldest.value);
  }

  return {
    add(label, words) {
      const now = performance.now();
      if (now - (toldAt.get(label) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return;
      remember(label, now);
      waiting = [...waiting, words].slice(-MAX_WAITING);
      if (timer === undefined) flush();
    },
    dispose() {
      clearTimeout(timer);
      waiting = [];
    },
  };
}
