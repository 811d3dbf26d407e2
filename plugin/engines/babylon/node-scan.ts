/**
 * Looks at each node of a scene once: those that are there, and those that come.
 *
 *   new Mesh ──▶ its game gives it a name, tags, metadata ──▶ next rendered image ──▶ look(node)
 *
 * Games describe nodes right after making them, so a new one is looked at with the next rendered image. One that is
 * described later still is not looked at again, unless the bindings change.
 */
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Unsubscribe } from '../../adapter.ts';
import { nodesOf } from './node-index.ts';
import { all, observe } from './source.ts';

export interface NodeScan {
  /** Looks at all nodes, with the next step; and at new ones from now on. */
  start(): void;
  step(): void;
  stop(): void;
}

export function createNodeScan(scene: Scene, look: (node: Node) => void): NodeScan {
  let pending = new Set<Node>();
  let stopWatching: Unsubscribe | null = null;

  function watch(): Unsubscribe {
    const onAdded = (node: Node) => void pending.add(node);
    return all([
      observe(scene.onNewMeshAddedObservable, onAdded),
      observe(scene.onNewTransformNodeAddedObservable, onAdded),
    ]);
  }

  return {
    start() {
      stopWatching ??= watch();
      pending = new Set(nodesOf(scene));
    },
    step() {
      if (pending.size === 0) return;
      const nodes = pending;
      pending = new Set();
      for (const node of nodes) if (!node.isDisposed()) look(node);
    },
    stop() {
      stopWatching?.();
      stopWatching = null;
      pending.clear();
    },
  };
}

/** What is observed on nodes, taken back when they are disposed. */
export interface NodeHolds {
  /** Replaces what was held on it. */
  hold(node: Node, release: Unsubscribe): void;
  release(node: Node): void;
  clear(): void;
}

export function createNodeHolds(): NodeHolds {
  const holds = new Map<Node, Unsubscribe>();

  function letGo(node: Node): void {
    holds.get(node)?.();
    holds.delete(node);
  }

  return {
    hold(node, release) {
      letGo(node);
      const stopWatching = observe(node.onDisposeObservable, () => letGo(node));
      holds.set(node, all([stopWatching, release]));
    },
    release: letGo,
    clear() {
      for (const node of [...holds.keys()]) letGo(node);
    },
  };
}

export function isMesh(node: Node): node is AbstractMesh {
  return 'onCollideObservable' in node;
}
