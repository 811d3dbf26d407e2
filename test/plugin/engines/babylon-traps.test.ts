/**
 * The traps of Babylon's AudioV2 (9.34), one test each: that it is still there, and that we are not in it. Others are in the
 * folder babylon/: linear by default, animation callbacks and unchanged writes (place), gestures by click alone, sounds kept while
 * suspended, the pending resume (unlocking), the dropped listener move, HRTF (ear).
 */
import '@babylonjs/core/Materials/standardMaterial.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EngineAdapter } from '../../../plugin/adapter.ts';
import { createBabylonAdapter } from '../../../plugin/engines/babylon.ts';
import { createMixer, SPACE_DEFAULTS } from '../../../plugin/mixer.ts';
import type { BusDefinition } from '../../../plugin/sound-definition.ts';
import { createVoices } from '../../../plugin/voices.ts';
import { sine } from '../fake-runtime.ts';
import { createAudioEngine, createScene, installFakePage } from '../headless-babylon.ts';
import { requestsOf } from '../voices/offline-voices.ts';
import { maxStep, offlineContext, renderWith, rms } from '../web-audio.ts';

const page = installFakePage();
let scene: Scene;

beforeEach(() => {
  scene = createScene();
  page.animationRequests = 0;
});

afterEach(() => {
  scene.dispose();
  vi.restoreAllMocks();
});

async function setUp(seconds = 1) {
  const context = offlineContext(seconds);
  const audioEngine = await createAudioEngine(context);
  const adapter = (await createBabylonAdapter(scene, {
    audioEngine,
  })) as EngineAdapter<TransformNode>;
  return { context, audioEngine, adapter };
}

function nodeAt(x: number, y: number, z: number): TransformNode {
  const node = new TransformNode('node', scene);
  node.position.set(x, y, z);
  return node;
}

function current(context: BaseAudioContext, input: AudioNode | null): void {
  const source = new ConstantSourceNode(context);
  if (input !== null) source.connect(input);
  source.start();
}

const at = (pcm: Float32Array, seconds: number) => pcm[Math.round(seconds * 48000)] ?? 0;

describe('the shared orientation', () => {
  test('theirs: turning one source turns the default of all that come after', async () => {
    const { audioEngine, context } = await setUp();
    const options = { spatialEnabled: true, spatialAutoUpdate: false };
    const make = () => audioEngine.createSoundSourceAsync('theirs', new GainNode(context), options);
    const first = await make();
    first.spatial.orientation = new Vector3(0, 1, 0);
    const second = await make();
    const { orientation } = second.spatial;
    const turned = orientation.y === 1;
    first.spatial.orientation = new Vector3(1, 0, 0); // as it was, for the tests that follow
    expect(turned).toBe(true);
  });

  test('ours: a cone that turns leaves other cones where they look', async () => {
    const { adapter, context } = await setUp();
    const cone = { inner: 20, outer: 30, outerGain: 0 };
    const nodes = [nodeAt(0, 0, 1), nodeAt(0, 0, 1)];
    // One looks along +x, aside, whichever way a context measures cones; the other will.
    const [still, turning] = nodes.map((node, i) => {
      node.rotation.y = i === 0 ? Math.PI / 2 : 0;
      return adapter.createEmitter({ name: 'e', node, attenuation: { cone } });
    });
    await Promise.all([still?.ready, turning?.ready]);
    still?.setAudible(true);
    turning?.setAudible(true);
    still?.place();
    turning?.place();
    current(context, still?.input ?? null);
    const { left } = await renderWith(context, {
      0.3: () => {
        nodes[1]?.rotation.set(0, Math.PI, 0);
        scene.render();
      },
      0.6: () => {
        nodes[1]?.rotation.set(0, 0, 0);
        scene.render();
      },
    });
    for (const time of [0.2, 0.5, 0.9]) expect(at(left, time)).toBe(0);
  });

  test('what has a cone and does not turn is not written again', async () => {
    const { adapter } = await setUp();
    const cone = { inner: 20, outer: 30, outerGain: 0 };
    const node = nodeAt(0, 0, 1);
    const handle = adapter.createEmitter({ name: 'e', node, attenuation: { cone } });
    await handle.ready;
    handle.setAudible(true);
    handle.place();
    const writes = vi.spyOn(AudioParam.prototype, 'setValueCurveAtTime');
    for (let i = 0; i < 10; i++) scene.render();
    expect(writes).not.toHaveBeenCalled();
    node.rotation.y = 1;
    scene.render();
    expect(writes).toHaveBeenCalledTimes(3);
  });
});

