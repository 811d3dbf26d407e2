/** Havok's contacts → events: each body asked to tell, each contact point handed to contacts.ts. */
import type {
  IPhysicsCollisionEvent,
  IPhysicsEnginePluginV2,
} from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine as PhysicsEngineV2 } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Contacts } from '../contacts.ts';
import { describe } from './describe.ts';
import { positionOf } from './place.ts';

type Physics = Pick<PhysicsEngineV2, 'gravity' | 'getTimeStep' | 'getBodies' | 'getPhysicsPlugin'>;

/** Without a physics plugin there are no contacts; it may come later, so `watch` looks for it. */
export function watchPhysics(scene: Scene, contacts: Contacts) {
  let watched: IPhysicsEnginePluginV2['onCollisionObservable'] | undefined;
  let physics: Physics | null = null;
  let newest: PhysicsBody | undefined;
  let known = 0;

  function onContact(event: IPhysicsCollisionEvent): void {
    const [a, b] = movingFirst(event.collider, event.collidedAgainst);
    contacts.add({
      key: `${a.transformNode.uniqueId} ${b.transformNode.uniqueId}`,
      began: event.type === 'COLLISION_STARTED',
      point: event.point,
      impulse: event.impulse,
      describe: () => {
        const { x, y, z } = positionOf(a.transformNode);
        return { a: describe(a.transformNode), b: describe(b.transformNode), point: { x, y, z } };
      },
      weight: () => weightOf(a, physics),
    });
  }

  function dispose(): void {
    watched?.removeCallback(onContact);
    watched = undefined;
  }

  /** Bodies tell of contacts only when asked to, each of them; those that cannot move need not be asked. */
  function askNewBodies(bodies: readonly PhysicsBody[]): void {
    if (bodies.length === known && bodies.at(-1) === newest) return;
    known = bodies.length;
    newest = bodies.at(-1);
    for (const body of bodies) if (isMoving(body)) body.setCollisionCallbackEnabled(true);
  }

  return {
    dispose,
    watch(): void {
      const found = (scene as { getPhysicsEngine?: () => unknown }).getPhysicsEngine?.();
      physics = (found as Physics | null | undefined) ?? null;
      const plugin: Partial<IPhysicsEnginePluginV2> | null | undefined =
        physics?.getPhysicsPlugin();
      if (plugin?.onCollisionObservable !== watched) {
        dispose();
        watched = plugin?.onCollisionObservable;
        watched?.add(onContact);
      }
      if (watched !== undefined && physics !== null) askNewBodies(physics.getBodies());
    },
  };
}

/** N·s that hold the body up for a step. */
function weightOf(body: PhysicsBody, physics: Physics | null): number {
  if (physics === null || !isMoving(body)) return 0;
  return (body.getMassProperties().mass ?? 0) * physics.gravity.length() * physics.getTimeStep();
}

/** PhysicsMotionType.DYNAMIC, a const enum that erased types cannot import. */
const DYNAMIC = 2;

function isMoving(body: PhysicsBody): boolean {
  return (body.getMotionType() as number) === DYNAMIC;
}

function movingFirst(a: PhysicsBody, b: PhysicsBody): [PhysicsBody, PhysicsBody] {
  return !isMoving(a) && isMoving(b) ? [b, a] : [a, b];
}
