/** What holds for all event sources together. */
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { expect, test } from 'vitest';
import { createBabylonAdapter } from '../../../../plugin/engines/babylon.ts';
import type { SceneEventKind } from '../../../../plugin/scene-event.ts';
import { binding, named } from '../../events.ts';
import { createBody, DYNAMIC, enableFakePhysics, STATIC } from '../../fake-physics.ts';
import { createAudioEngine, createScene } from '../../headless-babylon.ts';
import { offlineContext } from '../../web-audio.ts';
import { createGroup } from './animations.ts';
import { announced, countObservers, createWorld } from './world.ts';

const KINDS: SceneEventKind[] = [
  'collision',
  'contact',
  'trigger',
  'collide',
  'action',
  'animationEvent',
  'animationGroup',
  'node',
  'particles',
  'event',
];

test('without a word collisions are watched, and nothing else is observed', async () => {
  const { scene, told, render } = await createWorld();
  const { collide, onCollisionObservable } = enableFakePhysics(scene);
  const [a, b] = [createBody(scene, 'a', DYNAMIC), createBody(scene, 'b', STATIC)];
  render();
  const before = countObservers(scene);
  collide(a, b, 4);
  expect(told()).toEqual(['once a b']);
  expect(onCollisionObservable.observers).toHaveLength(1);
  expect(countObservers(scene)).toBe(before);
});

test('watching nothing observes nothing, collisions neither', async () => {
  const { scene, told, render, watch } = await createWorld();
  const { collide, onCollisionObservable } = enableFakePhysics(scene);
  watch();
  render();
  collide(createBody(scene, 'a', DYNAMIC), createBody(scene, 'b', STATIC), 4);
  expect([told(), onCollisionObservable.hasObservers()]).toEqual([[], false]);
});

test('collisions are told of wanted pairs, either way round', async () => {
  const { scene, told, render, watch } = await createWorld({
    kind: 'collision',
    a: named('floor'),
    b: named('crate'),
  });
  const { collide } = enableFakePhysics(scene);
  const [crate, floor] = [createBody(scene, 'crate', DYNAMIC), createBody(scene, 'floor', STATIC)];
  render();
  collide(crate, floor, 4);
  collide(createBody(scene, 'ball', DYNAMIC), floor, 4);
  expect(told()).toEqual(['once crate floor']);
  watch({ kind: 'collision', a: named('cup') });
  collide(crate, floor, 40);
  expect(told()).toEqual([]);
});

test('every kind can be watched at once, again and again, and leaves nothing', async () => {
  const { scene, render, watch, warnings } = await createWorld();
  enableFakePhysics(scene);
  const box = CreateBox('box', {}, scene);
  createGroup(scene, 'Spin', box).start(true);
  watch();
  render();
  const before = countObservers(scene);
  for (let i = 0; i < 5; i++) {
    watch(...KINDS.map((kind) => ({ kind, ...(kind === 'animationGroup' ? { at: [0.5] } : {}) })));
    render(3);
  }
  expect(countObservers(scene)).toBeGreaterThan(before);
  watch();
  render();
  expect([countObservers(scene), warnings]).toEqual([before, []]);
});

test('nothing is observed before somebody listens', async () => {
  const scene = createScene();
  const audioEngine = await createAudioEngine(offlineContext(0.1));
  const adapter = await createBabylonAdapter(scene, { audioEngine });
  const { onCollisionObservable } = enableFakePhysics(scene);
  adapter.watch([binding(), binding({ kind: 'node' })]);
  scene.render();
  const before = countObservers(scene);
  expect(onCollisionObservable.hasObservers()).toBe(false);
  adapter.onSceneEvent(() => {});
  scene.render();
  expect(onCollisionObservable.hasObservers()).toBe(true);
  expect(countObservers(scene)).toBeGreaterThan(before);
});

test('a listener that throws is one warning, and events go on', async () => {
  const { scene, adapter, told, render, warnings, watch } = await createWorld();
  adapter.onSceneEvent(() => {
    throw new Error('mine');
  });
  for (let i = 0; i < 5; i++) new TransformNode(`fire ${i}`, scene);
  watch({ kind: 'node', a: named('fire*') });
  expect(() => render(3)).not.toThrow();
  expect(told()).toHaveLength(5);
  expect(warnings).toEqual([expect.stringMatching(/a listener of scene events threw Error: mine/)]);
});

test('a storm of a thousand pairs is bounded in each image', async () => {
  const { scene, told, render } = await createWorld({ kind: 'collide' });
  const meshes = Array.from({ length: 40 }, (_, i) => CreateBox(`box ${i}`, {}, scene));
  await announced();
  render();
  for (const mesh of meshes) {
    for (const other of meshes) mesh.onCollideObservable.notifyObservers(other);
  }
  expect(told().length).toBeLessThanOrEqual(200);
});

test('adapter.dispose ends what lasts, once, and watch is nothing then', async () => {
  const { scene, adapter, told, render, watch } = await createWorld({ kind: 'node' });
  CreateBox('box', {}, scene);
  watch({ kind: 'node', a: named('box') });
  render();
  told();
  adapter.dispose();
  adapter.dispose();
  expect(told()).toEqual(['end box']);
  watch({ kind: 'node' });
  render();
  expect(told()).toEqual([]);
});
