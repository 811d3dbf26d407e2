import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { ParticleSystem } from '@babylonjs/core/Particles/particleSystem.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { expect, test } from 'vitest';
import { named } from '../../events.ts';
import { announced, countObservers, createWorld } from './world.ts';

async function addSystem(scene: Scene, name = 'flames'): Promise<ParticleSystem> {
  const system = new ParticleSystem(name, 10, scene);
  const emitter = CreateBox('fire', {}, scene);
  emitter.position.x = 4;
  system.emitter = emitter;
  await announced();
  return system;
}

test('a system that emits begins, by its name, at its emitter', async () => {
  const { scene, told, events, render } = await createWorld({ kind: 'particles', name: 'flame*' });
  const [flames, smoke] = [await addSystem(scene), await addSystem(scene, 'smoke')];
  render();
  expect(told()).toEqual([]);
  flames.start();
  smoke.start();
  render(5);
  expect(told()).toEqual(['begin flames fire']);
  expect(events[0]?.point.x).toBe(4);
});

test('ends when it is stopped, though particles still fly, and begins anew', async () => {
  const { scene, told, render } = await createWorld({ kind: 'particles' });
  const system = await addSystem(scene);
  system.start();
  render();
  told();
  system.stop();
  render(5);
  expect(told()).toEqual(['end flames fire']);
  system.start();
  render(5);
  expect(told()).toEqual(['begin flames fire']);
});

test('one that was stopped before it was watched does not begin', async () => {
  const { scene, told, render, watch } = await createWorld();
  const system = await addSystem(scene);
  Object.assign(system, { _alive: true }); // its last particles still fly
  system.start();
  system.stop();
  watch({ kind: 'particles' });
  render();
  expect(told()).toEqual([]);
});

test('ends while its emitter is disabled', async () => {
  const { scene, told, render } = await createWorld({ kind: 'particles' });
  const system = await addSystem(scene);
  system.start();
  render();
  told();
  (system.emitter as ReturnType<typeof CreateBox>).setEnabled(false);
  render();
  (system.emitter as ReturnType<typeof CreateBox>).setEnabled(true);
  render();
  expect(told()).toEqual(['end flames fire', 'begin flames fire']);
});

test('ends once when it, its emitter or the scene is disposed', async () => {
  for (const victim of ['system', 'emitter', 'scene']) {
    const { scene, told, render } = await createWorld({ kind: 'particles' });
    const system = await addSystem(scene);
    system.start();
    render();
    told();
    const emitter = system.emitter as ReturnType<typeof CreateBox>;
    ({ system, emitter, scene })[victim]?.dispose();
    if (victim !== 'scene') render(3);
    expect(told()).toEqual(['end flames fire']);
  }
});

test('rain that falls from a point is itself what emits, where the point is', async () => {
  const { scene, told, events, render } = await createWorld({
    kind: 'particles',
    a: named('rain'),
  });
  const rain = await addSystem(scene, 'rain');
  rain.emitter = new Vector3(0, 20, 0);
  rain.start();
  render();
  expect(told()).toEqual(['begin rain rain']);
  expect(events[0]?.point).toEqual({ x: 0, y: 20, z: 0 });
  rain.dispose();
  expect(told()).toEqual(['end rain rain']);
});

test('a system that tells only of its stop, as those of the GPU do, begins anew too', async () => {
  const { scene, told, render } = await createWorld({ kind: 'particles' });
  const system = await addSystem(scene);
  let stopped = false;
  Object.assign(system, { isStopped: () => stopped });
  system.onStartedObservable.notifyObservers = () => false;
  system.start();
  render();
  stopped = true;
  render();
  stopped = false;
  render();
  expect(told()).toEqual(['begin flames fire', 'end flames fire', 'begin flames fire']);
});

test('new bindings do not interrupt it, and one stopped meanwhile ends', async () => {
  const { scene, told, render, watch } = await createWorld({ kind: 'particles' });
  const system = await addSystem(scene);
  system.start();
  render();
  told();
  watch({ kind: 'particles', name: 'flames' });
  render();
  expect(told()).toEqual([]);
  watch({ kind: 'particles' });
  system.stop();
  render();
  expect(told()).toEqual(['end flames fire']);
});

test('observers are taken back', async () => {
  const { scene, render, watch } = await createWorld();
  watch();
  const system = await addSystem(scene);
  system.start();
  render();
  const before = countObservers(scene);
  watch({ kind: 'particles' });
  render();
  expect(countObservers(scene)).toBeGreaterThan(before + 3);
  watch();
  expect(countObservers(scene)).toBe(before);
});
