/**
 * Events that last: each begins once, changes while it lasts, and ends once, whatever comes first: it is over, a node of
 * it is gone, nobody wants it any more, or the scene is left.
 *
 *   begin ──▶ change … ──▶ end        the same one while kind, name, a.id and b.id are
 */
import type { Unsubscribe } from '../adapter.ts';
import type { Topic } from '../event-binding.ts';
import type { SceneEvent } from '../scene-event.ts';
import { keyOf } from './event-gate.ts';

export interface Lasting {
  readonly size: number;
  /**
   * Nothing if it lasts already.
   * @param watch tells `end` when its nodes go; what it returns is called at the end.
   */
  begin(event: SceneEvent, watch?: (end: () => void) => Unsubscribe): void;
  /** Nothing unless it lasts. Fields that are given replace those of its begin. */
  change(event: SceneEvent): void;
  end(event: SceneEvent): void;
  has(topic: Topic): boolean;
  /** Ends all that do not fit. */
  retain(fits: (event: SceneEvent) => boolean): void;
}

/** More at once would be heard as noise, and their ends must not be lost. */
export const MOST_LASTING = 500;

interface Entry {
  event: SceneEvent;
  release: Unsubscribe;
}

/** @param onFull told once, when one could not begin. */
export function createLasting(
  emit: (event: SceneEvent) => void,
  onFull: () => void = () => {},
): Lasting {
  const entries = new Map<string, Entry>();
  let full = false;

  function finish(key: string, fields: Partial<SceneEvent> = {}): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entries.delete(key);
    entry.release();
    emit({ ...entry.event, ...fields, phase: 'end' });
  }

  function isFull(): boolean {
    if (entries.size < MOST_LASTING) return false;
    if (!full) onFull();
    full = true;
    return true;
  }

  return {
    get size() {
      return entries.size;
    },
    begin(event, watch) {
      const key = keyOf(event);
      if (entries.has(key) || isFull()) return;
      const entry: Entry = { event, release: () => {} };
      entries.set(key, entry);
      entry.release = watch?.(() => finish(key)) ?? entry.release;
      emit({ ...event, phase: 'begin' });
    },
    change(event) {
      const entry = entries.get(keyOf(event));
      if (entry === undefined) return;
      entry.event = { ...entry.event, ...event };
      emit({ ...entry.event, phase: 'change' });
    },
    end: (event) => finish(keyOf(event), event),
    has: (topic) => entries.has(keyOf(topic)),
    retain(fits) {
      for (const [key, { event }] of entries) if (!fits(event)) finish(key);
    },
  };
}