describe('maxInstances clicks', () => {
  test('theirs: the oldest is cut, which is a step', async () => {
    const { audioEngine, context } = await setUp(0.5);
    const buffer = context.createBuffer(1, 24000, 48000);
    buffer.copyToChannel(sine(440, 0.5) as Float32Array<ArrayBuffer>, 0);
    const silence = { maxInstances: 1, spatialEnabled: false };
    const sound = await audioEngine.createSoundAsync('theirs', buffer, silence);
    const { left } = await renderWith(context, {
      0: () => sound.play(),
      0.1013: () => sound.play({ startOffset: 0.25 }),
    });
    expect(maxStep(left)).toBeGreaterThan((2 * Math.PI * 440) / 48000 + 1 / 480);
  });

  test('ours: the one that gives way fades', async () => {
    const { context, adapter } = await setUp(0.5);
    const handle = adapter.createEmitter({ name: 'e', node: null, attenuation: null });
    await handle.ready;
    const options = { context, maxVoices: 8, isRunning: () => true, now: () => 0 };
    const voices = createVoices(options);
    const group = { name: 'one', limit: { max: 1, steal: 'oldest' as const, fade: 0.01 } };
    const { request } = requestsOf(0.5);
    const start = (pcm: Float32Array) => {
      const fields = { group, destination: handle.input };
      const buffer = context.createBuffer(1, pcm.length, 48000);
      buffer.copyToChannel(pcm as Float32Array<ArrayBuffer>, 0);
      voices.start({ ...request(pcm, fields), buffer });
    };
    const { left } = await renderWith(context, {
      0: () => start(sine(440, 0.5)),
      0.1013: () => start(sine(440, 0.25)),
    });
    expect(voices.stolen).toBe(1);
    expect(maxStep(left)).toBeLessThan(2 * ((2 * Math.PI * 440) / 48000) + 1 / 480);
  });
});

describe('the listener that looks backwards', () => {
  test('theirs: forward is turned round in a left-handed scene', async () => {
    const { context } = await setUp(0.1);
    await renderWith(context, { 0: () => scene.render() });
    expect(context.listener.forwardZ.value).toBeCloseTo(-1, 5);
  });

  test('ours: the ear that the adapter tells looks where the camera looks', async () => {
    const { adapter } = await setUp(0.1);
    scene.render();
    expect(adapter.ear().forward.z).toBeCloseTo(1, 6);
    expect(adapter.ear().right.x).toBeCloseTo(1, 6);
  });

  test('ours: the ear is where you have attached the listener', async () => {
    const { adapter, audioEngine } = await setUp(0.1);
    const head = nodeAt(3, 2, 1);
    audioEngine.listener.attach(head);
    scene.render();
    expect(adapter.ear().position).toMatchObject({ x: 3, y: 2, z: 1 });
  });
});

describe('a disposed node keeps playing', () => {
  test('theirs: the attached sound goes on', async () => {
    const { audioEngine, context } = await setUp(0.5);
    const node = nodeAt(-1, 0, 0);
    const gain = new GainNode(context);
    current(context, gain);
    const options = { spatialEnabled: true, spatialAutoUpdate: false };
    const source = await audioEngine.createSoundSourceAsync('theirs', gain, options);
    source.spatial.attach(node);
    source.spatial.update();
    const { left } = await renderWith(context, { 0.2: () => node.dispose() });
    expect(rms(left, 0.3, 0.5)).toBeGreaterThan(0.5);
  });

  test('ours: we are told, and nothing is left in the engine', async () => {
    const { adapter, audioEngine } = await setUp(0.1);
    const node = nodeAt(0, 0, 1);
    const onNodeGone = vi.fn();
    const handle = adapter.createEmitter({ name: 'e', node, attenuation: {}, onNodeGone });
    await handle.ready;
    const before = audioEngine.nodes.size;
    node.dispose();
    expect(onNodeGone).toHaveBeenCalledTimes(1);
    handle.dispose();
    expect(audioEngine.nodes.size).toBe(before - 1);
  });
});

