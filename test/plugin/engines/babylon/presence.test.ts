import { AssetContainer } from '@babylonjs/core/assetContainer.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import { expect, test } from 'vitest';
import { named } from '../../events.ts';
import { announced, countObservers, createWorld } from './world.ts';

const FIRE = { kind: 'node', a: named('fire*') } as const;

test('a node that is there begins with the next rendered image', async () => {
  const { scene, told, render, watch, events } = await createWorld();
  const fire = CreateBox('fire', {}, scene);
  fire.position.x = 3;
  CreateBox('box', {}, scene);
  watch(FIRE);
  expect(told()).toEqual([]);
  render(3);
  expect(told()).toEqual(['begin fire']);
  expect(events[0]?.point.x).toBe(3);
});

test('one that comes later may get its tags after it was made', async () => {
  const { scene, told, render } = await createWorld({
    kind: 'node',
    a: { name: null, tag: ['hot'], material: null, data: null },
  });
  render();
  const fire = new TransformNode('stove', scene);
  const mesh = CreateBox('lamp', {}, scene);
  await announced();
  Tags.AddTagsTo(fire, 'hot');
  Tags.AddTagsTo(mesh, 'hot');
  render();
  expect(told().sort()).toEqual(['begin lamp', 'begin stove']);
});

test('ends and begins as it is disabled and enabled, its parents too', async () => {
  const { scene, told, render, watch } = await createWorld();
  const [house, room] = [new TransformNode('house', scene), new TransformNode('room', scene)];
  const fire = CreateBox('fire', {}, scene);
  room.parent = house;
  fire.parent = room;
  watch(FIRE);
  render();
  told();
  fire.setEnabled(false);
  fire.setEnabled(true);
  house.setEnabled(false);
  room.setEnabled(false);
  house.setEnabled(true);
  room.setEnabled(true);
  expect(told()).toEqual(['end fire', 'begin fire', 'end fire', 'begin fire']);
});

test('ends once when it, its parent, or the scene is disposed', async () => {
  for (const victim of ['fire', 'house', 'scene']) {
    const { scene, told, render, watch } = await createWorld();
    const house = new TransformNode('house', scene);
    const fire = CreateBox('fire', {}, scene);
    fire.parent = house;
    watch(FIRE);
    render();
    told();
    ({ fire, house, scene })[victim]?.dispose();
    expect(told()).toEqual(['end fire']);
  }
});

test('ends when it is taken out of the scene, begins when it is put back', async () => {
  const { scene, told, render, watch } = await createWorld();
  const fire = CreateBox('fire', {}, scene);
  watch(FIRE);
  render();
  told();
  const container = new AssetContainer(scene);
  container.meshes.push(fire);
  container.removeAllFromScene();
  expect(told()).toEqual(['end fire']);
  container.addAllToScene();
  await announced();
  render();
  expect(told()).toEqual(['begin fire']);
});

test('new bindings end what they do not name, and leave alone what they do', async () => {
  const { scene, told, render, watch } = await createWorld();
  const [one, two] = [CreateBox('fire 1', {}, scene), CreateBox('fire 2', {}, scene)];
  watch(FIRE);
  render();
  told();
  watch({ kind: 'node', a: named('fire 2') }, { kind: 'node', a: named('lamp') });
  render();
  expect(told()).toEqual(['end fire 1']);
  one.setEnabled(false);
  two.setEnabled(false);
  expect(told()).toEqual(['end fire 2']);
});

test('disabled in the image in which bindings change, it ends all the same', async () => {
  const { scene, told, render, watch } = await createWorld();
  const fire = CreateBox('fire', {}, scene);
  watch(FIRE);
  render();
  told();
  watch(FIRE, { kind: 'node', a: named('lamp') });
  fire.setEnabled(false);
  render();
  expect(told()).toEqual(['end fire']);
});

test('observers are on what is wanted, and taken back', async () => {
  const { scene, adapter, render, watch } = await createWorld();
  const nodes = Array.from({ length: 50 }, (_, i) => CreateBox(`box ${i}`, {}, scene));
  await announced();
  watch();
  render();
  const before = countObservers(scene);
  watch(FIRE);
  render();
  const idle = countObservers(scene) - before;
  expect(idle).toBeLessThan(8); // the scene's own, none on nodes
  nodes.slice(0, 10).forEach((node, i) => {
    node.name = `fire ${i}`;
  });
  watch(FIRE);
  render();
  expect(countObservers(scene) - before - idle).toBe(30);
  adapter.dispose();
  expect(countObservers(scene)).toBeLessThanOrEqual(before);
});

test('many nodes are bounded, and it is said once', async () => {
  const { scene, told, render, watch, warnings } = await createWorld();
  for (let i = 0; i < 600; i++) new TransformNode(`fire ${i}`, scene);
  watch(FIRE);
  render(2);
  expect(told()).toHaveLength(500);
  expect(warnings).toEqual([expect.stringContaining('too many events last')]);
});
