/** What every adapter must do, checked for each of them. */
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { describe, expect, test } from 'vitest';
import type { EngineAdapter } from '../../plugin/adapter.ts';
import { createBabylonAdapter } from '../../plugin/engines/babylon.ts';
import { createNullAdapter } from '../../plugin/engines/null.ts';
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import { createFoleyWith } from '../../plugin/foley.ts';
import type { Point, SceneEvent } from '../../plugin/scene-event.ts';
import { collision } from './events.ts';
import { createBody, DYNAMIC, enableFakePhysics, STATIC } from './fake-physics.ts';
import { createFakeRuntime, pulseHeight, sine } from './fake-runtime.ts';
import { createAudioEngine, createScene, installFakePage } from './headless-babylon.ts';
import { offlineContext, pulsesOf, renderWith, rms } from './web-audio.ts';

installFakePage();

/** An adapter with a world around it, whatever its nodes are. */
interface World<N> {
  adapter: EngineAdapter<N>;
  context: OfflineAudioContext;
  addNode(at: Point): N;
  moveNode(node: N, to: Point): void;
  removeNode(node: N): void;
  /** One rendered image later. */
  tick(): void;
  /** False where nothing is rendered. */
  images: boolean;
  emit(event: SceneEvent): void;
}

async function babylonWorld(): Promise<World<TransformNode>> {
  const context = offlineContext(1);
  const scene = createScene();
  const audioEngine = await createAudioEngine(context);
  const adapter = await createBabylonAdapter(scene, { audioEngine });
  const { collide } = enableFakePhysics(scene);
  const crate = createBody(scene, 'crate', DYNAMIC, { material: 'wood' });
  const floor = createBody(scene, 'floor', STATIC, { material: 'stone' });
  return {
    adapter: adapter as EngineAdapter<unknown> as EngineAdapter<TransformNode>,
    context,
    addNode(at) {
      const node = new TransformNode('node', scene);
      node.position.set(at.x, at.y, at.z);
      return node;
    },
    moveNode: (node, { x, y, z }) => void node.position.set(x, y, z),
    removeNode: (node) => node.dispose(),
    tick: () => void scene.render(),
    images: true,
    emit: ({ impulse }) => collide(crate, floor, impulse),
  };
}

async function webAudioWorld(): Promise<World<Point>> {
  const context = offlineContext(1);
  const adapter = createWebAudioAdapter({ context });
  return {
    adapter,
    context,
    addNode: (at) => ({ ...at }),
    moveNode: (node, to) => void Object.assign(node, to),
    removeNode: (node) => adapter.removeNode(node),
    tick: () => adapter.update(),
    images: true,
    emit: (event) => adapter.emit(event),
  };
}

async function nullWorld(): Promise<World<Point>> {
  const adapter = createNullAdapter();
  return {
    adapter,
    context: offlineContext(1),
    addNode: (at) => ({ ...at }),
    moveNode: (node, to) => void Object.assign(node, to),
    removeNode: () => {}, // its nodes are numbers, nobody tells it
    tick: () => {},
    images: false,
    emit: (event) => adapter.emit(event),
  };
}

const worlds = [
  ['babylon', babylonWorld],
  ['webaudio', webAudioWorld],
  ['null', nullWorld],
] as [string, () => Promise<World<unknown>>][];
const sounding = worlds.filter(([name]) => name !== 'null');

