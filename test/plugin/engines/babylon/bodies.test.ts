/** Collisions, told to a fake physics engine; real ones are in bodies.havok.test.ts. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, test } from 'vitest';
import { createBabylonAdapter } from '../../../../plugin/engines/babylon.ts';
import type { SceneEvent } from '../../../../plugin/scene-event.ts';
import { createBody, DYNAMIC, enableFakePhysics, STATIC } from '../../fake-physics.ts';
import { createAudioEngine } from '../../headless-babylon.ts';
import { offlineContext } from '../../web-audio.ts';
import { useFoleyScene } from './foley-scene.ts';

const world = useFoleyScene();

describe('collisions', () => {
  async function setUp() {
    const context = offlineContext(0.1);
    const audioEngine = await createAudioEngine(context);
    const adapter = await createBabylonAdapter(world.scene, { audioEngine });
    const events: SceneEvent[] = [];
    adapter.onSceneEvent((event) => events.push(event));
    return { adapter, events };
  }

  test('come from the physics plugin, even one that is enabled later', async () => {
    const { events } = await setUp();
    world.scene.render();
    const { bodies, collide } = enableFakePhysics(world.scene);
    const crate = createBody(world.scene, 'crate', DYNAMIC, { material: 'wood' });
    const floor = createBody(world.scene, 'floor', STATIC, {
      gltf: { extras: { material: 'stone' } },
    });
    bodies.push(crate, floor);
    world.scene.render();
    collide(crate, floor, 4, { point: new Vector3(1, 2, 3) });
    const id = (body: typeof crate) => String(body.transformNode.uniqueId);
    expect(events).toEqual([
      {
        kind: 'collision',
        a: { id: id(crate), name: 'crate', material: 'wood', tags: [], data: { material: 'wood' } },
        b: {
          id: id(floor),
          name: 'floor',
          material: 'stone',
          tags: [],
          data: { material: 'stone' },
        },
        point: { x: 1, y: 2, z: 3 },
        impulse: 4,
      },
    ]);
  });

  test('begin: what only continues, at its level, is not an event', async () => {
    const { events } = await setUp();
    const { collide } = enableFakePhysics(world.scene);
    const [a, b] = [createBody(world.scene, 'a', DYNAMIC), createBody(world.scene, 'b', STATIC)];
    world.scene.render();
    collide(a, b, 0.4, { type: 'COLLISION_CONTINUED' });
    expect(events).toEqual([]);
  });

  test('name the one that moves first, and where it is if the contact has no point', async () => {
    const { events } = await setUp();
    const { collide } = enableFakePhysics(world.scene);
    const crate = createBody(world.scene, 'crate', DYNAMIC);
    crate.transformNode.position.set(7, 8, 9);
    world.scene.render();
    collide(createBody(world.scene, 'floor', STATIC), crate, 1, { point: null });
    expect([events[0]?.a.name, events[0]?.b.name, events[0]?.point]).toEqual([
      'crate',
      'floor',
      { x: 7, y: 8, z: 9 },
    ]);
  });

  test('are asked for of each moving body once it is there, and of no other', async () => {
    await setUp();
    const { bodies } = enableFakePhysics(world.scene);
    const [crate, floor] = [
      createBody(world.scene, 'crate', DYNAMIC),
      createBody(world.scene, 'floor', STATIC),
    ];
    bodies.push(floor, crate);
    world.scene.render();
    expect([crate.tells, floor.tells]).toEqual([true, false]);
    const late = createBody(world.scene, 'late', DYNAMIC);
    bodies[1] = late;
    world.scene.render();
    expect(late.tells).toBe(true);
  });

  test('are not watched where nobody listens, nor after dispose', async () => {
    const { adapter } = await setUp();
    const { onCollisionObservable } = enableFakePhysics(world.scene);
    world.scene.render();
    expect(onCollisionObservable.observers).toHaveLength(1);
    adapter.dispose();
    await Promise.resolve();
    expect(onCollisionObservable.hasObservers()).toBe(false);
  });

  test('without physics, or with an engine that tells of no contacts, there are none', async () => {
    const { events } = await setUp();
    world.scene.render();
    Object.assign(world.scene, { getPhysicsEngine: () => ({ getPhysicsPlugin: () => ({}) }) });
    world.scene.render();
    Object.assign(world.scene, { getPhysicsEngine: () => null });
    world.scene.render();
    expect(events).toEqual([]);
  });
});
