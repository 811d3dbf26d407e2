/** A heavy door on its hinge: opens slowly, falls shut fast. Crates in its way are pushed. */

import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { CreateTorus } from '@babylonjs/core/Meshes/Builders/torusBuilder.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import {
  PhysicsMotionType,
  PhysicsShapeType,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsAggregate } from '@babylonjs/core/Physics/v2/physicsAggregate.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Materials } from '../surfaces/materials.ts';
import type { Lights } from './lights.ts';
import { DOORWAY, ROOM } from './room.ts';
import { STEP } from './stage.ts';
import { tag } from './tags.ts';

/** Radians. */
const OPEN_ANGLE = 1.45;
const OPENING_SECONDS = 1.1;
const CLOSING_SECONDS = 0.34;

export interface Door {
  mesh: Mesh;
  readonly isOpen: boolean;
  toggle(): void;
  /** Called as it begins to open. */
  onOpen?: () => void;
  /** Called the moment it hits its post. */
  onSlam?: () => void;
}

export function createDoor(scene: Scene, materials: Materials, lights: Lights): Door {
  const { hinge, mesh } = buildLeaf(scene, materials, lights);
  let target = 0;
  let angle = 0;
  let elapsed = 0;
  let from = 0;
  const door: Door = {
    mesh,
    get isOpen() {
      return target > 0;
    },
    toggle: () => {
      target = target > 0 ? 0 : OPEN_ANGLE;
      from = angle;
      elapsed = 0;
      if (target > 0) door.onOpen?.();
    },
  };
  scene.onBeforeStepObservable.add(() => {
    if (angle === target) return;
    elapsed += STEP;
    const t = Math.min(1, elapsed / (target > 0 ? OPENING_SECONDS : CLOSING_SECONDS));
    // Opening starts and ends gently; closing gathers speed until the post stops it.
    const eased = target > 0 ? t * t * (3 - 2 * t) : t * t;
    angle = t === 1 ? target : from + (target - from) * eased;
    hinge.rotation.y = angle;
    if (angle === 0) door.onSlam?.();
  });
  return door;
}

function buildLeaf(scene: Scene, materials: Materials, lights: Lights) {
  const width = DOORWAY.right - DOORWAY.left + 0.06;
  const height = DOORWAY.top + 0.03;
  const hinge = new TransformNode('door hinge', scene);
  hinge.position = new Vector3(DOORWAY.right + 0.03, height / 2 + 0.005, ROOM.back + 0.26);
  const mesh = CreateBox('door', { width, height, depth: 0.1 }, scene);
  mesh.parent = hinge;
  mesh.position.x = -width / 2;
  mesh.material = materials.door;
  mesh.receiveShadows = true;
  tag(mesh, 'wood', 'door');
  const ring = CreateTorus(
    'door ring',
    { diameter: 0.17, thickness: 0.025, tessellation: 24 },
    scene,
  );
  ring.parent = mesh;
  ring.position = new Vector3(-width / 2 + 0.16, -0.12, -0.075);
  ring.rotation.x = Math.PI / 2;
  ring.material = materials.brass;
  ring.isPickable = false;
  lights.addCaster(mesh);
  const body = { mass: 0, friction: 0.5, restitution: 0.1 };
  const aggregate = new PhysicsAggregate(mesh, PhysicsShapeType.BOX, body, scene);
  aggregate.body.setMotionType(PhysicsMotionType.ANIMATED);
  aggregate.body.disablePreStep = false;
  return { hinge, mesh };
}
