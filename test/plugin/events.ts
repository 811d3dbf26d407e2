/** Scene events for tests. */
import type { SceneEvent, SceneObject } from '../../plugin/scene-event.ts';
import type { EventBinding, NodeSelector } from '../../plugin/sound-definition.ts';

export function thing(id: string, material = ''): SceneObject {
  return { id, name: id, material, tags: [] };
}

export function collision(fields: Partial<SceneEvent> = {}): SceneEvent {
  return {
    kind: 'collision',
    a: thing('crate', 'wood'),
    b: thing('floor', 'stone'),
    point: { x: 0, y: 0, z: -1 },
    impulse: 9,
    ...fields,
  };
}

/** A binding to every collision, but for the fields given. */
export function binding(fields: Partial<EventBinding> = {}): EventBinding {
  return { kind: 'collision', name: null, when: 'begin', a: null, b: null, at: [], ...fields };
}

/** A selector by name. */
export function named(...name: string[]): NodeSelector {
  return { name, tag: null, material: null, data: null };
}
