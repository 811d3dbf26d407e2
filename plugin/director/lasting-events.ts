/**
 * What lasts now. Engines tell of a beginning once, so that other sounds can be given to what has begun already, it is kept
 * here until its end. Bounded: the oldest is forgotten first.
 */
import { createLruMap } from '../lru-map.ts';
import type { SceneEvent } from '../scene-event.ts';

export interface LastingEvents {
  /** Events that happen once are none of its business. */
  note(event: SceneEvent): void;
  /** Each as when it begins, with its latest numbers. */
  readonly all: readonly SceneEvent[];
  clear(): void;
}

const MAX_KEPT = 1024;

export function createLastingEvents(): LastingEvents {
  const kept = createLruMap<string, SceneEvent>(MAX_KEPT);
  return {
    note(event) {
      const { phase = 'once' } = event;
      if (phase === 'once') return;
      if (phase === 'end') kept.delete(lastingKey(event));
      else kept.set(lastingKey(event), snapshot(event));
    },
    get all() {
      return [...kept.values()].map((event) => ({ ...event, phase: 'begin' as const }));
    },
    clear: () => kept.clear(),
  };
}

/** What lasts is the same one while this is. */
export function lastingKey({ kind, name = '', a, b }: SceneEvent): string {
  return JSON.stringify([kind, name, a.id, b.id]);
}

/** Engines may go on using their points. */
export function snapshot(event: SceneEvent): SceneEvent {
  const { x, y, z } = event.point;
  return { ...event, point: { x, y, z } };
}
