/** Nodes and scenes that go when it suits nobody: nothing throws, least of all while the scene renders, and nothing is left. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import type { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { describe, expect, test, vi } from 'vitest';
import { createFoley } from '../../../plugin/engines/babylon.ts';
import type { SoundDefinition } from '../../../plugin/sound-definition.ts';
import { watchGraph } from '../audio-graph.ts';
import { page, useFoleyScene } from '../engines/babylon/foley-scene.ts';
import { announced, countObservers } from '../engines/babylon/world.ts';
import { binding } from '../events.ts';
import { createFakeRuntime, createLog, gateway, sine } from '../fake-runtime.ts';
import { createAudioEngine } from '../headless-babylon.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';
import { offlineContext, renderWith, rms } from '../web-audio.ts';
import { aborted } from './set-up.ts';
import { watchTimers } from './timers.ts';

const world = useFoleyScene();

const bell = sound('bell', { on: [onEvent('ring')], attenuation: null });
const hum = sound('hum', { loop: true, on: [onEvent('engine', { when: 'while' })] });
const crate = sound('crate', { loop: true, on: [binding({ kind: 'node', when: 'while' })] });

async function setUp(
  sounds: SoundDefinition[],
  gate = () => Promise.resolve(),
  context = offlineContext(1),
  given?: AudioEngineV2,
) {
  const audioEngine = given ?? (await createAudioEngine(context));
  const runtime = createFakeRuntime({ gate, pcm: () => sine(440, 0.5) });
  const logger = createLog();
  const options = { model: '/m/', runtime, audioEngine, logger, prefetch: false };
  const foley = await createFoley(world.scene, { ...options, sounds: soundMap(...sounds) });
  return { context, audioEngine, runtime, logger, foley };
}

/** A mesh that the sources have seen. */
async function boxed() {
  const box = CreateBox('box', {}, world.scene);
  await announced();
  world.scene.render();
  return box;
}

test('an event without a place is heard at the ear', async () => {
  const near = sound('near', { on: [onEvent('ring')] });
  const { foley, context } = await setUp([near]);
  await foley.ready();
  const { left } = await renderWith(context, { 0.1: () => foley.trigger('ring') });
  expect(rms(left, 0.2, 0.5)).toBeGreaterThan(0.1);
});

describe('a mesh that is disposed', () => {
  test('is still a place for trigger, begin and play: where it was', async () => {
    const { foley, logger } = await setUp([bell, hum]);
    await foley.ready();
    await announced();
    const mesh = world.nodeAt(0, 0, 3);
    mesh.dispose();
    foley.trigger('ring', {}, mesh);
    foley.begin('engine', {}, mesh);
    expect((await foley.play('bell', { at: mesh })).playing).toBe(true);
    await vi.waitFor(() => expect(foley.stats().played).toBe(3));
    expect(logger.warnings).toEqual([]);
  });

  test('has no emitter: what it plays is aborted, and nothing is kept for it', async () => {
    const { foley, audioEngine } = await setUp([]);
    await announced();
    const before = audioEngine.nodes.size;
    for (let i = 0; i < 20; i++) {
      const mesh = world.nodeAt(0, 0, 1);
      mesh.dispose();
      await expect(foley.emitter(mesh).play('bell')).rejects.toMatchObject(aborted);
    }
    await vi.waitFor(() => expect(audioEngine.nodes.size).toBe(before));
  });

  test('while its sound is made takes the request back', async () => {
    const { foley, runtime } = await setUp([], () => new Promise(() => {}));
    const mesh = world.nodeAt(0, 0, 1);
    const played = foley.emitter(mesh).play('bell');
    await vi.waitFor(() => expect(runtime.requests).toHaveLength(1));
    mesh.dispose();
    await expect(played).rejects.toMatchObject(aborted);
    expect(runtime.aborted).toHaveLength(1);
  });

  test('while a sound of the map is made for it is waited for no longer, or heard where it was', async () => {
    const { open, opened } = gateway();
    const { foley } = await setUp([bell], () => opened);
    const mesh = world.nodeAt(0, 0, 1);
    const played = foley.play('bell', { at: mesh }).then(
      ({ ended }) => ended,
      (error: Error) => expect(error).toMatchObject(aborted),
    );
    mesh.dispose();
    open();
    const stuck = new Promise((resolve) => setTimeout(resolve, 500, 'stuck'));
    await foley.dispose();
    expect(await Promise.race([played, stuck])).not.toBe('stuck');
  });

  test('in the middle of what lasts ends it', async () => {
    const { foley, audioEngine, context, logger } = await setUp([crate]);
    await announced();
    const before = audioEngine.nodes.size;
    const box = await boxed();
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(1));
    const { left } = await renderWith(context, {
      0.3: () => {
        box.dispose();
        world.scene.render();
      },
    });
    expect([rms(left, 0.1, 0.3) > 0.01, rms(left, 0.6, 1)]).toEqual([true, 0]);
    await vi.waitFor(() => expect(audioEngine.nodes.size).toBe(before));
    expect([foley.inspect().emitters, logger.warnings]).toEqual([[], []]);
  });
});

