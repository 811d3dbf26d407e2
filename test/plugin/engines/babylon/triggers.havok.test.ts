/** Real trigger volumes: in and out, and whatever may go in between. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { PhysicsMotionType } from '@babylonjs/core/Physics/v2/IPhysicsEnginePlugin.js';
import { PhysicsBody } from '@babylonjs/core/Physics/v2/physicsBody.js';
import { PhysicsShapeSphere } from '@babylonjs/core/Physics/v2/physicsShape.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { beforeAll, expect, test } from 'vitest';
import { named } from '../../events.ts';
import { loadHavok } from '../../load-havok.ts';
import { addBall, enableHavok } from './ramp.ts';
import { countObservers, createWorld } from './world.ts';

let havok: unknown;

beforeAll(async () => {
  havok = await loadHavok();
});

function addPond(scene: Scene): TransformNode {
  const pond = new TransformNode('pond', scene);
  pond.position.set(0, -2, 0);
  const body = new PhysicsBody(pond, PhysicsMotionType.STATIC, false, scene);
  const shape = new PhysicsShapeSphere(Vector3.Zero(), 1, scene);
  shape.isTrigger = true;
  body.shape = shape;
  return pond;
}

/** A ball that falls through a pond. */
async function setUp(...bindings: Parameters<typeof createWorld>) {
  const world = await createWorld(...bindings);
  enableHavok(world.scene, havok);
  const pond = addPond(world.scene);
  const ball = addBall(world.scene, 0, 0.5).transformNode;
  return { ...world, pond, ball };
}

test('a ball that falls through is inside from begin to end', async () => {
  const { told, events, render } = await setUp({ kind: 'trigger' });
  render(20);
  expect(told()).toEqual([]);
  render(20);
  expect(told()).toEqual(['begin ball pond']);
  expect(events[0]?.point.y).toBeLessThan(-0.4);
  render(40);
  expect(told()).toEqual(['end ball pond']);
});

test('what is inside when it, or the volume, is disposed is no longer', async () => {
  for (const victim of ['ball', 'pond'] as const) {
    const world = await setUp({ kind: 'trigger' });
    world.render(40);
    world.told();
    world[victim].dispose();
    expect(world.told()).toEqual(['end ball pond']);
    world.render(40);
    expect(world.told()).toEqual([]);
  }
});

test('only what is wanted is told, of volume b and what moves a', async () => {
  const { told, render } = await setUp({ kind: 'trigger', a: named('pond') });
  render(60);
  expect(told()).toEqual([]);
});

test('observers are taken back, of the plugin too', async () => {
  const { scene, adapter, render } = await setUp({ kind: 'trigger' });
  const plugin = scene.getPhysicsEngine()?.getPhysicsPlugin() as unknown as {
    onTriggerCollisionObservable: { hasObservers(): boolean };
  };
  render(40);
  expect(plugin.onTriggerCollisionObservable.hasObservers()).toBe(true);
  const watched = countObservers(scene);
  adapter.watch([]);
  expect(plugin.onTriggerCollisionObservable.hasObservers()).toBe(false);
  expect(countObservers(scene)).toBeLessThan(watched);
});