describe.each(worlds)('%s', (_name, createWorld) => {
  test('an emitter is where its node is, after place', async () => {
    const { adapter, addNode, moveNode, tick } = await createWorld();
    const node = addNode({ x: 0, y: 4, z: 0 });
    const handle = adapter.createEmitter({ name: 'e', node, attenuation: {} });
    await handle.ready;
    handle.place();
    expect(handle.distanceGain()).toBeCloseTo(1 / 4, 6);
    moveNode(node, { x: 0, y: 10, z: 0 });
    tick();
    expect(handle.place()).toBeLessThanOrEqual(0.01);
    expect(handle.distanceGain()).toBeCloseTo(1 / 10, 6);
  });

  test('an emitter without a node goes to points', async () => {
    const { adapter } = await createWorld();
    const handle = adapter.createEmitter({ name: 'e', node: null, attenuation: {} });
    await handle.ready;
    handle.place({ x: -5, y: 0, z: 0 });
    expect(handle.distanceGain()).toBeCloseTo(1 / 5, 6);
  });

  test('attenuation follows its options', async () => {
    const { adapter, addNode } = await createWorld();
    const node = addNode({ x: 0, y: 0, z: 5 });
    const gainWith = async (
      attenuation: Parameters<typeof adapter.createEmitter>[0]['attenuation'],
    ) => {
      const handle = adapter.createEmitter({ name: 'e', node, attenuation });
      await handle.ready;
      handle.place();
      return handle.distanceGain();
    };
    expect(await gainWith({ refDistance: 2 })).toBeCloseTo(2 / 5, 6);
    expect(await gainWith({ model: 'linear', maxDistance: 9 })).toBeCloseTo(0.5, 6);
    expect(await gainWith({ model: 'exponential', rolloff: 2 })).toBeCloseTo(1 / 25, 6);
  });

  test('events reach their listeners until taken back or disposed', async () => {
    const { adapter, emit, tick } = await createWorld();
    const heard: number[] = [];
    const stop = adapter.onSceneEvent(({ impulse }) => heard.push(impulse));
    adapter.onSceneEvent(({ impulse }) => heard.push(10 * impulse));
    tick();
    emit(collision({ impulse: 1 }));
    stop();
    stop();
    emit(collision({ impulse: 2 }));
    adapter.dispose();
    emit(collision({ impulse: 3 }));
    expect(heard).toEqual([1, 10, 20]);
  });

  test('a render frame is told once per image until taken back or disposed', async () => {
    const { adapter, tick, images } = await createWorld();
    let told = 0;
    const stop = adapter.onRenderFrame(() => told++);
    adapter.onRenderFrame(() => {
      told += 10;
    });
    tick();
    stop();
    stop();
    tick();
    adapter.dispose();
    tick();
    expect(told).toBe(images ? 21 : 0);
  });

  test('dispose is idempotent, for the adapter and its emitters, in any order', async () => {
    const { adapter, addNode } = await createWorld();
    const node = addNode({ x: 0, y: 0, z: 1 });
    const made = adapter.createEmitter({ name: 'e', node, attenuation: {} });
    const pending = adapter.createEmitter({ name: 'f', node, attenuation: {} });
    await made.ready;
    made.dispose();
    made.dispose();
    adapter.dispose();
    adapter.dispose();
    pending.dispose();
    await expect(pending.ready).resolves.toBeUndefined();
  });

  test('a whole foley works on it: play, rule, dispose', async () => {
    const { adapter, addNode, emit, tick } = await createWorld();
    const runtime = createFakeRuntime();
    const foley = await createFoleyWith(adapter, { model: '/m/', runtime });
    const node = addNode({ x: 0, y: 0, z: 1 });
    expect((await foley.emitter(node).play('door')).refusal).toBeNull();
    await foley.prefetch([{ prompt: 'hard hit' }]);
    foley.addRule({ prompt: '{intensity} hit' });
    await foley.unlock();
    await new Promise((resolve) => setTimeout(resolve));
    tick();
    emit(collision());
    expect(foley.stats()).toMatchObject({ played: 2, absent: 0, suspended: 0, failed: 0 });
    await foley.dispose();
    await foley.dispose();
  });
});

