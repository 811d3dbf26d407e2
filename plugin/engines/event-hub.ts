/** Listeners of scene events and of render frames, as every adapter keeps them. */
import type { Unsubscribe } from '../adapter.ts';

export interface EventHub<E> {
  readonly size: number;
  emit(event: E): void;
  subscribe(listener: (event: E) => void): Unsubscribe;
  clear(): void;
}

export function createEventHub<E>(): EventHub<E> {
  const listeners = new Set<(event: E) => void>();
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
