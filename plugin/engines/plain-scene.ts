/**
 * A scene for adapters without a scene graph: places that you move yourself, and what stands there.
 *
 *   addNode({ x, y, z }, { name: 'crate', material: 'wood' }) ──▶ contents(), find(id), describe(node)
 */
import type { Bounds, SceneContent } from '../adapter.ts';
import type { Point, SceneObject } from '../scene-event.ts';

/** A place; `forward`, a unit vector, is where a cone looks, default +z. */
export interface PlainNode extends Point {
  forward?: Point | undefined;
}

export interface PlainScene {
  /** @returns the node, described from now on; its id is yours or a new one. */
  addNode(node: Point, object?: Partial<SceneObject>, bounds?: Bounds): Point;
  removeNode(node: Point): void;
  contents(): Iterable<SceneContent>;
  find(id: string): Point | null;
  /** A node that was never added has an id of its own and no words. */
  describe(node: Point): SceneObject;
  /** Whether it was added. */
  isNode(at: Point): at is Point;
  positionOf(node: Point): Point;
  boundsOf(node: Point): Bounds | null;
}

export function createPlainScene(): PlainScene {
  const objects = new Map<Point, SceneObject>();
  const boxes = new WeakMap<Point, Bounds>();
  const strangers = new WeakMap<Point, SceneObject>();
  let count = 0;

  function complete(object: Partial<SceneObject>): SceneObject {
    count += 1;
    return { id: `node ${count}`, name: '', material: '', tags: [], ...object };
  }

  function describe(node: Point): SceneObject {
    const known = objects.get(node) ?? strangers.get(node);
    if (known !== undefined) return known;
    const object = complete({});
    strangers.set(node, object);
    return object;
  }

  return {
    addNode(node, object = {}, bounds) {
      objects.set(node, complete(object));
      if (bounds !== undefined) boxes.set(node, bounds);
      return node;
    },
    removeNode: (node) => void objects.delete(node),
    *contents() {
      for (const [point, object] of objects) yield { object, point, radius: 0 };
    },
    find: (id) => [...objects].find(([, object]) => object.id === id)?.[0] ?? null,
    describe,
    isNode: (at): at is Point => objects.has(at),
    positionOf: ({ x, y, z }) => ({ x, y, z }),
    boundsOf: (node) => boxes.get(node) ?? null,
  };
}
