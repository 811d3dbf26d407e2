/** Crates that fall: three materials, three masses. The oldest goes when there are too many. */

import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Materials } from '../surfaces/materials.ts';
import type { Lights } from './lights.ts';
import { type MaterialWord, tag } from './tags.ts';

const MAX_CRATES = 21;

interface Kind {
  surface: keyof Materials;
  /** Metres. */
  size: number;
  /** Kilograms. */
  mass: number;
  restitution: number;
  friction: number;
}

const KINDS: Record<MaterialWord, Kind> = {
  wood: { surface: 'crateWood', size: 0.82, mass: 1.8, restitution: 0.22, friction: 0.6 },
  metal: { surface: 'crateMetal', size: 0.7, mass: 2.6, restitution: 0.3, friction: 0.4 },
  stone: { surface: 'crateStone', size: 0.6, mass: 3.6, restitution: 0.05, friction: 0.8 },
};

export interface CrateOptions {
  scene: Scene;
  materials: Materials;
  lights: Lights;
  /** [0, 1); decides where crates fall and how they turn. */
  random: () => number;
}

export interface Crates {
  /** Lets `count` crates fall from the ceiling. */
  drop(material: MaterialWord, count: number): void;
  /** Stands one crate somewhere, at rest. */
  place(material: MaterialWord, position: Vector3, turn: number): void;
  /** Knocks every crate up and about. */
  kick(): void;
  /** Pushes one crate at a point of its surface. */
  push(mesh: Mesh, direction: Vector3, at: Vector3): void;
  isCrate(mesh: unknown): mesh is Mesh;
}

export function createCrates(options: CrateOptions): Crates {
  const { random } = options;
  const crates = new Map<Mesh, PhysicsAggregate>();
  const add = (material: MaterialWord, position: Vector3, rotation: Quaternion) => {
    if (crates.size >= MAX_CRATES) removeOldest(crates, options.lights);
    const [mesh, aggregate] = createCrate(options, material, position, rotation);
    crates.set(mesh, aggregate);
    return aggregate;
  };
  return {
    drop: (material, count) => {
      for (let i = 0; i < count; i++) {
        const position = new Vector3(random() * 5.2 - 2.2, 2.6 + 0.75 * i, random() * 3.6 - 2.4);
        const angles = [random() * 6, random() * 6, random() * 6] as const;
        const crate = add(material, position, Quaternion.RotationYawPitchRoll(...angles));
        crate.body.setAngularVelocity(new Vector3(random() * 4 - 2, random() * 4 - 2, 1));
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
    isCrate: (mesh): mesh is Mesh => crates.has(mesh as Mesh),
  };
}

export function sizeOf(material: MaterialWord): number {
  return KINDS[material].size;
}

function massOf(body: PhysicsAggregate['body']): number {
  return body.getMassProperties().mass ?? 1;
}

function createCrate(
  { scene, materials, lights }: CrateOptions,
  material: MaterialWord,
  position: Vector3,
  rotation: Quaternion,
): [Mesh, PhysicsAggregate] {
  const { surface, size, mass, restitution, friction } = KINDS[material];
  const mesh = CreateBox(`${material} crate`, { size }, scene);
  mesh.position.copyFrom(position);
  mesh.rotationQuaternion = rotation;
  mesh.material = materials[surface];
  mesh.receiveShadows = true;
  tag(mesh, material, 'crate');
  lights.addCaster(mesh);
  const body = { mass, restitution, friction };
  const aggregate = new PhysicsAggregate(mesh, PhysicsShapeType.BOX, body, scene);
  aggregate.body.setCollisionCallbackEnabled(true);
  return [mesh, aggregate];
}

function removeOldest(crates: Map<Mesh, PhysicsAggregate>, lights: Lights): void {
  for (const [mesh, aggregate] of crates) {
    crates.delete(mesh);
    lights.removeCaster(mesh);
    aggregate.dispose();
    mesh.dispose();
    return;
  }
}
