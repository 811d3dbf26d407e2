/**
 * A storm of events becomes what can be heard of it: the same thing once in a rendered image, and at most 200 things.
 *
 *   hit a b, hit a b, hit a c, … 1000 more ──▶ hit a b, hit a c, … 198 more ──▶ listeners
 *
 * What begins and ends passes always: its number is bounded where it is kept (lasting.ts), and an end that is lost would
 * leave a loop behind.
 */
import type { Topic } from '../event-binding.ts';
import type { SceneEvent } from '../scene-event.ts';

export interface EventGate {
  /** Left out so far. */
  readonly dropped: number;
  emit(event: SceneEvent): void;
  /** The next rendered image. */
  step(): void;
}

/** A sound engine plays some dozens of voices; a listener takes microseconds for each event. */
export const MOST_EVENTS = 200;

export function createEventGate(emit: (event: SceneEvent) => void): EventGate {
  const seen = new Set<string>();
  let dropped = 0;
  return {
    get dropped() {
      return dropped;
    },
    emit(event) {
      if (event.phase === 'begin' || event.phase === 'end') {
        emit(event);
        return;
      }
      const key = keyOf(event);
      if (seen.size >= MOST_EVENTS || seen.has(key)) {
        dropped += 1;
        return;
      }
      seen.add(key);
      emit(event);
    },
    step: () => seen.clear(),
  };
}

/** The same key, the same event: of what lasts, and of what happens. */
export function keyOf({ kind, name = '', a, b }: Topic): string {
  return `${kind}\n${a.id}\n${b.id}\n${name}`;
}
