/** A box between two corners, textured in metres, optionally solid: what the room is built of. */

import type { Material } from '@babylonjs/core/Materials/material.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { PhysicsShapeType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { boxProject } from './box-project.ts';
import { type MaterialWord, tag } from './tags.ts';

type Triple = readonly [x: number, y: number, z: number];

export interface BlockOptions {
  /** Lower and upper corner in metres. */
  from: Triple;
  to: Triple;
  material: Material;
  /** Metres per texture tile. Default 2. */
  tile?: number;
  /** Gives it a static body that crates hit, made of this. */
  solid?: MaterialWord;
  castsShadow?: boolean;
}

export function block(scene: Scene, name: string, options: BlockOptions): Mesh {
  const { from, to, material, tile = 2, solid } = options;
  const [width, height, depth] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const mesh = CreateBox(name, { width, height, depth }, scene);
  mesh.position = new Vector3(from[0] + width / 2, from[1] + height / 2, from[2] + depth / 2);
  mesh.material = material;
  mesh.receiveShadows = true;
  boxProject(mesh, tile);
  if (solid) {
    tag(mesh, solid, 'room');
    const body = { mass: 0, friction: 0.7, restitution: 0.08 };
    new PhysicsAggregate(mesh, PhysicsShapeType.BOX, body, scene);
  }
  mesh.freezeWorldMatrix();
  return mesh;
}
