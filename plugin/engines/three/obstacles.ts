/** What stands in the way of a sound in a three.js scene. */
import { type Mesh, type Object3D, Raycaster, Vector3 } from 'three';
import type { Point } from '../../scene-event.ts';
import { boundsOf, isIn } from './describe.ts';

/** Metres before the place where the ray ends: what it lies on is not in its way. */
const SHORT_OF_IT = 0.1;
/** Size of the largest thing that may hold a point of contact; what is larger is a wall or a floor. */
const LARGEST_BODY = 4;

/** Visible meshes are solid, unless `userData.solid` is false. At a point without a node, bodies around it are what sounds. */
export function isBlocked(
  scene: Object3D,
  ear: Point,
  place: Point,
  node: Object3D | null,
): boolean {
  const from = new Vector3(ear.x, ear.y, ear.z);
  const way = new Vector3(place.x, place.y, place.z).sub(from);
  const length = way.length() - SHORT_OF_IT;
  if (length <= 0) return false;
  const ray = new Raycaster(from, way.normalize(), 0, length);
  return meshesOf(scene).some(
    (mesh) => ray.intersectObject(mesh, false).length > 0 && !belongsTo(mesh, node, place),
  );
}

function meshesOf(scene: Object3D): Object3D[] {
  const meshes: Object3D[] = [];
  scene.traverseVisible((node) => {
    if ((node as Partial<Mesh>).isMesh && node.userData.solid !== false) meshes.push(node);
  });
  return meshes;
}

function belongsTo(mesh: Object3D, node: Object3D | null, place: Point): boolean {
  if (node !== null) return isIn(node, mesh);
  const bounds = boundsOf(mesh);
  if (bounds === null) return false;
  const { min, max } = bounds;
  return (['x', 'y', 'z'] as const).every(
    (axis) =>
      max[axis] - min[axis] <= LARGEST_BODY &&
      place[axis] >= min[axis] - SHORT_OF_IT &&
      place[axis] <= max[axis] + SHORT_OF_IT,
  );
}
