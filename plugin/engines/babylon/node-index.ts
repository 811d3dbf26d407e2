/**
 * The nodes of a scene by the ids that events name.
 *
 *   describe(node) ──▶ { id: '42', … } ──▶ director ──▶ find('42') ──▶ node, without a search
 *
 * Held weakly: a node that the game lets go of is not kept alive.
 */
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { SceneContent } from '../../adapter.ts';
import type { SceneObject } from '../../scene-event.ts';
import { describe } from './describe.ts';
import { pointOf } from './source.ts';

export interface NodeIndex {
  describe(node: Node): SceneObject;
  /** null: disposed, or never there. */
  find(id: string): Node | null;
  contents(): Iterable<SceneContent>;
}

/** Ids kept before the first look for nodes that are gone. */
const FIRST_SWEEP = 1000;

export function createNodeIndex(scene: Scene): NodeIndex {
  const known = new Map<string, WeakRef<Node>>();
  let sweepAt = FIRST_SWEEP;

  function remember(id: string, node: Node): void {
    if (known.has(id)) return;
    known.set(id, new WeakRef(node));
    if (known.size < sweepAt) return;
    for (const [id, held] of known) if (held.deref()?.isDisposed() ?? true) known.delete(id);
    sweepAt = Math.max(FIRST_SWEEP, 2 * known.size);
  }

  function describeNode(node: Node): SceneObject {
    const object = describe(node);
    remember(object.id, node);
    return object;
  }

  return {
    describe: describeNode,
    find(id) {
      const held = known.get(id);
      if (held !== undefined) return alive(held.deref());
      const found = search(scene, Number(id));
      if (found !== null) remember(id, found);
      return found;
    },
    *contents() {
      for (const node of nodesOf(scene)) if (isContent(node)) yield contentOf(node, describeNode);
    },
  };
}

function alive(node: Node | undefined): Node | null {
  return node === undefined || node.isDisposed() ? null : node;
}

/** For ids that we have not given out ourselves. */
function search(scene: Scene, uniqueId: number): Node | null {
  for (const list of [scene.meshes, scene.transformNodes, scene.cameras, scene.lights]) {
    for (const node of list) if (node.uniqueId === uniqueId) return node;
  }
  return null;
}

/** Meshes and transform nodes: cameras and lights are not heard. */
export function* nodesOf(scene: Scene): Iterable<Node> {
  yield* scene.meshes;
  yield* scene.transformNodes;
}

/** Loaders and tools name what is theirs '__root__' and the like. */
function isContent(node: Node): boolean {
  return !node.isDisposed() && !node.name.startsWith('__');
}

function contentOf(node: Node, describeNode: (node: Node) => SceneObject): SceneContent {
  const { boundingSphere } = (node as unknown as Partial<AbstractMesh>).getBoundingInfo?.() ?? {};
  const point = boundingSphere?.centerWorld ?? node.getWorldMatrix().getTranslation();
  return {
    object: describeNode(node),
    point: pointOf(point),
    radius: boundingSphere?.radiusWorld ?? 0,
  };
}
