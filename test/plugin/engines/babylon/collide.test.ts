/** Meshes moved with collisions, without physics: Babylon's own collision coordinator. */
import '@babylonjs/core/Collisions/collisionCoordinator.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { expect, test } from 'vitest';
import { named } from '../../events.ts';
import { announced, countObservers, createWorld } from './world.ts';

const FORWARD = new Vector3(0, 0, 0.2);
const BACK = new Vector3(0, 0, -0.2);

/** A hero a metre in front of a wall. */
async function setUp(...bindings: Parameters<typeof createWorld>) {
  const world = await createWorld(...bindings);
  const { scene } = world;
  scene.collisionsEnabled = true;
  const wall = CreateBox('wall', { width: 10, height: 10, depth: 0.2 }, scene);
  wall.position.z = 2;
  wall.checkCollisions = true;
  const hero = CreateBox('hero', { size: 1 }, scene);
  wall.computeWorldMatrix(true);
  await announced();
  world.render();
  const walk = (mesh: AbstractMesh, step: Vector3, images: number) => {
    for (let i = 0; i < images; i++) {
      mesh.moveWithCollisions(step);
      world.render();
    }
  };
  return { ...world, wall, hero, walk };
}

test('running into a wall and pushing on is one touch', async () => {
  const { hero, walk, told, events } = await setUp({ kind: 'collide' });
  walk(hero, FORWARD, 60);
  expect(told()).toEqual(['once hero wall']);
  expect(events[0]?.point.z).toBeGreaterThan(0.4);
});

test('coming back after a gap is another, a short pause is none', async () => {
  const { hero, walk, told } = await setUp({ kind: 'collide' });
  walk(hero, FORWARD, 30);
  told();
  walk(hero, Vector3.Zero(), 5);
  walk(hero, FORWARD, 5);
  expect(told()).toEqual([]);
  walk(hero, BACK, 12);
  walk(hero, FORWARD, 30);
  expect(told()).toEqual(['once hero wall']);
});

test('is observed on the meshes that are wanted only, later ones too', async () => {
  const { scene, hero, walk, told } = await setUp({
    kind: 'collide',
    a: named('guest'),
    b: named('w*'),
  });
  walk(hero, FORWARD, 30);
  expect([told(), hero.onCollideObservable.hasObservers()]).toEqual([[], false]);
  const guest = CreateBox('guest', { size: 1 }, scene);
  guest.position.x = 3;
  await announced();
  walk(guest, FORWARD, 30);
  expect(told()).toEqual(['once guest wall']);
});

test('observers are taken back by watching nothing, and from what is disposed', async () => {
  const { scene, hero, watch, render } = await setUp({ kind: 'node', a: named('nothing') });
  watch();
  const before = countObservers(scene);
  watch({ kind: 'collide' });
  render();
  expect(hero.onCollideObservable.hasObservers()).toBe(true);
  hero.dispose();
  render();
  watch();
  expect(countObservers(scene)).toBeLessThanOrEqual(before);
});
