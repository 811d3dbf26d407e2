/** What a mesh is made of and what it is for: events, slots and selectors of the sound map read both. */
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';

/** In the words that prompts use. */
export type MaterialWord = 'wood' | 'metal' | 'stone' | 'glass' | 'gravel' | 'snow';

/** What crates are made of. */
export type CrateWord = Extract<MaterialWord, 'wood' | 'metal' | 'stone' | 'glass'>;

export function tag(mesh: AbstractMesh, material: MaterialWord, role: string): void {
  mesh.metadata = { material, role };
}

export function roleOf(mesh: AbstractMesh): string {
  const role: unknown = mesh.metadata?.role;
  return typeof role === 'string' ? role : '';
}

export function materialOf(mesh: { metadata: unknown }): string {
  const { material } = (mesh.metadata ?? {}) as { material?: unknown };
  return typeof material === 'string' ? material : '';
}