describe.each(sounding)('%s, heard', (_name, createWorld) => {
  async function setUp(pcm?: (request: { seed?: number | undefined }) => Float32Array) {
    const world = await createWorld();
    const runtime = createFakeRuntime(pcm === undefined ? {} : { pcm });
    const foley = await createFoleyWith(world.adapter, { model: '/m/', runtime });
    return { ...world, runtime, foley };
  }

  test('plays what was asked for, once each, when asked', async () => {
    const { foley, context, addNode } = await setUp();
    await foley.prefetch([0, 1, 2].map((seed) => ({ prompt: 'pulse', seed })));
    const emitter = foley.emitter(addNode({ x: -1, y: 0, z: 0 }));
    const { left } = await renderWith(context, {
      0: () => emitter.play('pulse', { seed: 0 }),
      0.2: () => emitter.play('pulse', { seed: 1 }),
      0.4: () => emitter.play('pulse', { seed: 2 }),
    });
    const pulses = pulsesOf(left);
    expect(pulses.map(({ peak }) => Math.round(peak * 8))).toEqual([1, 2, 3]);
    [0, 0.2, 0.4].forEach((time, i) => {
      expect(Math.abs((pulses[i]?.time ?? 9) - time)).toBeLessThan(0.015); // the move and 128 samples
    });
  });

  test('at (-3, 0, 0) left is a third and right is silent, from the first sample on', async () => {
    const { foley, context, addNode } = await setUp(() => sine(440, 0.5));
    const emitter = foley.emitter(addNode({ x: -3, y: 0, z: 0 }));
    const { left, right } = await renderWith(context, { 0: () => emitter.play('tone') });
    expect(rms(left, 0.1, 0.4)).toBeCloseTo(Math.SQRT1_2 / 3, 4);
    expect(rms(right, 0, 0.5)).toBeLessThan(1e-4);
    expect(Math.max(...left.subarray(0, 4800))).toBeLessThan(1 / 3 + 1e-3);
  });

  test('at (3, 0, 0) right is a third and left is silent', async () => {
    const { foley, context, addNode } = await setUp(() => sine(440, 0.5));
    const emitter = foley.emitter(addNode({ x: 3, y: 0, z: 0 }));
    const { left, right } = await renderWith(context, { 0: () => emitter.play('tone') });
    expect(rms(right, 0.1, 0.4)).toBeCloseTo(Math.SQRT1_2 / 3, 4);
    expect(rms(left, 0, 0.5)).toBeLessThan(1e-4);
  });

  test('volume of the emitter and of the voice multiply', async () => {
    const { foley, context, addNode } = await setUp();
    const emitter = foley.emitter(addNode({ x: -1, y: 0, z: 0 }), { volume: 0.5 });
    const { left } = await renderWith(context, {
      0: () => emitter.play('pulse', { seed: 3, volume: 0.5 }),
    });
    expect(pulsesOf(left)[0]?.peak).toBeCloseTo(pulseHeight(3) / 4, 4);
  });

  test('what is heard moves with its node; what is not, does not', async () => {
    const { foley, context, addNode, moveNode, tick } = await setUp(() => sine(440, 0.8));
    const node = addNode({ x: -1, y: 0, z: 0 });
    const emitter = foley.emitter(node);
    const { left, right } = await renderWith(context, {
      0: () => emitter.play('tone'),
      0.4: () => {
        moveNode(node, { x: 2, y: 0, z: 0 });
        tick();
      },
    });
    expect(rms(left, 0.1, 0.35)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(rms(right, 0.5, 0.75)).toBeCloseTo(Math.SQRT1_2 / 2, 3);
    expect(rms(left, 0.5, 0.75)).toBeLessThan(1e-4);
  });

  test('a node that goes takes its emitter along', async () => {
    const { foley, context, addNode, removeNode } = await setUp(() => sine(440, 0.8));
    const node = addNode({ x: -1, y: 0, z: 0 });
    const emitter = foley.emitter(node);
    const { left } = await renderWith(context, {
      0: () => emitter.play('tone'),
      0.4: () => removeNode(node),
    });
    expect(rms(left, 0.1, 0.35)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(rms(left, 0.42, 0.8)).toBe(0);
    await expect(emitter.play('tone')).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });

  test('a collision is heard at its point', async () => {
    const { foley, context, emit, tick } = await setUp();
    await foley.prefetch([{ prompt: 'hit' }]);
    foley.addRule({ prompt: 'hit', takes: 1 });
    await new Promise((resolve) => setTimeout(resolve));
    tick();
    const { left, right } = await renderWith(context, {
      0.1: () => emit(collision({ impulse: 9 })),
    });
    // Straight ahead both ears get 1/√2.
    for (const ear of [left, right]) {
      expect(pulsesOf(ear).map(({ peak }) => Math.round(peak * Math.SQRT2 * 8))).toEqual([1]);
    }
  });
});
