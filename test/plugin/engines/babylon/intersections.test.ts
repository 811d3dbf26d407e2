import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { expect, test } from 'vitest';
import type { EventBinding } from '../../../../plugin/sound-definition.ts';
import { named } from '../../events.ts';
import { announced, countObservers, createWorld } from './world.ts';

const BOTH = {
  kind: 'action',
  name: 'intersection*',
  a: named('hero'),
  b: named('gate'),
} as const satisfies Partial<EventBinding>;

async function setUp(...bindings: Partial<EventBinding>[]) {
  const world = await createWorld(...bindings);
  const hero = CreateBox('hero', {}, world.scene);
  const gate = CreateBox('gate', {}, world.scene);
  hero.position.x = 5;
  for (const mesh of [hero, gate]) mesh.computeWorldMatrix(true);
  await announced();
  world.render();
  const move = (x: number) => {
    hero.position.x = x;
    world.render(2);
  };
  return { ...world, hero, gate, move };
}

test('boxes that begin and cease to overlap are told once each', async () => {
  const { move, told, events } = await setUp(BOTH);
  for (const x of [0.5, 0.3, 5, 0.5]) move(x);
  expect(told()).toEqual([
    'once intersectionEnter hero gate',
    'once intersectionExit hero gate',
    'once intersectionEnter hero gate',
  ]);
  expect(events[0]?.point.x).toBe(0.5);
});

test('those that overlap from the beginning do not enter', async () => {
  const { hero, render, told, watch } = await setUp();
  hero.position.x = 0;
  render();
  watch(BOTH);
  render(3);
  expect(told()).toEqual([]);
});

test('only what is wanted is told', async () => {
  const { move, told } = await setUp({ ...BOTH, name: 'intersectionExit' });
  for (const x of [0.5, 5]) move(x);
  expect(told()).toEqual(['once intersectionExit hero gate']);
});

test('meshes are compared only where a binding says with which', async () => {
  const { scene, move, told } = await setUp({ ...BOTH, b: null });
  for (const x of [0.5, 5]) move(x);
  expect([told(), scene.actionManagers.length]).toEqual([[], 0]);
});

test('pairs are bounded, and it is said once', async () => {
  const { scene, render, warnings } = await setUp({ ...BOTH, a: named('box*'), b: named('box*') });
  for (let i = 0; i < 30; i++) CreateBox(`box ${i}`, {}, scene);
  await announced();
  render(3);
  expect(warnings).toEqual([expect.stringContaining('more than 256 pairs')]);
});

test('a mesh that is disposed in between is no error, and nothing is left', async () => {
  const { scene, hero, render, watch, told, warnings } = await setUp();
  watch();
  const before = countObservers(scene);
  watch(BOTH);
  render();
  hero.dispose();
  render(3);
  watch();
  expect([told(), warnings]).toEqual([[], []]);
  expect(countObservers(scene)).toBeLessThanOrEqual(before);
});
