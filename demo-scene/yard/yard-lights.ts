/**
 * Light in the yard: the moon from behind the firs, the lamp on its post, a glow from the window and the door. No shadows.
 * A mesh is lit by the house's lights or by the yard's, never by both: few lights a pixel.
 */
import { DirectionalLight } from '@babylonjs/core/Lights/directionalLight.js';
import { PointLight } from '@babylonjs/core/Lights/pointLight.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Lights } from '../room/lights.ts';
import { DOORWAY, WINDOW } from '../room/room.ts';
import { LAMP } from './plan.ts';

export interface YardLights {
  /** From now on the yard's lights shine on it; false: the house's. */
  setOutside(mesh: AbstractMesh, outside: boolean): void;
}

export function createYardLights(scene: Scene, house: Lights): YardLights {
  const moon = new DirectionalLight('yard moon', new Vector3(-0.35, -0.8, -0.75), scene);
  moon.diffuse = Color3.FromHexString('#7fa6ee').toLinearSpace();
  moon.intensity = 2.1;
  const lamp = glow(scene, 'yard lamp', new Vector3(LAMP.x, LAMP.height, LAMP.z), '#ffb86b', 95);
  const middle = (DOORWAY.left + WINDOW.left) / 2;
  const hearth = glow(scene, 'window glow', new Vector3(middle, 1.9, 5.1), '#ff9a4d', 16);
  const inside = [house.fire, house.moon, house.lantern, house.halo];
  const outside = [moon, lamp, hearth];
  // An empty list would mean all meshes.
  const nothing = scene.getMeshByName('barrier');
  for (const light of outside) if (nothing) light.includedOnlyMeshes.push(nothing);
  return {
    setOutside: (mesh, isOutside) => {
      for (const light of inside) setIn(light.excludedMeshes, mesh, isOutside);
      for (const light of outside) setIn(light.includedOnlyMeshes, mesh, isOutside);
    },
  };
}

function glow(scene: Scene, name: string, at: Vector3, colour: string, intensity: number) {
  const light = new PointLight(name, at, scene);
  light.diffuse = Color3.FromHexString(colour).toLinearSpace();
  light.specular = light.diffuse.scale(0.5);
  light.intensity = intensity;
  return light;
}

function setIn(list: AbstractMesh[], mesh: AbstractMesh, wanted: boolean): void {
  const index = list.indexOf(mesh);
  if (wanted && index < 0) list.push(mesh);
  if (!wanted && index >= 0) list.splice(index, 1);
}
