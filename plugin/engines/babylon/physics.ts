/**
 * A scene's physics plugin, which may come later, be replaced, or never come: who observes it asks once per rendered image.
 */
import type { IPhysicsEnginePluginV2 } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import type { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import type { PhysicsEngine as PhysicsEngineV2 } from '@babylonjs/core/Physics/v2/physicsEngine.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Unsubscribe } from '../../adapter.ts';

export type Physics = Pick<PhysicsEngineV2, 'gravity' | 'getTimeStep' | 'getBodies'>;
/** Those that tell of contacts; version 1 does not. */
export type Plugin = Partial<IPhysicsEnginePluginV2>;

export interface PhysicsWatch {
  /** The physics there is now, observed; null: none. */
  look(): Physics | null;
  stop(): void;
}

/** @param observe takes observers to a new plugin, and back when it is replaced. */
export function watchPhysics(scene: Scene, observe: (plugin: Plugin) => Unsubscribe): PhysicsWatch {
  let watched: Plugin | null = null;
  let release: Unsubscribe = () => {};

  function follow(plugin: Plugin | null): void {
    if (plugin === watched) return;
    release();
    watched = plugin;
    release = plugin === null ? () => {} : observe(plugin);
  }

  return {
    look() {
      const found = (scene as { getPhysicsEngine?: () => unknown }).getPhysicsEngine?.();
      const physics = (found ?? null) as (Physics & { getPhysicsPlugin(): Plugin | null }) | null;
      const plugin = physics?.getPhysicsPlugin() ?? null;
      follow(plugin);
      return plugin?.onCollisionObservable === undefined ? null : physics;
    },
    stop: () => follow(null),
  };
}

/** PhysicsMotionType, a const enum that erased types cannot import. */
const STATIC = 0;
const DYNAMIC = 2;

export function isMoving(body: PhysicsBody): boolean {
  return (body.getMotionType() as number) === DYNAMIC;
}

export function isStatic(body: PhysicsBody): boolean {
  return (body.getMotionType() as number) === STATIC;
}
