/**
 * What every adapter must do. Give it a world of yours, see adapters.test.ts:
 *
 *   testAdapter('my engine', async () => ({ adapter, context, addNode, moveNode, … }))
 *
 * The context is an OfflineAudioContext of one second, two channels, 48 kHz; the ear is at the origin and +x is to its right.
 */
import { describe, expect, test } from 'vitest';
import type { Attenuation, BusHandle, EmitterHandle, EngineAdapter } from '../../plugin/adapter.ts';
import { createFoleyWith } from '../../plugin/foley.ts';
import type { Point, SceneEvent } from '../../plugin/scene-event.ts';
import { collision } from './events.ts';
import { createFakeRuntime, pulseHeight, sine } from './fake-runtime.ts';
import { maxStep, offlineContext, pulsesOf, renderWith, rms } from './offline.ts';

/** An adapter with a world around it, whatever its nodes are. */
export interface World<N> {
  adapter: EngineAdapter<N>;
  context: OfflineAudioContext;
  /** @param forward where its front looks, a unit vector in the plane y = 0 */
  addNode(at: Point, forward?: Point): N;
  moveNode(node: N, to: Point): void;
  removeNode(node: N): void;
  /** One rendered image later. */
  tick(): void;
  /** A collision of two things that the world has; where there are none, the event as it is. */
  emit(event: SceneEvent): void;
  /** False where nothing is rendered. */
  images: boolean;
}

type CreateWorld<N> = () => Promise<World<N>>;

/** @param sounds false for an adapter without sound */
export function testAdapter<N>(name: string, createWorld: CreateWorld<N>, sounds = true): void {
  describe(`${name}: scene`, () => testScene(createWorld));
  if (!sounds) return;
  describe(`${name}: emitters`, () => testEmitters(createWorld));
  describe(`${name}: buses`, () => testBuses(createWorld));
  describe(`${name}: a whole foley`, () => testFoley(createWorld));
}

const AHEAD = Math.SQRT1_2; // in each ear, by equal power

