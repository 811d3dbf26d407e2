/** Scene events for tests. */
import type { SceneEvent, SceneObject } from '../../plugin/scene-event.ts';

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
