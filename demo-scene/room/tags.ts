/** What a mesh is made of, in the words that prompts use. The collision rule reads `metadata.material`. */
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';

export type MaterialWord = 'wood' | 'metal' | 'stone';

export const materialWords: readonly MaterialWord[] = ['wood', 'metal', 'stone'];

export function tag(mesh: AbstractMesh, material: MaterialWord, role: string): void {
  mesh.metadata = { material, role };
}

export function roleOf(mesh: AbstractMesh): string {
  const role: unknown = mesh.metadata?.role;
  return typeof role === 'string' ? role : '';
}
