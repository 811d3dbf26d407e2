/** Clear glass: what is behind it shows through, lights glint on it. */
import { Material } from '@babylonjs/core/Materials/material.js';
import { PBRMetallicRoughnessMaterial } from '@babylonjs/core/Materials/PBR/pbrMetallicRoughnessMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Scene } from '@babylonjs/core/scene.js';

export function createGlass(scene: Scene): PBRMetallicRoughnessMaterial {
  const glass = new PBRMetallicRoughnessMaterial('glass', scene);
  glass.baseColor = Color3.FromHexString('#a9d4e4').toLinearSpace();
  glass.emissiveColor = Color3.FromHexString('#0b1519').toLinearSpace();
  glass.metallic = 0;
  glass.roughness = 0.08;
  glass.alpha = 0.34;
  glass.transparencyMode = Material.MATERIAL_ALPHABLEND;
  glass.maxSimultaneousLights = 5;
  return glass;
}
