/** Everything behind the door: what is seen of the house, what one walks on, what lives and runs there. */
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Crates } from '../room/crates.ts';
import type { Lights } from '../room/lights.ts';
import type { Stage } from '../room/stage.ts';
import type { Materials } from '../surfaces/materials.ts';
import { type Birds, createBirds } from './birds.ts';
import { hangEvening } from './evening.ts';
import { layGround } from './ground.ts';
import { buildHouse } from './house.ts';
import { createMachine, type Machine } from './machine.ts';
import { YARD } from './plan.ts';
import { buildSurroundings } from './surroundings.ts';
import { createYardLights, type YardLights } from './yard-lights.ts';

export interface Yard {
  machine: Machine;
  birds: Birds;
}

export interface YardOptions {
  stage: Stage;
  materials: Materials;
  lights: Lights;
  crates: Crates;
  /** [0, 1); decides when birds fly, and where to. */
  random: () => number;
}

export function buildYard({ stage, materials, lights, crates, random }: YardOptions): Yard {
  const { scene, quality } = stage;
  hangEvening(scene, quality === 'high' ? 4096 : 1024);
  const { machine, lit } = createMachine(scene, materials);
  const meshes = [
    ...layGround(scene, materials),
    ...buildHouse(scene, materials),
    ...buildSurroundings(scene, materials),
    ...lit,
  ];
  const yardLights = createYardLights(scene, lights);
  for (const mesh of meshes) yardLights.setOutside(mesh, true);
  lightCrates(scene, crates, yardLights);
  new TransformNode('wind', scene).position.set(2, 3.5, 11); // in the firs, for the ear only
  return { machine, birds: createBirds(scene, random) };
}

/** Crates that leave the house leave its light too. */
function lightCrates(scene: Scene, crates: Crates, lights: YardLights): void {
  const outside = new Set<unknown>();
  scene.onBeforeRenderObservable.add(() => {
    for (const { mesh } of crates.all()) {
      const isOutside = mesh.position.z > YARD.near;
      if (isOutside === outside.has(mesh)) continue;
      if (isOutside) {
        outside.add(mesh);
        mesh.onDisposeObservable.addOnce(() => outside.delete(mesh));
      } else outside.delete(mesh);
      lights.setOutside(mesh, isOutside);
    }
  });
}
