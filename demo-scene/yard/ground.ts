/** What one walks on in the yard: a wooden deck, a gravel path, a metal grate, snow. Four meshes. */
import { VertexBuffer } from '@babylonjs/core/Buffers/buffer.js';
import { CreateGround } from '@babylonjs/core/Meshes/Builders/groundBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { block } from '../room/block.ts';
import type { MaterialWord } from '../room/tags.ts';
import type { Materials } from '../surfaces/materials.ts';
import { fbm, smoothstep } from '../surfaces/noise.ts';
import { BRANCH, DECK, GRATE, PATH, YARD } from './plan.ts';

interface Area {
  left: number;
  right: number;
  near: number;
  far: number;
}

/** @returns what the yard's lights shine on. */
export function layGround(scene: Scene, materials: Materials): Mesh[] {
  const { planks, gravel, grate } = materials;
  const path = { material: gravel, tile: 1.5, solid: 'gravel' } as const;
  return [
    slab(scene, 'deck', DECK, { material: planks, tile: 1.6, solid: 'wood' }),
    slab(scene, 'gravel path', PATH, path),
    slab(scene, 'gravel branch', BRANCH, path),
    slab(scene, 'grate', GRATE, { material: grate, tile: 1, solid: 'metal' }),
    layFirmSnow(scene, materials),
    heapSnow(scene, materials),
  ];
}

interface Slab {
  material: Materials[keyof Materials];
  tile: number;
  solid: MaterialWord;
}

/** Its top lies at height 0, as the floor of the house does. */
function slab(scene: Scene, name: string, { left, right, near, far }: Area, made: Slab): Mesh {
  const [from, to] = [[left, -0.3, near] as const, [right, 0, far] as const];
  return block(scene, name, { from, to, ...made });
}

/** What carries feet and crates; a little lower, so that paths lie on it. */
function layFirmSnow(scene: Scene, { snow }: Materials): Mesh {
  const { left, right, near, far } = YARD;
  const [from, to] = [[left, -0.6, near] as const, [right, -0.05, far] as const];
  const firm = block(scene, 'snow', { from, to, material: snow, tile: 2.5, solid: 'snow' });
  firm.isVisible = false;
  return firm;
}

/** The snow that is seen: flat where one walks, heaped up towards the fence and far beyond it. */
function heapSnow(scene: Scene, { snow }: Materials): Mesh {
  const [width, height] = [60, 44];
  const ground = CreateGround('snow field', { width, height, subdivisions: 72 }, scene);
  ground.position.set(0, 0, YARD.near + height / 2);
  const positions = ground.getVerticesData(VertexBuffer.PositionKind) ?? [];
  const uvs = ground.getVerticesData(VertexBuffer.UVKind) ?? [];
  for (let i = 0; i < positions.length / 3; i++) {
    const x = positions[3 * i] ?? 0;
    const z = (positions[3 * i + 2] ?? 0) + ground.position.z;
    positions[3 * i + 1] = snowHeight(x, z);
    uvs[2 * i] = x / 2.5;
    uvs[2 * i + 1] = z / 2.5;
  }
  ground.setVerticesData(VertexBuffer.PositionKind, positions);
  ground.setVerticesData(VertexBuffer.UVKind, uvs);
  const normals: number[] = [];
  VertexData.ComputeNormals(positions, ground.getIndices(), normals);
  ground.setVerticesData(VertexBuffer.NormalKind, normals);
  ground.material = snow;
  ground.isPickable = false;
  ground.freezeWorldMatrix();
  return ground;
}

function snowHeight(x: number, z: number): number {
  const beyond = Math.max(Math.abs(x) - YARD.right + 1.6, z - YARD.far + 1.6, 0);
  const drift = fbm(x / 60 + 0.5, z / 60 + 0.5, 18, 18, 3, 480);
  const rise = 0.42 * smoothstep(0, 1.6, beyond) + 0.05 * Math.max(0, beyond - 1.6);
  return -0.045 + rise * (0.5 + drift) + 0.05 * (drift - 0.5) * smoothstep(0, 1, beyond);
}
