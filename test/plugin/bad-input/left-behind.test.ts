/** After dispose nothing is left: in the audio graph, in the scene, on the page, among the timers, of promises. */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { expect, test, vi } from 'vitest';
import { createFoley } from '../../../plugin/engines/babylon.ts';
import { watchGraph } from '../audio-graph.ts';
import { page, useFoleyScene } from '../engines/babylon/foley-scene.ts';
import { announced, countObservers } from '../engines/babylon/world.ts';
import { createFakeRuntime, createLog, sine } from '../fake-runtime.ts';
import { createAudioEngine } from '../headless-babylon.ts';
import { liveContext, offlineContext, renderWith, rms } from '../web-audio.ts';
import { watchTimers } from './timers.ts';

const world = useFoleyScene();

/** Something of everything. */
const SOUNDS = {
  defaults: { reverb: 0.3 },
  sounds: {
    hit: {
      prompt: 'hit of {a.material|wood}',
      bus: 'speech',
      on: { collision: true },
      caption: 'hits',
    },
    bell: { prompt: 'bell', bus: 'music', on: { event: 'ring' }, caption: 'a bell' },
    hum: { prompt: 'hum', loop: true, on: { event: 'engine', when: 'lasts' }, caption: 'hums' },
    wind: { prompt: 'wind', loop: true, ambience: true, on: { event: 'storm', when: 'lasts' } },
    crate: { prompt: 'crate', loop: true, on: { node: 'present', a: 'box' } },
    click: { prompt: 'click', on: { action: 'pick' } },
    inside: { prompt: 'inside', loop: true, on: { trigger: 'inside' } },
    fire: { prompt: 'fire', loop: true, on: { particles: 'emits' } },
    door: { prompt: 'door', on: { animationGroup: 'open' } },
    bump: { prompt: 'bump', on: { collide: true } },
  },
  buses: { speech: 1, music: { volume: 0.5, duck: { under: 'speech', to: 0.5 } } },
  zones: { hall: { reverb: 1 } },
  space: { occlusion: true, reverb: true, doppler: true },
} as const;

async function useAll(context: BaseAudioContext, logger = createLog()) {
  const audioEngine = await createAudioEngine(context);
  const before = audioEngine.nodes.size;
  const graph = watchGraph();
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.5) });
  const options = { model: '/m/', runtime, audioEngine, logger, sounds: SOUNDS as never };
  const foley = await createFoley(world.scene, options);
  foley.onCaption(() => {});
  foley.addRule({ prompt: 'rule' });
  await foley.addSound('more', { prompt: 'more', on: { event: 'ring' } });
  await foley.ready();
  const box = CreateBox('box', {}, world.scene);
  await announced();
  world.scene.render();
  foley.trigger('ring', {}, box);
  foley.begin('engine', {}, box);
  foley.begin('storm');
  await foley.play('hum', { at: box });
  await foley.emitter(box).play('steam', { loop: true });
  await vi.waitFor(() => expect(foley.inspect().voices.playing).toBeGreaterThanOrEqual(4), 3000);
  world.scene.render();
  return { foley, audioEngine, graph, before, logger };
}

test.each([
  ['while it plays', offlineContext],
  ['when the context is suspended', offlineContext],
  ['in real time', liveContext],
])('%s', async (when, contextOf) => {
  const context = contextOf(1);
  const timers = watchTimers();
  const observers = countObservers(world.scene);
  const { foley, audioEngine, graph, before, logger } = await useAll(context);
  const voice = await foley.play('hum');
  if (when.includes('suspended'))
    vi.spyOn(audioEngine, 'state', 'get').mockReturnValue('suspended');
  await foley.dispose();
  const { running } = timers;
  timers.stop();
  await voice.ended;
  await vi.waitFor(() => expect([graph.connections, audioEngine.nodes.size]).toEqual([0, before]));
  graph.stop();
  for (const mesh of [...world.scene.meshes]) mesh.dispose();
  expect(countObservers(world.scene)).toBeLessThanOrEqual(observers);
  expect(running).toBe(0);
  expect([...page.listeners.values()].flatMap((all) => [...all])).toEqual([]);
  expect(logger.warnings).toEqual([]);
  audioEngine.dispose();
});

test('an audio engine that goes on with the next foley hears with its camera', async () => {
  const context = offlineContext(0.5);
  const audioEngine = await createAudioEngine(context);
  const pcm = () => sine(440, 0.5);
  const options = { model: '/m/', runtime: createFakeRuntime({ pcm }), audioEngine };
  const first = await createFoley(world.scene, options);
  world.scene.render();
  await first.dispose();
  const camera = new FreeCamera('next', new Vector3(0, 0, 100), world.scene);
  world.scene.activeCamera = camera;
  const next = await createFoley(world.scene, options);
  await next.emitter(world.nodeAt(0, 0, 101)).play('tone');
  const { left } = await renderWith(context, { 0: () => world.scene.render() });
  expect(rms(left, 0.2, 0.4)).toBeGreaterThan(0.1);
});

test('ten foleys, one after the other, leave a scene as it was', async () => {
  const audioEngine = await createAudioEngine(offlineContext(0.1));
  const observers = countObservers(world.scene);
  for (let i = 0; i < 10; i++) {
    const options = { model: '/m/', runtime: createFakeRuntime(), audioEngine };
    const foley = await createFoley(world.scene, { ...options, sounds: SOUNDS as never });
    await foley.dispose();
  }
  await announced(); // Babylon takes observers out in a task of its own
  expect(countObservers(world.scene)).toBe(observers);
});
