/** Bodies on a slope and on a floor, moved by Havok. */
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateSphere } from '@babylonjs/core/Meshes/Builders/sphereBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import '@babylonjs/core/Physics/joinedPhysicsEngineComponent.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import '@babylonjs/core/Physics/v2/physicsEngineComponent.js';
import { HavokPlugin } from '@babylonjs/core/Physics/v2/Plugins/havokPlugin.js';
import type { Scene } from '@babylonjs/core/scene.js';

export function enableHavok(scene: Scene, havok: unknown): void {
  scene.enablePhysics(new Vector3(0, -9.81, 0), new HavokPlugin(false, havok));
}

/** A floor of 40 m, its surface through the origin, turned about z. @param slope radians */
export function addRamp(scene: Scene, slope: number, friction: number): PhysicsAggregate {
  const ramp = CreateBox('ramp', { width: 40, height: 1, depth: 40 }, scene);
  ramp.metadata = { material: 'stone' };
  ramp.rotationQuaternion = Quaternion.RotationAxis(Vector3.Forward(), slope);
  ramp.position.copyFrom(normalOf(slope).scale(-0.5));
  return new PhysicsAggregate(ramp, PhysicsShapeType.BOX, { mass: 0, friction }, scene);
}

/** Lies on the slope. @param offset along the world's axes, from the ramp's middle */
export function addCrate(
  scene: Scene,
  slope: number,
  friction: number,
  offset = Vector3.Zero(),
): PhysicsAggregate {
  const crate = CreateBox('crate', { size: 1 }, scene);
  crate.rotationQuaternion = Quaternion.RotationAxis(Vector3.Forward(), slope);
  crate.position.copyFrom(normalOf(slope).scale(0.5).add(offset));
  return moving(scene, crate, PhysicsShapeType.BOX, friction);
}

export function addBall(scene: Scene, slope: number, friction: number): PhysicsAggregate {
  const ball = CreateSphere('ball', { diameter: 1 }, scene);
  ball.position.copyFrom(normalOf(slope).scale(0.5));
  return moving(scene, ball, PhysicsShapeType.SPHERE, friction);
}

function moving(scene: Scene, mesh: Mesh, type: PhysicsShapeType, friction: number) {
  return new PhysicsAggregate(mesh, type, { mass: 2, friction, restitution: 0 }, scene);
}

function normalOf(slope: number): Vector3 {
  return new Vector3(-Math.sin(slope), Math.cos(slope), 0);
}
