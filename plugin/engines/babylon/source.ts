/**
 * What every event source of a Babylon scene is: it observes what is wanted of its kinds, and nothing else.
 *
 *   bindings ──▶ watch ──▶ observers on scene and nodes ──▶ emit, lasting ──▶ listeners
 *                step, once a rendered image while it watches
 */
import type { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Logger } from '../../../runtime/client.ts';
import type { Unsubscribe } from '../../adapter.ts';
import type { Point, SceneEvent, SceneEventKind, SceneObject } from '../../scene-event.ts';
import type { EventBinding } from '../../sound-definition.ts';
import type { Guard } from '../guard.ts';
import type { Lasting } from '../lasting.ts';

export interface Source {
  /** Those of its kinds; called again when they change. None: takes back every observer. */
  watch(bindings: readonly EventBinding[]): void;
  step?(): void;
}

export interface SourceContext {
  readonly scene: Scene;
  /** What happens once. */
  emit(event: SceneEvent): void;
  readonly lasting: Lasting;
  describe(node: Node): SceneObject;
  find(id: string): Node | null;
  readonly guard: Guard;
  readonly logger: Logger;
}

export interface SourceKind {
  readonly kinds: readonly SceneEventKind[];
  create(context: SourceContext): Source;
}

/** @returns takes the observer back. */
export function observe<T>(observable: Observable<T>, listener: (what: T) => void): Unsubscribe {
  const observer = observable.add(listener);
  return () => void observable.remove(observer);
}

/** @returns calls all of them. */
export function all(releases: readonly Unsubscribe[]): Unsubscribe {
  return () => {
    for (const release of releases) release();
  };
}

/** @returns for Lasting.begin: ends the event when one of its nodes is disposed. */
export function untilDisposed(...nodes: readonly Node[]) {
  return (end: () => void): Unsubscribe =>
    all(nodes.map((node) => observe(node.onDisposeObservable, end)));
}

/** A point of its own: Babylon's vectors change under one's hands. */
export function pointOf({ x, y, z }: Point): Point {
  return { x, y, z };
}
