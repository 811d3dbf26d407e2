/** Physically based materials from baked surfaces; the baking runs in a worker, all surfaces in about a second. */

import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { PBRMetallicRoughnessMaterial } from '@babylonjs/core/Materials/PBR/pbrMetallicRoughnessMaterial.js';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { type SurfaceName, surfaceNames } from './catalogue.ts';
import type { SurfaceJob, SurfaceReply } from './surface-worker.ts';
import type { BakedSurface } from './texel.ts';

export type Materials = Record<SurfaceName, PBRMetallicRoughnessMaterial>;

/**
 * @param scale of the pictures' sizes; a power of two, at most 1.
 * @throws Error when the worker fails.
 */
export async function createMaterials(scene: Scene, scale: number): Promise<Materials> {
  const entries: [SurfaceName, PBRMetallicRoughnessMaterial][] = [];
  await bakeAll(scale, (name, baked) => entries.push([name, createMaterial(scene, name, baked)]));
  return Object.fromEntries(entries) as Materials;
}

function bakeAll(
  scale: number,
  onBaked: (name: SurfaceName, baked: BakedSurface) => void,
): Promise<void> {
  const worker = new Worker(new URL('./surface-worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Set(surfaceNames);
  const done = new Promise<void>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<SurfaceReply>) => {
      onBaked(data.name, data.baked);
      waiting.delete(data.name);
      if (waiting.size === 0) resolve();
    };
    worker.onerror = () =>
      reject(new Error('demo: the textures could not be painted. Reload the page.'));
  });
  for (const name of surfaceNames) {
    const job: SurfaceJob = { name, scale };
    worker.postMessage(job);
  }
  return done.finally(() => worker.terminate());
}

function createMaterial(scene: Scene, name: SurfaceName, baked: BakedSurface) {
  const material = new PBRMetallicRoughnessMaterial(name, scene);
  const { size, albedo, normal, orm } = baked;
  material.baseTexture = createTexture(scene, albedo, size, true);
  material.normalTexture = createTexture(scene, normal, size, false);
  const surface = createTexture(scene, orm, size, false);
  material.metallicRoughnessTexture = surface;
  material.occlusionTexture = surface;
  material.transparencyMode = Material.MATERIAL_OPAQUE;
  material.metallic = 1;
  material.roughness = 1;
  material.maxSimultaneousLights = 5;
  return material;
}

function createTexture(scene: Scene, pixels: Uint8Array, size: number, gammaSpace: boolean) {
  const trilinear = Constants.TEXTURE_TRILINEAR_SAMPLINGMODE;
  const texture = RawTexture.CreateRGBATexture(pixels, size, size, scene, true, false, trilinear);
  texture.wrapU = Constants.TEXTURE_WRAP_ADDRESSMODE;
  texture.wrapV = Constants.TEXTURE_WRAP_ADDRESSMODE;
  texture.anisotropicFilteringLevel = 8;
  texture.gammaSpace = gammaSpace;
  return texture;
}