describe('a mesh at no place', () => {
  const placed = sound('placed', { on: [onEvent('ring')] });

  test('NaN, as physics that explodes leaves it, stops no rendering and is one warning at most', async () => {
    const { foley, logger } = await setUp([crate, placed]);
    const box = await boxed();
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(1));
    await foley.emitter(box).play('steam', { loop: true });
    box.position.x = Number.NaN;
    for (let i = 0; i < 50; i++) {
      expect(() => world.scene.render()).not.toThrow();
      expect(() => foley.trigger('ring', {}, box)).not.toThrow();
      expect(() =>
        foley.trigger('ring', {}, { x: 0, y: Number.POSITIVE_INFINITY, z: 0 }),
      ).not.toThrow();
    }
    expect(logger.warnings.length).toBeLessThanOrEqual(1);
  });

  test('nor does a camera there', async () => {
    const { foley, context } = await setUp([crate]);
    await boxed();
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(1));
    const camera = world.scene.activeCamera as FreeCamera;
    const at = (x: number) => () => {
      camera.position.x = x;
      for (let i = 0; i < 3; i++) expect(() => world.scene.render()).not.toThrow();
    };
    const { left } = await renderWith(context, { 0.2: at(Number.NaN), 0.4: at(0), 0.5: at(0) });
    expect([...left].every(Number.isFinite)).toBe(true);
    expect(rms(left, 0.6, 0.9)).toBeGreaterThan(0.01);
  });

  test('and when it is back at one it is heard there', async () => {
    const { foley, context } = await setUp([crate]);
    const box = await boxed();
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(1));
    const at = (x: number) => () => {
      box.position.x = x;
      world.scene.render();
    };
    const { left } = await renderWith(context, { 0.2: at(Number.NaN), 0.4: at(-1) });
    expect([...left].every(Number.isFinite)).toBe(true);
    expect(rms(left, 0.6, 0.9)).toBeGreaterThan(0.01);
  });
});

describe('a scene that is disposed', () => {
  type World = Awaited<ReturnType<typeof setUp>>;
  const never = () => new Promise<void>(() => {});

  test.each<[string, (one: World) => Promise<unknown>]>([
    ['while a sound is made', ({ foley }) => foley.play('bell')],
    ['during ready()', ({ foley }) => foley.ready()],
    ['during prefetch()', ({ foley }) => foley.prefetch([{ prompt: 'a' }, { prompt: 'b' }])],
    ['during setSounds()', ({ foley }) => foley.setSounds('sounds.yaml')],
    ['during addSound()', ({ foley }) => foley.addSound('b', { prompt: 'b' })],
    ['while an emitter plays', ({ foley }) => foley.emitter(world.nodeAt(0, 0, 1)).play('c')],
  ])('%s: its promise is aborted, and nothing is left', async (_when, begin) => {
    vi.stubGlobal('fetch', never);
    const observers = countObservers(world.scene);
    const context = offlineContext(0.1);
    const engine = await createAudioEngine(context);
    const nodes = engine.nodes.size;
    const [graph, timers] = [watchGraph(), watchTimers()];
    const one = await setUp([bell, crate], never, context, engine);
    await boxed();
    const pending = begin(one);
    world.scene.dispose();
    await expect(pending).rejects.toMatchObject(aborted);
    await one.foley.dispose();
    const { runtime, audioEngine, logger } = one;
    // AudioV2 goes on with a source that it has begun to make.
    await vi.waitFor(() => expect([audioEngine.nodes.size, graph.connections]).toEqual([nodes, 0]));
    graph.stop();
    timers.stop();
    expect(runtime.aborted).toHaveLength(runtime.requests.length);
    expect([timers.running, logger.warnings]).toEqual([0, []]);
    expect(countObservers(world.scene)).toBeLessThanOrEqual(observers);
    expect([...page.listeners.values()].flatMap((all) => [...all])).toEqual([]);
  });

  test('before the sound map has come: the download stops, and nothing is left', async () => {
    const stop = vi.fn();
    vi.stubGlobal('fetch', (_url: string, { signal }: RequestInit) => {
      signal?.addEventListener('abort', stop);
      return never();
    });
    const audioEngine = await createAudioEngine(offlineContext(0.1));
    const observers = countObservers(world.scene);
    const runtime = createFakeRuntime();
    const options = { model: '/m/', runtime, audioEngine, sounds: 'sounds.yaml' };
    const made = createFoley(world.scene, options);
    await new Promise((resolve) => setTimeout(resolve, 20));
    world.scene.dispose();
    await expect(made).rejects.toMatchObject(aborted);
    expect(stop).toHaveBeenCalled();
    expect(countObservers(world.scene)).toBeLessThanOrEqual(observers);
    await vi.waitFor(() => expect(audioEngine.nodes.size).toBe(1));
  });

  test('before there is any foley: there will be none', async () => {
    world.scene.dispose();
    await expect(setUp([bell])).rejects.toMatchObject(aborted);
    await expect(setUp([])).rejects.toMatchObject(aborted);
  });
});