function testScene<N>(createWorld: CreateWorld<N>): void {
  test('an emitter is where its node is, after place', async () => {
    const { adapter, addNode, moveNode, tick } = await createWorld();
    const node = addNode({ x: 0, y: 4, z: 0 });
    const handle = adapter.createEmitter({ name: 'e', node, attenuation: {} });
    await handle.ready;
    handle.place();
    expect(handle.position).toMatchObject({ x: 0, y: 4, z: 0 });
    moveNode(node, { x: 0, y: 10, z: 0 });
    tick();
    expect(handle.place()).toBeLessThanOrEqual(0.01);
    expect(handle.position).toMatchObject({ x: 0, y: 10, z: 0 });
    expect(adapter.positionOf(node)).toMatchObject({ x: 0, y: 10, z: 0 });
  });

  test('an emitter without a node goes to points', async () => {
    const { adapter } = await createWorld();
    const handle = adapter.createEmitter({ name: 'e', node: null, attenuation: {} });
    await handle.ready;
    handle.place({ x: -5, y: 0, z: 0 });
    expect(handle.position).toMatchObject({ x: -5, y: 0, z: 0 });
  });

  test('the ear is at the origin, its right is +x', async () => {
    const { adapter, tick } = await createWorld();
    tick();
    const { position, forward, up, right } = adapter.ear();
    for (const [vector, wanted] of [
      [position, [0, 0, 0]],
      [up, [0, 1, 0]],
      [right, [1, 0, 0]],
    ] as const) {
      [vector.x, vector.y, vector.z].forEach((value, i) => {
        expect(value).toBeCloseTo(wanted[i] ?? 0, 6);
      });
    }
    expect(Math.abs(forward.z)).toBeCloseTo(1, 6);
  });

  test('a thing it holds is found by its id, and described alike', async () => {
    const { adapter } = await createWorld();
    for (const { object } of adapter.contents()) {
      const node = adapter.find(object.id);
      expect(node).not.toBeNull();
      if (node !== null) expect(adapter.describe(node)).toEqual(object);
    }
    expect(adapter.find('no such id')).toBeNull();
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

  test('at a render frame what is heard is where its node is', async () => {
    const { adapter, addNode, moveNode, tick, images } = await createWorld();
    const node = addNode({ x: 1, y: 0, z: 0 });
    const handle = adapter.createEmitter({ name: 'e', node, attenuation: {} });
    await handle.ready;
    handle.setAudible(true);
    const seen: number[] = [];
    adapter.onRenderFrame(() => seen.push(handle.position.x));
    moveNode(node, { x: 2, y: 0, z: 0 });
    tick();
    handle.setAudible(false);
    moveNode(node, { x: 3, y: 0, z: 0 });
    tick();
    expect(seen).toEqual(images ? [2, 2] : []);
  });

  test('dispose is idempotent, for the adapter, its emitters and buses, in any order', async () => {
    const { adapter, addNode } = await createWorld();
    const node = addNode({ x: 0, y: 0, z: 1 });
    const bus = adapter.createBus('main', null);
    const made = adapter.createEmitter({ name: 'e', node, attenuation: {}, bus });
    const pending = adapter.createEmitter({ name: 'f', node, attenuation: {} });
    await made.ready;
    made.dispose();
    made.dispose();
    bus.dispose();
    adapter.dispose();
    adapter.dispose();
    pending.dispose();
    bus.dispose();
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
}

/** A direct current, so that a sample is the gain; from 20 ms on nothing ramps. */
function current({ context }: { context: BaseAudioContext }, handle: EmitterHandle): void {
  const source = new ConstantSourceNode(context);
  if (handle.input !== null) source.connect(handle.input);
  source.start();
}

/** node-web-audio-api 2.2 measures from the far side: loud behind. Browsers, and the specification, do not. */
async function conesAreReversed(): Promise<boolean> {
  const context = offlineContext(0.1);
  const panner = new PannerNode(context, { positionZ: 1, orientationX: 0, orientationZ: -1 });
  Object.assign(panner, { coneInnerAngle: 10, coneOuterAngle: 20, coneOuterGain: 0 });
  const source = new ConstantSourceNode(context);
  source.connect(panner).connect(context.destination);
  source.start();
  const { left } = await renderWith(context, {});
  return at(left, 0.05) === 0;
}

const at = (pcm: Float32Array, seconds: number) => pcm[Math.round(seconds * 48000)] ?? 0;

function testEmitters<N>(createWorld: CreateWorld<N>): void {
  async function gainOf(attenuation: Attenuation | null, place: Point, forward?: Point) {
    const world = await createWorld();
    const node = world.addNode(place, forward);
    const handle = world.adapter.createEmitter({ name: 'e', node, attenuation });
    await handle.ready;
    handle.place();
    current(world, handle);
    const { left, right } = await renderWith(world.context, {});
    return [at(left, 0.5), at(right, 0.5)] as const;
  }

  test.each([
    ['inverse, the default', {}, 5, 1 / 5],
    ['inverse from 2 m', { refDistance: 2 }, 5, 2 / 5],
    ['inverse, twice as steep', { rolloff: 2 }, 5, 1 / 9],
    ['linear to 9 m', { model: 'linear', maxDistance: 9 }, 5, 0.5],
    ['exponential', { model: 'exponential', rolloff: 2 }, 5, 1 / 25],
  ] as const)('attenuation: %s', async (_what, attenuation, distance, gain) => {
    const [left, right] = await gainOf(attenuation, { x: 0, y: 0, z: distance });
    expect(left).toBeCloseTo(gain * AHEAD, 4);
    expect(right).toBeCloseTo(gain * AHEAD, 4);
  });

  test('without attenuation it is the same in both ears, wherever it is', async () => {
    const [left, right] = await gainOf(null, { x: -40, y: 3, z: 0 });
    expect(left).toBeCloseTo(1, 5);
    expect(right).toBeCloseTo(1, 5);
  });

  test.each([0, 25, 45, 60, 80, 120, 180])('a cone, heard %i° off its axis', async (angle) => {
    const cone = { inner: 60, outer: 120, outerGain: 0.2 };
    // From (0, 0, 1) the ear is along −z.
    const turn = (angle * Math.PI) / 180;
    const forward = { x: Math.sin(turn), y: 0, z: -Math.cos(turn) };
    const [left, right] = await gainOf({ cone }, { x: 0, y: 0, z: 1 }, forward);
    const measured = (await conesAreReversed()) ? 180 - angle : angle;
    const part = Math.min(1, Math.max(0, (measured - 30) / 30));
    const gain = 1 - part + part * cone.outerGain;
    expect(left).toBeCloseTo(gain * AHEAD, 3);
    expect(right).toBeCloseTo(gain * AHEAD, 3);
  });

  test('with a cone of one, another all round is heard all round', async () => {
    const world = await createWorld();
    const forward = { x: 1, y: 0, z: 0 };
    const node = world.addNode({ x: 0, y: 0, z: 1 }, forward);
    const cone = { inner: 10, outer: 20, outerGain: 0 };
    const [beam, round] = [{ cone }, {}].map((attenuation) =>
      world.adapter.createEmitter({ name: 'e', node, attenuation }),
    ) as [EmitterHandle, EmitterHandle];
    for (const handle of [beam, round]) {
      await handle.ready;
      handle.place();
      current(world, handle);
    }
    const { left } = await renderWith(world.context, {});
    expect(at(left, 0.5)).toBeCloseTo(AHEAD, 4);
  });
}

function testBuses<N>(createWorld: CreateWorld<N>): void {
  /** One emitter at full level in both ears, on `inner`, which leads into `outer`. */
  async function setUp() {
    const world = await createWorld();
    const { adapter } = world;
    const outer = adapter.createBus('outer', null);
    const inner = adapter.createBus('inner', outer);
    const params = { name: 'e', node: null, attenuation: null };
    const handle = adapter.createEmitter({ ...params, bus: inner });
    await Promise.all([outer.ready, inner.ready, handle.ready]);
    current(world, handle);
    return { ...world, outer, inner, handle };
  }

  const later = (bus: BusHandle, volume: number, seconds = 0.01) => ({
    0.2: () => bus.setVolume(volume, seconds),
  });

  test('volumes multiply on the way out', async () => {
    const { context, outer, inner } = await setUp();
    const { left } = await renderWith(context, {
      0.2: () => inner.setVolume(0.5, 0.01),
      0.4: () => outer.setVolume(0.25, 0.01),
    });
    expect(at(left, 0.1)).toBeCloseTo(1, 5);
    expect(at(left, 0.3)).toBeCloseTo(0.5, 4);
    expect(at(left, 0.5)).toBeCloseTo(0.125, 4);
  });

  test('a volume is reached in its time, evenly and without a step', async () => {
    const { context, inner } = await setUp();
    const { left } = await renderWith(context, later(inner, 0, 0.4));
    expect(at(left, 0.3)).toBeCloseTo(0.75, 2);
    expect(at(left, 0.5)).toBeCloseTo(0.25, 2);
    expect(at(left, 0.65)).toBeCloseTo(0, 4);
    expect(maxStep(left.subarray(4800))).toBeLessThan(1e-3);
  });

  test('a volume that is changed on its way goes on from where it is', async () => {
    const { context, inner } = await setUp();
    const { left } = await renderWith(context, {
      ...later(inner, 0, 0.4),
      0.4: () => inner.setVolume(1, 0.2),
    });
    expect(at(left, 0.399)).toBeCloseTo(0.5, 2);
    expect(at(left, 0.5)).toBeCloseTo(0.75, 2);
    expect(at(left, 0.65)).toBeCloseTo(1, 3);
    expect(maxStep(left.subarray(4800))).toBeLessThan(1e-2);
  });

  test('a bus leads elsewhere from then on', async () => {
    const { context, outer, inner } = await setUp();
    const { left } = await renderWith(context, {
      0.1: () => outer.setVolume(0.25, 0.01),
      0.4: () => inner.route(null),
      0.6: () => inner.route(outer),
    });
    expect(at(left, 0.3)).toBeCloseTo(0.25, 4);
    expect(at(left, 0.5)).toBeCloseTo(1, 4);
    expect(at(left, 0.7)).toBeCloseTo(0.25, 4);
  });

  test('an emitter that is disposed is cut', async () => {
    const { context, handle } = await setUp();
    const { left } = await renderWith(context, { 0.2: () => handle.dispose() });
    expect(at(left, 0.1)).toBeCloseTo(1, 5);
    expect(at(left, 0.4)).toBe(0);
  });
}

function testFoley<N>(createWorld: CreateWorld<N>): void {
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

  test('beyond maxDistance there is silence, and the last tenth of the way leads there', async () => {
    const { foley, context, addNode, moveNode, tick } = await setUp(() => sine(440, 1));
    const node = addNode({ x: -10, y: 0, z: 0 });
    const emitter = foley.emitter(node, { maxDistance: 20 });
    const go = (x: number) => () => {
      moveNode(node, { x, y: 0, z: 0 });
      tick();
    };
    const { left } = await renderWith(context, {
      0: () => emitter.play('tone'),
      0.2: go(-19),
      0.4: go(-20),
      0.6: go(-200),
      0.8: go(-10),
    });
    const level = (from: number) => rms(left, from + 0.05, from + 0.18) / Math.SQRT1_2;
    expect(level(0)).toBeCloseTo(1 / 10, 3);
    expect(level(0.2)).toBeCloseTo(1 / 19 / 2, 3); // half way through the fade
    expect(level(0.4)).toBeLessThan(1e-6);
    expect(level(0.6)).toBeLessThan(1e-6);
    expect(level(0.8)).toBeCloseTo(1 / 10, 3);
  });
}
