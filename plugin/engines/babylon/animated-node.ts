/**
 * Whose animation it is: the first node that a group moves, or the one of its parents that a sound map names.
 *
 *   group 'Walk' ──▶ joint 'Hips' ──▶ parents 'Armature', 'hero' ◀── { a: { name: [hero] } }
 */
import type { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import type { Bone } from '@babylonjs/core/Bones/bone.js';
import type { Node } from '@babylonjs/core/node.js';
import { matches } from '../../node-selector.ts';
import { NOTHING, type Point, type SceneObject } from '../../scene-event.ts';
import type { EventBinding } from '../../sound-definition.ts';
import { positionOf } from './place.ts';
import { pointOf } from './source.ts';

export interface Animated {
  /** null: what is animated has no place, as a material. */
  node: Node | null;
  object: SceneObject;
}

/** @returns the target, or its nearest parent that one of the bindings names as `a`. */
export function animatedBy(
  target: unknown,
  bindings: readonly EventBinding[],
  describe: (node: Node) => SceneObject,
): Animated {
  const first = nodeOf(target);
  for (let node = first; node !== null; node = node.parent) {
    const object = describe(node);
    if (bindings.some(({ a }) => a !== null && matches(a, object))) return { node, object };
  }
  return { node: first, object: first === null ? NOTHING : describe(first) };
}

export function targetOf(group: AnimationGroup): unknown {
  const found = group.targetedAnimations.find(({ target }) => nodeOf(target) !== null);
  return found?.target ?? null;
}

export function placeOf({ node }: Animated): Point {
  return node === null ? { x: 0, y: 0, z: 0 } : pointOf(positionOf(node));
}

/** A bone has no place of its own: it stands for the node that it is linked with, or the mesh that it bends. */
function nodeOf(target: unknown): Node | null {
  if (typeof target !== 'object' || target === null || !('getWorldMatrix' in target)) return null;
  if (!('getSkeleton' in target)) return target as Node;
  const bone = target as Bone;
  const skeleton = bone.getSkeleton();
  const bent = bone.getScene().meshes.find((mesh) => mesh.skeleton === skeleton);
  return bone.getTransformNode() ?? bent ?? null;
}
