import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { expect, test } from 'vitest';
import { named } from '../../events.ts';
import { createGroup, TENTHS } from './animations.ts';
import { announced, countObservers, createWorld } from './world.ts';

async function setUp(...bindings: Parameters<typeof createWorld>) {
  const world = await createWorld(...bindings);
  const door = new TransformNode('door', world.scene);
  const group = createGroup(world.scene, 'Open', door);
  await announced();
  world.render();
  return { ...world, door, group };
}

test('a group that plays begins and ends, where its target is', async () => {
  const { group, door, told, events, render } = await setUp({
    kind: 'animationGroup',
    name: 'Op*',
  });
  door.position.y = 2;
  group.start(false, TENTHS);
  expect(told()).toEqual(['begin Open door']);
  expect(events[0]?.point).toMatchObject({ y: 2 });
  render(20);
  expect(told()).toEqual(['end Open door']);
});

test('beginning again is a change, a pause an end', async () => {
  const { group, told, render } = await setUp({ kind: 'animationGroup' });
  group.start(true, TENTHS);
  render(23);
  expect(told()).toEqual(['begin Open door', 'change Open door', 'change Open door']);
  group.pause();
  group.play();
  group.stop();
  expect(told()).toEqual(['end Open door', 'begin Open door', 'end Open door']);
});

test('one stopped without notice ends with the next image', async () => {
  const { group, told, render } = await setUp({ kind: 'animationGroup' });
  group.start(true);
  group.stop(true);
  render();
  expect(told()).toEqual(['begin Open door', 'end Open door']);
});

test('one that plays already, and one that is made later, are watched', async () => {
  const { scene, group, door, told, render, watch } = await setUp();
  group.start(true);
  watch({ kind: 'animationGroup' });
  render();
  expect(told()).toEqual(['begin Open door']);
  const late = createGroup(scene, 'Swing', door);
  await announced();
  render();
  late.start(true);
  expect(told()).toEqual(['begin Swing door']);
});

test('belongs to the parent that a binding names, else to what is animated', async () => {
  const { scene, told, render, watch } = await setUp();
  const [hero, hips] = [new TransformNode('hero', scene), new TransformNode('hips', scene)];
  hips.parent = hero;
  createGroup(scene, 'Walk', hips).start(true);
  watch({ kind: 'animationGroup', name: 'Walk', a: named('hero') });
  render();
  expect(told()).toEqual(['begin Walk hero']);
  watch({ kind: 'animationGroup', name: 'Walk' });
  render();
  expect(told()).toEqual(['end Walk hero', 'begin Walk hips']);
});

test('ends once when it, its target or the scene is disposed', async () => {
  for (const victim of ['group', 'door', 'scene'] as const) {
    const world = await setUp({ kind: 'animationGroup' });
    world.group.start(true);
    world.told();
    world[victim].dispose();
    expect(world.told()).toEqual(['end Open door']);
  }
});

test('of what has no place, as a material, it is told without one', async () => {
  const { scene, told, render } = await setUp({ kind: 'animationGroup' });
  createGroup(scene, 'Glow', { position: { x: 0 } }).start(true);
  await announced();
  render();
  expect(told()).toEqual(['begin Glow']);
});

test('new bindings do not interrupt it', async () => {
  const { group, told, render, watch } = await setUp({ kind: 'animationGroup' });
  group.start(true);
  told();
  watch({ kind: 'animationGroup', name: 'Open' });
  render();
  expect(told()).toEqual([]);
  watch({ kind: 'animationGroup' });
  group.stop();
  render();
  expect(told()).toEqual(['end Open door']);
});

test('observers are on what is named only, and taken back', async () => {
  const { scene, group, render, watch } = await setUp();
  watch();
  const before = countObservers(scene);
  watch({ kind: 'animationGroup', name: 'Close' });
  render();
  expect(group.onAnimationGroupPlayObservable.hasObservers()).toBe(false);
  watch({ kind: 'animationGroup', name: 'Open' });
  render();
  expect(group.onAnimationGroupPlayObservable.hasObservers()).toBe(true);
  watch();
  expect(countObservers(scene)).toBe(before);
});
