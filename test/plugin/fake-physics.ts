/** A physics engine that collides when told to: what engines/babylon.ts asks of Babylon's, and nothing else. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Observable } from '@babylonjs/core/Misc/observable.js';
import type { Scene } from '@babylonjs/core/scene.js';

export interface FakeBody {
  transformNode: TransformNode;
  /** Whether it was asked to tell of its contacts. */
  tells: boolean;
  getMotionType(): number;
  getMassProperties(): { mass: number };
  setCollisionCallbackEnabled(enabled: boolean): void;
}

/** PhysicsMotionType */
export const STATIC = 0;
export const DYNAMIC = 2;

export function createBody(
  scene: Scene,
  name: string,
  motionType: number,
  metadata?: object,
): FakeBody {
  const transformNode = new TransformNode(name, scene);
  transformNode.metadata = metadata;
  return {
    transformNode,
    tells: false,
    getMotionType: () => motionType,
    getMassProperties: () => ({ mass: 1 }),
    setCollisionCallbackEnabled(enabled) {
      this.tells = enabled;
    },
  };
}

/** Gives the scene a physics engine, as `scene.enablePhysics` would. */
export function enableFakePhysics(scene: Scene) {
  const onCollisionObservable = new Observable<unknown>();
  const bodies: FakeBody[] = [];
  const plugin = { onCollisionObservable };
  const engine = {
    gravity: Vector3.Zero(),
    getTimeStep: () => 1 / 60,
    getPhysicsPlugin: () => plugin,
    getBodies: () => bodies,
  };
  Object.assign(scene, { getPhysicsEngine: () => engine });
  /** A hit takes two steps, as with Havok; half the impulse comes in each. */
  const collide = (a: FakeBody, b: FakeBody, impulse: number, fields: object = {}) => {
    for (const type of ['COLLISION_STARTED', 'COLLISION_CONTINUED']) {
      onCollisionObservable.notifyObservers({
        type,
        collider: a,
        collidedAgainst: b,
        point: new Vector3(0, 0, 1),
        impulse: impulse / 2,
        ...fields,
      });
      scene.render();
    }
  };
  return { bodies, collide, onCollisionObservable };
}
