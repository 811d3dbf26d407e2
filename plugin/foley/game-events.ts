/**
 * Events that the game tells itself: `trigger` once, `begin` until it says `end`.
 *
 *   begin('engine', { rpm: 900 }, carMesh) ──▶ begin … change({ rpm: 4000 }) ──▶ change … end() ──▶ end
 */
import type { EngineAdapter } from '../adapter.ts';
import { type EventData, NOTHING, type Point, type SceneEvent } from '../scene-event.ts';

/** What the game began. */
export interface Lasting {
  /** Other numbers and words from now on, in place of those before. */
  change(data: EventData): void;
  /** Idempotent. */
  end(): void;
}

export interface GameEvents<N> {
  /** The event, at a node, at a point, or at the ear. */
  once(name: string, data?: EventData, at?: N | Point): SceneEvent;
  begin(name: string, data?: EventData, at?: N | Point): Lasting;
}

export function createGameEvents<N>(
  adapter: EngineAdapter<N>,
  emit: (event: SceneEvent) => void,
): GameEvents<N> {
  let begun = 0;

  function once(name: string, data: EventData = {}, at?: N | Point): SceneEvent {
    return { kind: 'event', name, ...placeOf(adapter, at), b: NOTHING, impulse: 0, data };
  }

  return {
    once,
    begin(name, data, at) {
      begun += 1;
      // Each has an id of its own, so that two of the same name and place are two.
      const b = { ...NOTHING, id: `begun ${begun}` };
      let event: SceneEvent = { ...once(name, data, at), b, phase: 'begin' };
      let over = false;
      emit(event);
      return {
        change(next) {
          if (over) return;
          event = { ...event, data: next, phase: 'change' };
          emit(event);
        },
        end() {
          if (over) return;
          over = true;
          emit({ ...event, phase: 'end' });
        },
      };
    },
  };
}

function placeOf<N>(adapter: EngineAdapter<N>, at: N | Point | undefined) {
  if (at === undefined) return { a: NOTHING, point: copyOf(adapter.ear().position) };
  if (isPoint(adapter, at)) return { a: NOTHING, point: copyOf(at) };
  return { a: adapter.describe(at), point: copyOf(adapter.positionOf(at)) };
}

/** Engines' vectors have x, y and z on their prototype, and change under one's hands. */
function copyOf({ x, y, z }: Point): Point {
  return { x, y, z };
}

function isPoint<N>({ isNode }: EngineAdapter<N>, at: N | Point): at is Point {
  if (isNode?.(at)) return false;
  const { x, y, z } = at as Partial<Point>;
  return typeof x === 'number' && typeof y === 'number' && typeof z === 'number';
}
