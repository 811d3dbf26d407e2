/** What an Object3D is, in words: its name, userData and material; where and how large it is. */
import { Box3, type Material, type Mesh, type Object3D, Vector3 } from 'three';
import type { Bounds, SceneContent } from '../../adapter.ts';
import type { Point, SceneObject } from '../../scene-event.ts';

/** Material: userData.material (glTF extras are there), the same of the node's material, that material's name, the first tag. */
export function describe(node: Object3D): SceneObject {
  const { id, name, userData } = node;
  const tags = tagsIn(userData);
  const material = materialOf(node);
  const word = wordIn(userData) ?? wordIn(material?.userData) ?? material?.name ?? '';
  return { id: String(id), name, material: word || (tags[0] ?? ''), tags, data: userData };
}

/** Of more than one, the first. */
function materialOf(node: Object3D): Material | undefined {
  const { material } = node as Partial<Mesh>;
  return Array.isArray(material) ? material[0] : material;
}

function wordIn(userData: Record<string, unknown> | undefined): string | undefined {
  const word = userData?.material;
  return typeof word === 'string' && word !== '' ? word : undefined;
}

/** userData.tags: a list, or words with spaces between them. */
function tagsIn({ tags }: Record<string, unknown>): string[] {
  if (typeof tags === 'string') return tags.split(/\s+/).filter((tag) => tag !== '');
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** Meshes, groups and empty nodes; no lights, cameras, bones or helpers. */
export function* contentsOf(scene: Object3D): Iterable<SceneContent> {
  const nodes: Object3D[] = [];
  scene.traverse((node) => {
    if (node !== scene && HEARD.has(node.type)) nodes.push(node);
  });
  for (const node of nodes) yield { object: describe(node), ...sphereOf(node) };
}

const HEARD = new Set(['Object3D', 'Group', 'Mesh', 'SkinnedMesh', 'InstancedMesh']);

function sphereOf(node: Object3D): { point: Point; radius: number } {
  const { geometry } = node as Partial<Mesh>;
  if (geometry === undefined) return { point: positionOf(node), radius: 0 };
  if (geometry.boundingSphere === null) geometry.computeBoundingSphere();
  node.updateWorldMatrix(true, false);
  const sphere = geometry.boundingSphere?.clone().applyMatrix4(node.matrixWorld);
  return { point: sphere?.center ?? positionOf(node), radius: sphere?.radius ?? 0 };
}

/** In the world, now: a matrix may be as old as the last rendered image. */
export function positionOf(node: Object3D): Vector3 {
  return node.getWorldPosition(new Vector3());
}

export function boundsOf(node: Object3D): Bounds | null {
  const box = new Box3().setFromObject(node);
  return box.isEmpty() ? null : { min: box.min, max: box.max };
}

export function isIn(scene: Object3D, node: Object3D): boolean {
  for (let one: Object3D | null = node; one !== null; one = one.parent) {
    if (one === scene) return true;
  }
  return false;
}
