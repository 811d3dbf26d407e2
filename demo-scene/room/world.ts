/** The whole room, ready to be played with; nothing here knows about sound. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { createMaterials } from '../surfaces/materials.ts';
import { createPipeline, reflectRoom } from './atmosphere.ts';
import { type Crates, createCrates, sizeOf } from './crates.ts';
import { createDoor, type Door } from './door.ts';
import { createFire, type Fire } from './fire.ts';
import { hangLantern, placeGramophone } from './furniture.ts';
import { createLightning } from './lightning.ts';
import { createLights } from './lights.ts';
import { adaptQuality } from './quality.ts';
import { buildRoom } from './room.ts';
import { type Stage, startRendering } from './stage.ts';
import type { MaterialWord } from './tags.ts';
import { createWeather, type Rain } from './weather.ts';

export interface World {
  scene: Scene;
  crates: Crates;
  door: Door;
  fire: Fire;
  rain: Rain;
  /** The gramophone's. */
  horn: Mesh;
  flash(): void;
}

export interface WorldOptions {
  random: () => number;
  /** For people who asked their system for less motion. */
  calm: boolean;
}

/** Resolves when the room can be played with; reflections and the first image come a moment later. */
export async function buildWorld(stage: Stage, { random, calm }: WorldOptions): Promise<World> {
  const { scene } = stage;
  const materials = await createMaterials(scene);
  const lights = createLights(scene);
  for (const mesh of buildRoom(scene, materials)) lights.addCaster(mesh);
  hangLantern(scene, materials);
  const world: World = {
    scene,
    crates: createCrates({ scene, materials, lights, random }),
    door: createDoor(scene, materials, lights),
    fire: createFire({ scene, materials, lights, calm }),
    rain: createWeather(scene),
    horn: placeGramophone(scene, materials, lights),
    flash: createLightning(scene, lights, calm),
  };
  standCrates(world.crates);
  const pipeline = createPipeline(stage);
  startRendering(stage);
  // Where the room cannot be pictured, metal stays duller; nothing else is lost.
  const reflected = reflectRoom(stage).catch(() => {});
  void reflected.then(() => adaptQuality({ stage, pipeline, lights }));
  return world;
}

/** What stands there at the beginning: material, x, z, crates below it, turn. */
const STANDING: readonly [MaterialWord, number, number, number, number][] = [
  ['wood', -4.75, 1.9, 0, 0.1],
  ['wood', -4.7, 0.95, 0, -0.2],
  ['wood', -4.7, 1.5, 1, 0.3],
  ['wood', -1, -0.1, 0, 0.6],
  ['stone', -0.4, 1.6, 0, 0.4],
  ['stone', 0.5, 0.9, 0, 0.2],
  ['metal', 1.75, 0.5, 0, -0.3],
  ['metal', 2.65, 1, 0, 0.2],
  ['metal', 2.15, 0.8, 1, 0.1],
];

function standCrates(crates: Crates): void {
  for (const [material, x, z, below, turn] of STANDING) {
    const y = sizeOf(material) * (below + 0.5) + 0.005;
    crates.place(material, new Vector3(x, y, z), turn);
  }
}
