/** Listeners of scene events, as every adapter keeps them. */
import type { Unsubscribe } from '../adapter.ts';
import type { SceneEvent } from '../scene-event.ts';

export interface EventHub {
  readonly size: number;
  emit(event: SceneEvent): void;
  subscribe(listener: (event: SceneEvent) => void): Unsubscribe;
  clear(): void;
}

export function createEventHub(): EventHub {
  const listeners = new Set<(event: SceneEvent) => void>();
  return {
    get size() {
      return listeners.size;
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    clear: () => listeners.clear(),
  };
}