describe('buses', () => {
  const definition = (name: string, fields: Partial<BusDefinition> = {}): BusDefinition => ({
    name,
    volume: 1,
    parent: 'main',
    duck: null,
    ...fields,
  });

  async function mixed(buses: BusDefinition[]) {
    const world = await setUp(1.2);
    const mixer = createMixer({ adapter: world.adapter, warn: () => {} });
    mixer.define({ buses, space: SPACE_DEFAULTS });
    const place = async (bus: string) => {
      const made = mixer.createPlace({ name: bus, node: null, attenuation: null, bus });
      await made.ready;
      return made;
    };
    return { ...world, mixer, place };
  }

  test("are AudioV2's, in a tree that ends at the engine's main bus, with the volume it shows", async () => {
    const { audioEngine, place } = await mixed([definition('steps', { volume: 0.5 })]);
    await place('steps');
    const busOf = (name: string) =>
      [...audioEngine.nodes].find((node) => node.name === name) as unknown as {
        outBus: { name: string };
        volume: number;
      };
    expect(busOf('steps').outBus.name).toBe('main');
    expect(busOf('main').outBus).toBe(audioEngine.defaultMainBus);
  });

  test('duck by that volume, in the times of the rule', async () => {
    const duck = { under: 'voice', to: 0.25, attack: 0.1, release: 0.3 };
    const world = await mixed([definition('music', { duck }), definition('voice')]);
    const [music, voice] = [await world.place('music'), await world.place('voice')];
    current(world.context, music.input);
    const { left } = await renderWith(world.context, {
      0.2: () => voice.setAudible(true),
      0.6: () => voice.setAudible(false),
    });
    expect(at(left, 0.19)).toBeCloseTo(1, 4);
    expect(at(left, 0.25)).toBeCloseTo(1 - 0.75 * 0.5, 2);
    expect(at(left, 0.59)).toBeCloseTo(0.25, 3);
    expect(at(left, 0.75)).toBeCloseTo(0.25 + 0.75 * 0.5, 2);
    expect(at(left, 0.95)).toBeCloseTo(1, 3);
  });

  test('that are asked for something before AudioV2 has made them do it then', async () => {
    const world = await mixed([definition('steps')]);
    world.mixer.setBusVolume('steps', 0.25); // at once: nothing is made yet
    const steps = await world.place('steps');
    current(world.context, steps.input);
    const { left } = await renderWith(world.context, {});
    expect(at(left, 0.5)).toBeCloseTo(0.25, 4);
  });

  test('leave nothing in the engine when the mixer is disposed, even while they are being made', async () => {
    const { audioEngine, mixer, place } = await mixed([definition('a'), definition('b')]);
    (await place('a')).dispose();
    mixer.dispose();
    const late = await mixed([definition('c')]);
    late.mixer.dispose();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const names = [...audioEngine.nodes, ...late.audioEngine.nodes].map(({ name }) => name);
    expect(names).toEqual(['default', 'default']);
  });

  test('ask for no animation callback', async () => {
    const { place } = await mixed([definition('steps')]);
    await place('steps');
    for (let i = 0; i < 10; i++) scene.render();
    expect(page.animationRequests).toBe(0);
  });
});

describe('walls and rooms', () => {
  /** A wall at z = 5, an ear at the origin. */
  async function walled() {
    const world = await setUp(0.1);
    const wall = CreateBox('wall', { width: 10, height: 10, depth: 0.2 }, scene);
    wall.position.z = 5;
    wall.computeWorldMatrix(true);
    const blocked = (z: number, node: TransformNode | null = null) =>
      world.adapter.isBlocked?.({ x: 0, y: 0, z: 0 }, { x: 0, y: 0, z }, node);
    return { ...world, wall, blocked };
  }

  test('a wall is in the way of what is behind it, not of what is before it or upon it', async () => {
    const { blocked } = await walled();
    expect([blocked(10), blocked(3), blocked(4.9)]).toEqual([true, false, false]);
  });

  test.each([
    ['invisible', { isVisible: false }],
    ['not pickable', { isPickable: false }],
  ])('what is %s is no wall', async (_how, fields) => {
    const { blocked, wall } = await walled();
    Object.assign(wall, fields);
    expect(blocked(10)).toBe(false);
  });

  test('what is disabled is no wall', async () => {
    const { blocked, wall } = await walled();
    wall.setEnabled(false);
    expect(blocked(10)).toBe(false);
  });

  test('a thing is not in its own way, nor are its parts', async () => {
    const { blocked, wall } = await walled();
    expect(blocked(5.05, wall)).toBe(false);
    const cabinet = nodeAt(0, 0, 6);
    wall.setParent(cabinet);
    expect(blocked(10, cabinet)).toBe(false);
    expect(blocked(10, nodeAt(0, 0, 10))).toBe(true);
  });

  test('a contact inside a crate is not muffled by the crate, but by the wall before it', async () => {
    const { blocked } = await walled();
    const crate = (z: number) => {
      const box = CreateBox('crate', { size: 1 }, scene);
      box.position.z = z;
      box.computeWorldMatrix(true);
    };
    crate(3);
    expect(blocked(3.4)).toBe(false);
    crate(8);
    expect(blocked(8.4)).toBe(true);
  });

  test('bounds are those of all that a node holds; of nothing there are none', async () => {
    const { adapter, wall } = await walled();
    expect(adapter.boundsOf?.(wall)).toMatchObject({
      min: { x: -5, y: -5 },
      max: { x: 5, y: 5 },
    });
    const room = nodeAt(0, 0, 0);
    expect(adapter.boundsOf?.(room)).toBeNull();
    wall.setParent(room);
    expect(adapter.boundsOf?.(room)?.max.z).toBeCloseTo(5.1, 5);
  });
});
