/**
 * Which sounds an event has, found by kind → name → everything else.
 *
 *   { kind: 'collision', a: the floor, b: a crate }
 *      kind  collision ──▶ 3 bindings
 *      name  any       ──▶ 3
 *      fits  { a: { tag: crate } }   ──▶ 1, with a and b changed over, so that {a.material} is the crate's
 *
 * Asked at every event of the scene: bindings of other kinds and names cost nothing, and nothing that does not fit allocates.
 */
import { compileBinding } from '../event-binding.ts';
import { matches } from '../node-selector.ts';
import type { SceneEvent, SceneEventKind } from '../scene-event.ts';
import type { EventBinding } from '../sound-definition.ts';

export interface Bound<T> {
  readonly sound: T;
  readonly binding: EventBinding;
}

export interface BindingIndex<T> {
  /** Visits what fits, in the order of declaration, with the event as the binding sees it. */
  match(event: SceneEvent, visit: (bound: Bound<T>, event: SceneEvent) => void): void;
}

interface Entry<T> extends Bound<T> {
  readonly fits: (event: SceneEvent) => boolean;
}

/** Bindings of one kind. */
interface OfKind<T> {
  /** Those of that very name, and those of any or of a pattern; in order of declaration. */
  readonly byName: ReadonlyMap<string, readonly Entry<T>[]>;
  /** For names that no binding has. */
  readonly others: readonly Entry<T>[];
}

export function createBindingIndex<T>(bounds: readonly Bound<T>[]): BindingIndex<T> {
  const entries = bounds.map((bound) => ({ ...bound, fits: compileBinding(bound.binding) }));
  const kinds = new Map<SceneEventKind, OfKind<T>>();
  for (const kind of new Set(entries.map(({ binding }) => binding.kind))) {
    kinds.set(kind, indexKind(entries.filter(({ binding }) => binding.kind === kind)));
  }
  return {
    match(event, visit) {
      const ofKind = kinds.get(event.kind);
      if (ofKind === undefined) return;
      for (const entry of ofKind.byName.get(event.name ?? '') ?? ofKind.others) {
        if (entry.fits(event)) visit(entry, asSeenBy(entry.binding, event));
      }
    },
  };
}

function indexKind<T>(entries: readonly Entry<T>[]): OfKind<T> {
  const names = new Set(entries.map(({ binding }) => binding.name).filter(isPlain));
  const fitting = (name: string) =>
    entries.filter(({ binding }) => !isPlain(binding.name) || binding.name === name);
  return {
    byName: new Map([...names].map((name) => [name, fitting(name)])),
    others: entries.filter(({ binding }) => !isPlain(binding.name)),
  };
}

function isPlain(name: string | null): name is string {
  return name !== null && !name.includes('*');
}

/** The event, or with a and b changed over where only that fits. */
function asSeenBy({ a, b }: EventBinding, event: SceneEvent): SceneEvent {
  if (matches(a, event.a) && matches(b, event.b)) return event;
  return { ...event, a: event.b, b: event.a };
}
