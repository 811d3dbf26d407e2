/** What is left of a glass crate: a few shards that fall, then shrink away. One draw call for all. */
import '@babylonjs/core/Meshes/instancedMesh.js';

import type { Material } from '@babylonjs/core/Materials/material.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateCylinder } from '@babylonjs/core/Meshes/Builders/cylinderBuilder.js';
import type { InstancedMesh } from '@babylonjs/core/Meshes/instancedMesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';

const PER_CRATE = 9;
const MAX_SHARDS = 4 * PER_CRATE;
/** Steps of 1/60 s that a shard lies there, and the last of them in which it shrinks. */
const LIFE = 260;
const SHRINKING = 40;

interface Shard {
  mesh: InstancedMesh;
  body: PhysicsAggregate;
  age: number;
}

/** @returns breaks something of that size there, moving like that. */
export function createShards(
  scene: Scene,
  glass: Material,
  random: () => number,
): (at: Vector3, velocity: Vector3, size: number) => void {
  const shards: Shard[] = [];
  const source = CreateCylinder('shard', { height: 0.03, diameter: 1, tessellation: 3 }, scene);
  source.material = glass;
  source.isVisible = false;
  source.isPickable = false;

  function remove(shard: Shard | undefined): void {
    shard?.body.dispose();
    shard?.mesh.dispose();
  }

  scene.onAfterStepObservable.add(() => {
    for (const shard of shards) {
      shard.age++;
      const left = Math.min(1, (LIFE - shard.age) / SHRINKING);
      if (left > 0 && left < 1) shard.mesh.scaling.scaleInPlace(0.94);
    }
    while ((shards[0]?.age ?? 0) >= LIFE) remove(shards.shift());
  });

  return (at, velocity, size) => {
    const around = () => (random() - 0.5) * size;
    for (let i = 0; i < PER_CRATE; i++) {
      if (shards.length >= MAX_SHARDS) remove(shards.shift());
      const mesh = source.createInstance('shard');
      mesh.position = at.add(new Vector3(around(), Math.abs(around()), around()));
      mesh.rotationQuaternion = Quaternion.RotationYawPitchRoll(
        6 * random(),
        6 * random(),
        6 * random(),
      );
      mesh.scaling.set(0.14 + 0.22 * random(), 1, 0.1 + 0.2 * random());
      mesh.isPickable = false;
      const made = { mass: 0.06, restitution: 0.2, friction: 0.5 };
      const body = new PhysicsAggregate(mesh, PhysicsShapeType.BOX, made, scene);
      const burst = new Vector3(3 * random() - 1.5, 1.6 * random(), 3 * random() - 1.5);
      body.body.setLinearVelocity(velocity.scale(0.35).addInPlace(burst));
      body.body.setAngularVelocity(new Vector3(9 * random(), 9 * random(), 9 * random()));
      shards.push({ mesh, body, age: 0 });
    }
  };
}
