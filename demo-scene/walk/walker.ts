/**
 * Somebody who walks: a capsule that walls and crates hold up, moved in steps of the world.
 *
 *   wish (keys, stick, tour) ──▶ velocity ──▶ capsule (Havok) ──▶ eyes
 *                                     └── each stride ──▶ onStep(what lies underfoot, how hard)
 */
import '@babylonjs/core/Physics/v2/characterController.js';

import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsRaycastResult } from '@babylonjs/core/Physics/physicsRaycastResult.js';
import {
  CharacterSupportedState,
  PhysicsCharacterController,
} from '@babylonjs/core/Physics/v2/characterController.js';
import type { PhysicsEngine } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import { STEP, type Stage } from '../room/stage.ts';
import { materialOf } from '../room/tags.ts';
import { createStride, type Weight } from './stride.ts';

/** What whoever walks wants; −1 to 1 each. */
export interface Wish {
  forward: number;
  right: number;
  turn: number;
  run: boolean;
}

export interface Walker {
  readonly wish: Wish;
  /** Radians; 0 looks along +z, growing to the right. */
  yaw: number;
  /** Radians; up is negative. */
  pitch: number;
  /** Between the feet. */
  readonly feet: Vector3;
  readonly isIdle: boolean;
  standAt(feet: Vector3, yaw: number): void;
  /** Called as a foot comes down. */
  onStep?: (surface: string, weight: Weight) => void;
}

const HEIGHT = 1.76;
const RADIUS = 0.32;
const EYES_ABOVE_FEET = 1.62;
/** Metres a second. */
const SPEED = { walk: 1.9, run: 3.9 } as const;
/** Radians a second, by key. */
const TURN_SPEED = 1.9;
const STEEPEST_LOOK = 1.2;
const DOWN = new Vector3(0, -1, 0);
const GRAVITY = new Vector3(0, -9.81, 0);
const START = new Vector3(0.4, 0, -2.9);

export function createWalker({ scene, eyes }: Stage): Walker {
  const above = new Vector3(0, HEIGHT / 2, 0);
  const shape = { capsuleHeight: HEIGHT, capsuleRadius: RADIUS };
  const capsule = new PhysicsCharacterController(START.add(above), shape, scene);
  capsule.maxStepHeight = 0.3;
  capsule.characterStrength = 60;
  capsule.acceleration = 0.3;
  const body = scene.getTransformNodeByName('CCTransformNode');
  if (body) Object.assign(body, { name: 'visitor', metadata: { role: 'visitor' } });
  const stride = createStride();
  const walker: Walker = {
    wish: { forward: 0, right: 0, turn: 0, run: false },
    yaw: 0,
    pitch: 0,
    feet: START.clone(),
    get isIdle() {
      const { forward, right } = walker.wish;
      return forward === 0 && right === 0;
    },
    standAt: (feet, yaw) => {
      capsule.setPosition(feet.add(above));
      capsule.setVelocity(Vector3.Zero());
      walker.feet.copyFrom(feet);
      walker.yaw = yaw;
      walker.pitch = 0;
    },
  };

  function walk(): void {
    const support = capsule.checkSupport(STEP, DOWN);
    const isUp = support.supportedState === CharacterSupportedState.SUPPORTED;
    const ahead = headingOf(walker.yaw);
    const velocity = isUp
      ? capsule.calculateMovement(
          STEP,
          ahead,
          support.averageSurfaceNormal,
          capsule.getVelocity(),
          support.averageSurfaceVelocity,
          wantedVelocity(walker),
          Vector3.UpReadOnly,
        )
      : capsule.getVelocity().add(GRAVITY.scale(STEP));
    capsule.setVelocity(velocity);
    capsule.integrate(STEP, support, GRAVITY);
    const before = walker.feet.clone();
    capsule.getPosition().subtractToRef(above, walker.feet);
    const moved = Math.hypot(walker.feet.x - before.x, walker.feet.z - before.z);
    const weight = stride.advance(moved, isUp, capsule.getVelocity().y, walker.wish.run);
    if (weight) walker.onStep?.(surfaceUnder(walker.feet, body), weight);
  }

  const result = new PhysicsRaycastResult();
  function surfaceUnder(feet: Vector3, self: TransformNode | null): string {
    const from = feet.add(new Vector3(0, 0.3, 0));
    const ignored = self?.physicsBody ? { ignoreBody: self.physicsBody } : {};
    const physics = scene.getPhysicsEngine() as PhysicsEngine | null;
    physics?.raycastToRef(from, feet.add(new Vector3(0, -0.6, 0)), result, ignored);
    const node = result.body?.transformNode;
    return result.hasHit && node ? materialOf(node) : '';
  }

  scene.onBeforeStepObservable.add(() => {
    walker.yaw += walker.wish.turn * TURN_SPEED * STEP;
    walk();
  });
  scene.onBeforeRenderObservable.add(() => {
    walker.pitch = Math.min(STEEPEST_LOOK, Math.max(-STEEPEST_LOOK, walker.pitch));
    eyes.rotationQuaternion ??= new Quaternion();
    Quaternion.RotationYawPitchRollToRef(walker.yaw, walker.pitch, 0, eyes.rotationQuaternion);
    followSmoothly(eyes.position, walker.feet, scene.getEngine().getDeltaTime() / 1000);
  });
  return walker;
}

export function headingOf(yaw: number): Vector3 {
  return new Vector3(Math.sin(yaw), 0, Math.cos(yaw));
}

function wantedVelocity({ wish, yaw }: Walker): Vector3 {
  const ahead = headingOf(yaw);
  const aside = new Vector3(ahead.z, 0, -ahead.x);
  const way = ahead.scale(wish.forward).addInPlace(aside.scale(wish.right));
  const length = way.length();
  const speed = wish.run ? SPEED.run : SPEED.walk;
  return length > 1 ? way.scale(speed / length) : way.scale(speed);
}

/** The world moves in steps, images come when they come: the eyes glide after the feet. */
function followSmoothly(eye: Vector3, feet: Vector3, seconds: number): void {
  const target = feet.add(new Vector3(0, EYES_ABOVE_FEET, 0));
  const isFar = Vector3.DistanceSquared(eye, target) > 1;
  Vector3.LerpToRef(eye, target, isFar ? 1 : 1 - Math.exp(-seconds * 22), eye);
}
