/** Crates that fall, slide and are thrown: four materials, four masses; glass breaks. The oldest goes when there are too many. */
import '@babylonjs/core/Rendering/edgesRenderer.js';

import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { createGlass } from '../surfaces/glass.ts';
import type { Materials } from '../surfaces/materials.ts';
import type { Lights } from './lights.ts';
import { createShards } from './shards.ts';
import { type CrateWord, tag } from './tags.ts';

const MAX_CRATES = 22;
/** Newton seconds that glass withstands. */
const GLASS_STRENGTH = 3.2;

interface Kind {
  /** null: glass. */
  surface: keyof Materials | null;
  /** Metres. */
  size: number;
  /** Kilograms. */
  mass: number;
  restitution: number;
  friction: number;
}

const KINDS: Record<CrateWord, Kind> = {
  wood: { surface: 'crateWood', size: 0.82, mass: 1.8, restitution: 0.22, friction: 0.5 },
  metal: { surface: 'crateMetal', size: 0.7, mass: 2.6, restitution: 0.3, friction: 0.35 },
  stone: { surface: 'crateStone', size: 0.6, mass: 3.6, restitution: 0.05, friction: 0.6 },
  glass: { surface: null, size: 0.5, mass: 1.2, restitution: 0.1, friction: 0.4 },
};

export interface CrateOptions {
  scene: Scene;
  materials: Materials;
  lights: Lights;
  /** [0, 1); decides where crates fall and how they turn. */
  random: () => number;
}

export interface Crate {
  readonly mesh: Mesh;
  readonly body: PhysicsAggregate['body'];
  readonly material: CrateWord;
}

export interface Crates {
  /** Lets `count` crates fall from above, around a point. */
  drop(material: CrateWord, count: number, around: Vector3): void;
  /** Stands one crate somewhere, at rest. */
  place(material: CrateWord, position: Vector3, turn: number): void;
  /** Knocks every crate up and about. */
  kick(): void;
  /** Pushes one crate at a point of its surface. */
  push(mesh: Mesh, direction: Vector3, at: Vector3): void;
  crateOf(mesh: unknown): Crate | null;
  all(): Iterable<Crate>;
  /** All of them go. */
  clear(): void;
  /** Called where glass breaks, once it is gone. */
  onShatter?: (at: Vector3) => void;
}

export function createCrates(options: CrateOptions): Crates {
  const { scene, random, lights } = options;
  const glass = createGlass(scene);
  const shatter = createShards(scene, glass, random);
  const crates = new Map<Mesh, Crate & { aggregate: PhysicsAggregate }>();
  const broken = new Set<Mesh>();

  function remove(mesh: Mesh): void {
    const crate = crates.get(mesh);
    crates.delete(mesh);
    lights.removeCaster(mesh);
    crate?.aggregate.dispose();
    mesh.dispose();
  }

  function add(material: CrateWord, position: Vector3, rotation: Quaternion): PhysicsAggregate {
    const [oldest] = crates.keys();
    if (crates.size >= MAX_CRATES && oldest) remove(oldest);
    const [mesh, aggregate] = createCrate(options, glass, material, position, rotation);
    crates.set(mesh, { mesh, aggregate, body: aggregate.body, material });
    if (material !== 'glass') return aggregate;
    aggregate.body.getCollisionObservable().add(({ impulse }) => {
      if (impulse > GLASS_STRENGTH) broken.add(mesh);
    });
    return aggregate;
  }

  // Not in the midst of a collision: whoever hears of it wants to know what hit what.
  scene.onAfterStepObservable.add(() => {
    for (const mesh of broken) {
      const crate = crates.get(mesh);
      const at = mesh.absolutePosition.clone();
      const velocity = crate?.body.getLinearVelocity() ?? Vector3.Zero();
      remove(mesh);
      shatter(at, velocity, KINDS.glass.size);
      api.onShatter?.(at);
    }
    broken.clear();
  });

  const api: Crates = {
    drop: (material, count, around) => {
      for (let i = 0; i < count; i++) {
        const aside = new Vector3(random() * 2.4 - 1.2, 0.75 * i, random() * 2.4 - 1.2);
        const angles = [random() * 6, random() * 6, random() * 6] as const;
        const turned = Quaternion.RotationYawPitchRoll(...angles);
        const { body } = add(material, around.add(aside), turned);
        body.setAngularVelocity(new Vector3(random() * 4 - 2, random() * 4 - 2, 1));
      }
    },
    place: (material, position, turn) => {
      add(material, position, Quaternion.RotationYawPitchRoll(turn, 0, 0));
    },
    kick: () => {
      for (const [mesh, { body }] of crates) {
        const up = new Vector3(random() * 3 - 1.5, 3.2 + random() * 1.6, random() * 3 - 1.5);
        body.applyImpulse(up.scale(massOf(body)), mesh.position.add(new Vector3(0.1, 0, 0.1)));
      }
    },
    push: (mesh, direction, at) => {
      const body = crates.get(mesh)?.body;
      if (body) body.applyImpulse(direction.scale(4.6 * massOf(body)), at);
    },
    crateOf: (mesh) => crates.get(mesh as Mesh) ?? null,
    all: () => crates.values(),
    clear: () => {
      for (const mesh of [...crates.keys()]) remove(mesh);
      broken.clear();
    },
  };
  return api;
}

export function sizeOf(material: CrateWord): number {
  return KINDS[material].size;
}

function massOf(body: PhysicsAggregate['body']): number {
  return body.getMassProperties().mass ?? 1;
}

function createCrate(
  { scene, materials, lights }: CrateOptions,
  glass: Mesh['material'],
  material: CrateWord,
  position: Vector3,
  rotation: Quaternion,
): [Mesh, PhysicsAggregate] {
  const { surface, size, mass, restitution, friction } = KINDS[material];
  const mesh = CreateBox(`${material} crate`, { size }, scene);
  mesh.position.copyFrom(position);
  mesh.rotationQuaternion = rotation;
  mesh.material = surface ? materials[surface] : glass;
  mesh.receiveShadows = true;
  tag(mesh, material, 'crate');
  if (surface) lights.addCaster(mesh);
  else drawEdges(mesh);
  const body = { mass, restitution, friction };
  const aggregate = new PhysicsAggregate(mesh, PhysicsShapeType.BOX, body, scene);
  aggregate.body.setCollisionCallbackEnabled(true);
  return [mesh, aggregate];
}

/** Glass alone would hardly be seen. */
function drawEdges(mesh: Mesh): void {
  mesh.enableEdgesRendering();
  mesh.edgesWidth = 1.2;
  mesh.edgesColor = new Color4(0.75, 0.92, 1, 0.55);
}
