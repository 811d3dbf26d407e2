/**
 * Meshes that are moved by `moveWithCollisions`: `a` ran into `b`, once a touch. Babylon tells of it in every rendered
 * image in which the mesh is pushed on; after ten without it is a new touch.
 */
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Node } from '@babylonjs/core/node.js';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { matches } from '../../node-selector.ts';
import type { EventBinding } from '../../sound-definition.ts';
import { createNodeHolds, createNodeScan, isMesh } from './node-scan.ts';
import { positionOf } from './place.ts';
import { observe, pointOf, type Source, type SourceContext } from './source.ts';

/** Rendered images without a touch. */
const GAP = 10;
/** Pairs that touch at once; a mesh that moves runs into few others. */
const MOST_TOUCHES = 500;

export function createCollide({ scene, emit, describe, guard }: SourceContext): Source {
  const holds = createNodeHolds();
  /** When a pair last touched, in rendered images. */
  const touches = new Map<string, number>();
  let wanted: readonly EventBinding[] = [];
  let isWanted: (topic: Topic) => boolean = () => false;
  let images = 0;

  function isNewTouch(a: Node, b: Node): boolean {
    const key = `${a.uniqueId} ${b.uniqueId}`;
    const isNew = !touches.has(key);
    if (!isNew || touches.size < MOST_TOUCHES) touches.set(key, images);
    return isNew;
  }

  const onCollide = guard((mesh: AbstractMesh, other: AbstractMesh) => {
    if (!isNewTouch(mesh, other)) return;
    const topic = { kind: 'collide', a: describe(mesh), b: describe(other) } as const;
    if (isWanted(topic)) emit({ ...topic, point: pointOf(positionOf(mesh)), impulse: 0 });
  });

  function look(node: Node): void {
    if (!isMesh(node) || !wanted.some(({ a }) => matches(a, describe(node)))) return;
    holds.hold(
      node,
      observe(node.onCollideObservable, (other) => onCollide(node, other)),
    );
  }

  const scan = createNodeScan(scene, look);

  return {
    watch(bindings) {
      wanted = bindings;
      isWanted = compileTopics(bindings);
      holds.clear();
      if (bindings.length > 0) scan.start();
      else scan.stop();
    },
    step() {
      scan.step();
      images += 1;
      for (const [key, image] of touches) if (image < images - GAP) touches.delete(key);
    },
  };
}
