/** Physically based materials from baked surfaces; the baking runs in a worker, all surfaces in about a second. */

import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Material } from '@babylonjs/core/Materials/material.js';
import { PBRMetallicRoughnessMaterial } from '@babylonjs/core/Materials/PBR/pbrMetallicRoughnessMaterial.js';
import { RawTexture } from '@babylonjs/core/Materials/Textures/rawTexture.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { type SurfaceName, surfaceNames } from './catalogue.ts';
import type { SurfaceReply } from './surface-worker.ts';
import type { BakedSurface } from './texel.ts';

export type Materials = Record<SurfaceName, PBRMetallicRoughnessMaterial>;

/** @throws Error when the worker fails. */
export async function createMaterials(scene: Scene): Promise<Materials> {
  const entries: [SurfaceName, PBRMetallicRoughnessMaterial][] = [];
  await bakeAll((name, baked) => entries.push([name, createMaterial(scene, name, baked)]));
  return Object.fromEntries(entries) as Materials;
}

function bakeAll(onBaked: (name: SurfaceName, baked: BakedSurface) => void): Promise<void> {
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
  for (const name of surfaceNames) worker.postMessage(name);
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
