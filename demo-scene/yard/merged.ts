/** Fewer draw calls: meshes of one material that never move, as one. What goes into it is disposed, bodies too. */
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';

export function merged(name: string, meshes: Mesh[]): Mesh {
  const one = Mesh.MergeMeshes(meshes, true, true);
  if (!one) throw new Error(`demo: nothing to merge for "${name}". Give it meshes.`);
  one.name = name;
  one.isPickable = false;
  one.freezeWorldMatrix();
  return one;
}
