/** A crate that Havok lets fall on a stone floor; for Node and browsers. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import {
  PhysicsMotionType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import '@babylonjs/core/Physics/v2/physicsEngineComponent.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Kilograms. */
export const MASS = 2;

export interface Drop {
  /** Of the crate's lowest point over the floor, in metres. */
  height: number;
  /** Turned about z, in radians; default 0. */
  tilt?: number;
}

/** @param havok what HavokPhysics() resolves to; Havok's types are not Babylon's. */
export function dropCrate(scene: Scene, havok: unknown, { height, tilt = 0 }: Drop): void {
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(false, havok));
  const floor = CreateBox('floor', { width: 10, height: 1, depth: 10 }, scene);
  floor.position.y = -0.5;
  floor.metadata = { material: 'stone' };
  const crate = CreateBox('crate', { size: 1 }, scene);
  crate.position.set(0, height + (Math.sin(tilt) + Math.cos(tilt)) / 2, 3);
  crate.rotation.z = tilt;
  crate.metadata = { gltf: { extras: { material: 'wood' } } };
  new PhysicsAggregate(floor, PhysicsShapeType.BOX, { mass: 0 }, scene);
  const falling = new PhysicsAggregate(
    crate,
    PhysicsShapeType.BOX,
    { mass: MASS, restitution: 0 },
    scene,
  );
  falling.body.setMotionType(PhysicsMotionType.DYNAMIC);
}
