/** What stands in the way of a sound in a Babylon scene, and how large things are. */
import type { PickingInfo } from '@babylonjs/core/Collisions/pickingInfo.js';
import { Ray } from '@babylonjs/core/Culling/ray.core.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Bounds } from '../../adapter.ts';
import type { Point } from '../../scene-event.ts';

/** Metres before the place where the ray ends: what it lies on is not in its way. */
const SHORT_OF_IT = 0.1;
/** Radius of the largest thing that may hold a point of contact; what is larger is a wall or a floor. */
const LARGEST_BODY = 2;

/** Pickable, enabled and visible meshes are solid. At a point without a node, bodies around it are the ones that sound. */
export function isBlocked(scene: Scene, ear: Point, place: Point, node: Node | null): boolean {
  const from = new Vector3(ear.x, ear.y, ear.z);
  const way = new Vector3(place.x, place.y, place.z).subtractInPlace(from);
  const length = way.length() - SHORT_OF_IT;
  if (length <= 0) return false;
  const ray = new Ray(from, way.normalize(), length);
  const solid = (mesh: AbstractMesh) =>
    mesh.isPickable && mesh.isVisible && mesh.isEnabled() && !belongsTo(mesh, node, place);
  return scene.meshes.some((mesh) => solid(mesh) && isHit(ray.intersectsMesh(mesh, true)));
}

/** Where no material draws faces, the box alone is told, however short the ray; nothing solid is like that. */
function isHit({ hit, subMeshId }: PickingInfo): boolean {
  return hit && subMeshId !== -1;
}

function belongsTo(mesh: AbstractMesh, node: Node | null, place: Point): boolean {
  if (node !== null) return mesh === node || mesh.isDescendantOf(node);
  const { boundingSphere, boundingBox } = mesh.getBoundingInfo();
  if (boundingSphere.radiusWorld > LARGEST_BODY) return false;
  const { minimumWorld: min, maximumWorld: max } = boundingBox;
  return (['x', 'y', 'z'] as const).every(
    (axis) => place[axis] >= min[axis] - SHORT_OF_IT && place[axis] <= max[axis] + SHORT_OF_IT,
  );
}

export function boundsOf(node: Node): Bounds | null {
  node.computeWorldMatrix(true);
  const meshes = [node, ...node.getChildMeshes()].filter(hasVertices);
  if (meshes.length === 0) return null;
  return node.getHierarchyBoundingVectors(true);
}

function hasVertices(node: Node): boolean {
  return ((node as unknown as Partial<AbstractMesh>).getTotalVertices?.() ?? 0) > 0;
}
