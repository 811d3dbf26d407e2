/** House and yard, ready to be walked in and played with; nothing here knows about sound. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { createRandom } from '../random.ts';
import { createMaterials } from '../surfaces/materials.ts';
import { createHands, type Hands } from '../walk/hands.ts';
import { createView, type View } from '../walk/view.ts';
import { createWalker, headingOf, type Walker } from '../walk/walker.ts';
import type { Birds } from '../yard/birds.ts';
import type { Machine } from '../yard/machine.ts';
import { YARD } from '../yard/plan.ts';
import { buildYard } from '../yard/yard.ts';
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
import type { CrateWord } from './tags.ts';
import { createWeather, type Rain } from './weather.ts';

export interface World {
  stage: Stage;
  scene: Scene;
  walker: Walker;
  view: View;
  hands: Hands;
  crates: Crates;
  door: Door;
  fire: Fire;
  rain: Rain;
  machine: Machine;
  birds: Birds;
  /** The gramophone's. */
  horn: Mesh;
  flash(): void;
  /** Called when it thunders. */
  onThunder?: () => void;
  /** Where crates fall that are asked for now: near whoever walks, inside or outside. */
  dropPoint(): Vector3;
  /** Nothing is drawn and nothing moves. */
  setPaused(paused: boolean): void;
  /** Everything as it was at first, chance too: the same deeds lead to the same again. */
  restart(): void;
}

export interface WorldOptions {
  /** uint32: where crates fall, how glass bursts, when birds fly. */
  seed: number;
  /** For people who asked their system for less motion. */
  calm: boolean;
}

/** Resolves when the world can be played with; reflections and the first image come a moment later. */
export async function buildWorld(stage: Stage, { seed, calm }: WorldOptions): Promise<World> {
  const { scene, quality } = stage;
  const materials = await createMaterials(scene, quality === 'high' ? 1 : 0.25);
  const lights = createLights(scene, quality === 'high');
  for (const mesh of buildRoom(scene, materials)) lights.addCaster(mesh);
  hangLantern(scene, materials);
  // One chance for each, so that a bird more does not make a crate fall elsewhere.
  let [chance, birdsChance] = [createRandom(seed), createRandom(seed + 1)];
  const crates = createCrates({ scene, materials, lights, random: () => chance() });
  const yard = { stage, materials, lights, crates, random: () => birdsChance() };
  const { machine, birds } = buildYard(yard);
  const walker = createWalker(stage);
  const view = createView(stage);
  const pipeline = createPipeline(stage);
  const rendering = startRendering(stage);
  const world: World = {
    ...rendering,
    stage,
    scene,
    walker,
    view,
    hands: createHands(stage, crates),
    crates,
    machine,
    birds,
    door: createDoor(scene, materials, lights),
    fire: createFire({ scene, materials, lights, calm }),
    rain: createWeather(scene),
    horn: placeGramophone(scene, materials, lights),
    flash: createLightning(scene, lights, calm),
    dropPoint: () => dropPoint(walker, view),
    restart() {
      [chance, birdsChance] = [createRandom(seed), createRandom(seed + 1)];
      crates.clear();
      standCrates(crates);
      birds.restart();
      machine.setSpeed(0);
      if (world.door.isOpen) world.door.toggle();
    },
  };
  standCrates(crates);
  // Where the room cannot be pictured, metal stays duller; nothing else is lost.
  const reflected = reflectRoom(stage).catch(() => {});
  void reflected.then(() => adaptQuality({ stage, pipeline, lights }));
  return world;
}

function dropPoint({ feet, yaw }: Walker, { isWalking }: View): Vector3 {
  if (!isWalking) return new Vector3(0.4, 2.6, -0.6);
  const ahead = feet.add(headingOf(yaw).scale(2.6));
  const limits = feet.z > YARD.near ? YARD : { left: -4, right: 4, near: -2.6, far: 2.2 };
  const x = Math.min(limits.right - 2, Math.max(limits.left + 2, ahead.x));
  const z = Math.min(limits.far - 1.6, Math.max(limits.near + 1.6, ahead.z));
  return new Vector3(x, 2.6, z);
}

/** What stands there at the beginning: material, x, z, crates below it, turn. */
const STANDING: readonly [CrateWord, number, number, number, number][] = [
  ['wood', -4.75, 1.9, 0, 0.1],
  ['wood', -4.7, 0.95, 0, -0.2],
  ['wood', -4.7, 1.5, 1, 0.3],
  ['wood', -1, -0.1, 0, 0.6],
  ['stone', -0.4, 1.6, 0, 0.4],
  ['stone', 0.5, 0.9, 0, 0.2],
  ['metal', 1.75, 0.5, 0, -0.3],
  ['metal', 2.65, 1, 0, 0.2],
  ['metal', 2.15, 0.8, 1, 0.1],
  ['glass', -2.2, 0.9, 0, 0.5],
  ['glass', 1.1, 12.2, 0, 0.2],
  ['wood', 5.9, 5.9, 0, 0.3],
  ['metal', -2.3, 11.3, 0, 0.5],
];

function standCrates(crates: Crates): void {
  for (const [material, x, z, below, turn] of STANDING) {
    const y = sizeOf(material) * (below + 0.5) + 0.005;
    crates.place(material, new Vector3(x, y, z), turn);
  }
}
