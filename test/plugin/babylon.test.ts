/** The traps of Babylon's AudioV2, one test each: that we keep away from it, and where it is cheap that it is still there. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { StandardMaterial } from '@babylonjs/core/Materials/standardMaterial.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { CreateBox } from '@babylonjs/core/Meshes/Builders/boxBuilder.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBabylonAdapter, createFoley } from '../../plugin/engines/babylon.ts';
import type { FoleyOptions } from '../../plugin/foley.ts';
import type { SceneEvent } from '../../plugin/scene-event.ts';
import { createBody, DYNAMIC, enableFakePhysics, STATIC } from './fake-physics.ts';
import { createFakeRuntime, createLog, sine } from './fake-runtime.ts';
import { createAudioEngine, createScene, installFakePage } from './headless-babylon.ts';
import { liveContext, offlineContext, renderWith, rms } from './web-audio.ts';

const page = installFakePage();
let scene: Scene;

beforeEach(() => {
  scene = createScene();
  page.animationRequests = 0;
  page.listeners.clear();
});

afterEach(() => {
  scene.dispose();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function nodeAt(x: number, y: number, z: number): TransformNode {
  const node = new TransformNode('node', scene);
  node.position.set(x, y, z);
  return node;
}

async function offline(pcm = () => sine(440, 0.5), options: Partial<FoleyOptions> = {}) {
  const context = offlineContext(1);
  const audioEngine = await createAudioEngine(context);
  const runtime = createFakeRuntime({ pcm });
  const foley = await createFoley(scene, { model: '/m/', runtime, audioEngine, ...options });
  return { context, audioEngine, foley };
}

/** Counts what is written to the parameters of every panner from now on. */
function watchPanners(): { writes: number } {
  const watch = { writes: 0 };
  for (const method of [
    'setValueCurveAtTime',
    'setValueAtTime',
    'cancelScheduledValues',
  ] as const) {
    const original = AudioParam.prototype[method] as (...args: unknown[]) => AudioParam;
    vi.spyOn(AudioParam.prototype, method).mockImplementation(function (
      this: AudioParam,
      ...args: unknown[]
    ) {
      watch.writes += 1;
      return original.apply(this, args);
    });
  }
  return watch;
}

describe('attenuation', () => {
  test('is inverse where nothing is said, in the panner and in the property that tools show', async () => {
    const { foley, audioEngine } = await offline();
    await foley.emitter(nodeAt(0, 0, 3)).play('tone');
    const source = [...audioEngine.nodes].find(({ name }) => name === 'foley');
    const { spatial } = source as unknown as { spatial: Record<string, unknown> };
    expect(spatial).toMatchObject({ distanceModel: 'inverse', minDistance: 1, maxDistance: 30 });
  });

  test("would be linear over 10 km if Babylon's default were left alone", async () => {
    const context = offlineContext(0.5);
    const audioEngine = await createAudioEngine(context);
    const oscillator = new OscillatorNode(context, { frequency: 440 });
    const spatialPosition = new Vector3(-5, 0, 0);
    const options = { spatialEnabled: true, spatialAutoUpdate: false, spatialPosition };
    await audioEngine.createSoundSourceAsync('theirs', oscillator, options);
    oscillator.start();
    const { left } = await renderWith(context, {});
    expect(rms(left, 0.1, 0.5)).toBeGreaterThan(0.7);
  });
});

describe('animation callbacks and writes', () => {
  test('twenty emitters that play and move ask for no animation callback', async () => {
    const { foley } = await offline();
    const nodes = Array.from({ length: 20 }, (_, i) => nodeAt(i, 0, 1));
    for (const node of nodes) await foley.emitter(node).play('tone');
    for (let i = 0; i < 10; i++) {
      for (const node of nodes) node.position.y += 1;
      scene.render();
    }
    expect(page.animationRequests).toBe(0);
  });

  test('an audio engine of our own asks for none either', async () => {
    const context = liveContext(); // a constructor may return what it likes
    vi.stubGlobal('AudioContext', function makeLive() {
      return context;
    });
    const foley = await createFoley(scene, { model: '/m/', runtime: createFakeRuntime() });
    foley.emitter(nodeAt(0, 0, 1));
    for (let i = 0; i < 10; i++) scene.render();
    expect(page.animationRequests).toBe(0);
    await foley.dispose();
    await vi.waitFor(() => expect(context.state).toBe('closed'));
  });

  test('what does not move is not written again, what moves is, once an image', async () => {
    const { foley } = await offline();
    const still = nodeAt(1, 0, 1);
    const moving = nodeAt(2, 0, 1);
    for (const node of [still, moving]) await foley.emitter(node).play('tone');
    scene.render();
    const watch = watchPanners();
    for (let i = 0; i < 10; i++) scene.render();
    expect(watch.writes).toBe(0);
    moving.position.x += 1;
    scene.render();
    const perMove = watch.writes;
    expect(perMove).toBeGreaterThan(0);
    moving.position.x += 1;
    scene.render();
    scene.render();
    expect(watch.writes).toBe(2 * perMove);
  });

  test('what is not heard does not follow its node', async () => {
    const { foley } = await offline();
    const node = nodeAt(1, 0, 1);
    foley.emitter(node);
    await Promise.resolve();
    scene.render();
    const watch = watchPanners();
    for (let i = 0; i < 10; i++) {
      node.position.x += 1;
      scene.render();
    }
    expect(watch.writes).toBe(0);
  });
});

describe('a suspended context', () => {
  async function suspended() {
    const context = liveContext();
    await context.suspend();
    const audioEngine = await createAudioEngine(context);
    const logger = createLog();
    const runtime = createFakeRuntime();
    const foley = await createFoley(scene, { model: '/m/', runtime, audioEngine, logger });
    return { context, audioEngine, foley, logger };
  }

  test('plays nothing, keeps nothing, warns once', async () => {
    const { audioEngine, context, foley, logger } = await suspended();
    const emitter = foley.emitter(nodeAt(0, 0, 1));
    const voices = await Promise.all(Array.from({ length: 50 }, () => emitter.play('tone')));
    expect(new Set(voices.map(({ refusal }) => refusal))).toEqual(new Set(['suspended']));
    expect(foley.stats()).toMatchObject({ suspended: 50, played: 0 });
    expect(logger.warnings).toEqual([expect.stringContaining('unlock()')]);
    expect(audioEngine.sounds).toHaveLength(0);
    await foley.unlock();
    expect(foley.stats().played).toBe(0);
    expect((await emitter.play('tone')).refusal).toBeNull();
    await foley.dispose();
    await context.close();
  });

  test.each(['pointerup', 'keydown'])(
    'is unlocked by %s, and then no longer listened for',
    async (gesture) => {
      const { context, foley } = await suspended();
      expect(context.state).toBe('suspended');
      page.dispatch(gesture);
      await vi.waitFor(() => expect(context.state).toBe('running'));
      await vi.waitFor(() => expect(page.listeners.get(gesture)?.size).toBe(0));
      await foley.dispose();
      await context.close();
    },
  );

  test('is unlocked by a gesture even when somebody asked too early', async () => {
    const { audioEngine, context, foley } = await suspended();
    const resume = vi.spyOn(context, 'resume').mockReturnValueOnce(new Promise(() => {}));
    void audioEngine.unlockAsync(); // refused by the browser: stays pending, and Babylon keeps it
    page.dispatch('pointerup');
    await vi.waitFor(() => expect(context.state).toBe('running'));
    expect(resume.mock.calls.length).toBeGreaterThan(1);
    await foley.dispose();
    await context.close();
  });

  test('leaves no gesture listeners behind when disposed', async () => {
    const { context, foley } = await suspended();
    await foley.dispose();
    expect([page.listeners.get('pointerup')?.size, page.listeners.get('keydown')?.size]).toEqual([
      0, 0,
    ]);
    await context.close();
  });
});

describe('the ear', () => {
  const forwardOf = ({ listener }: BaseAudioContext) => listener.forwardZ.value;

  test('is on the active camera, and on the next one when that becomes active', async () => {
    const { audioEngine, context } = await offline();
    scene.render();
    expect(audioEngine.listener.attachedNode).toBe(scene.activeCamera);
    scene.activeCamera = new FreeCamera('other', new Vector3(0, 5, 0), scene);
    await renderWith(context, { 0.1: () => scene.render() });
    expect(audioEngine.listener.attachedNode?.name).toBe('other');
    expect(context.listener.positionY.value).toBeCloseTo(5, 5);
  });

  test('stays where you have attached it', async () => {
    const context = offlineContext(0.1);
    const audioEngine = await createAudioEngine(context);
    const head = nodeAt(0, 1, 0);
    audioEngine.listener.attach(head);
    await createBabylonAdapter(scene, { audioEngine });
    scene.render();
    expect(audioEngine.listener.attachedNode).toBe(head);
  });

  test('arrives after a jump that follows another within the ramp', async () => {
    const { context } = await offline();
    const jump = (x: number) => () => {
      (scene.activeCamera as FreeCamera).position.x = x;
      scene.render();
    };
    await renderWith(context, {
      0.1: jump(1),
      0.104: jump(50), // Babylon alone would drop this one
      0.2: () => scene.render(),
    });
    expect(context.listener.positionX.value).toBeCloseTo(50, 4);
  });

  test('looks backwards in left-handed scenes, which equalpower does not hear and HRTF would', async () => {
    const { context, foley } = await offline();
    const node = nodeAt(-2, 0, 2);
    const { left, right } = await renderWith(context, {
      0: async () => {
        scene.render();
        await foley.emitter(node).play('tone');
      },
    });
    expect(forwardOf(context)).toBeCloseTo(-1, 5); // the camera looks along +z
    expect(rms(left)).toBeGreaterThan(2 * rms(right));
  });

  test('HRTF is warned about in left-handed scenes only', async () => {
    const logger = createLog();
    const { foley } = await offline(undefined, { logger });
    foley.emitter(nodeAt(0, 0, 1), { panningModel: 'HRTF' });
    expect(logger.warnings).toEqual([expect.stringContaining('swaps front and back')]);
    scene.useRightHandedSystem = true;
    foley.emitter(nodeAt(0, 0, 1), { panningModel: 'HRTF' });
    expect(logger.warnings).toHaveLength(1);
  });
});

describe('disposing', () => {
  const foleysIn = ({ nodes }: AudioEngineV2) =>
    [...nodes].filter(({ name }) => name === 'foley').length;

  test('a node ends its sound and removes its source from the engine', async () => {
    const { audioEngine, context, foley } = await offline();
    const node = nodeAt(0, 0, 1);
    const voice = await foley.emitter(node).play('tone');
    expect(foleysIn(audioEngine)).toBe(1);
    await renderWith(context, { 0.1: () => node.dispose() });
    await voice.ended;
    expect([foleysIn(audioEngine), voice.playing]).toEqual([0, false]);
  });

  test('the scene ends the foley, but not an audio engine that was handed in', async () => {
    const { audioEngine, foley } = await offline();
    const emitter = foley.emitter(nodeAt(0, 0, 1));
    scene.dispose();
    await foley.dispose();
    await expect(emitter.play('tone')).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    expect([foleysIn(audioEngine), audioEngine.nodes.size]).toEqual([0, 1]);
  });

  test('while a source is being made leaves none behind', async () => {
    const { audioEngine, foley } = await offline();
    const playing = foley.emitter(nodeAt(0, 0, 1)).play('tone');
    const disposed = foley.dispose();
    await expect(playing).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    await disposed;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(foleysIn(audioEngine)).toBe(0);
  });

  test('the audio engine first is no error, then or while rendering', async () => {
    const { audioEngine, foley } = await offline();
    await foley.emitter(nodeAt(0, 0, 1)).play('tone');
    audioEngine.dispose();
    scene.render();
    await foley.dispose();
    expect(page.animationRequests).toBe(0);
  });
});

describe('collisions', () => {
  async function setUp() {
    const context = offlineContext(0.1);
    const audioEngine = await createAudioEngine(context);
    const adapter = await createBabylonAdapter(scene, { audioEngine });
    const events: SceneEvent[] = [];
    adapter.onSceneEvent((event) => events.push(event));
    return { adapter, events };
  }

  test('come from the physics plugin, even one that is enabled later', async () => {
    const { events } = await setUp();
    scene.render();
    const { bodies, collide } = enableFakePhysics(scene);
    const crate = createBody(scene, 'crate', DYNAMIC, { material: 'wood' });
    const floor = createBody(scene, 'floor', STATIC, { gltf: { extras: { material: 'stone' } } });
    bodies.push(crate, floor);
    scene.render();
    collide(crate, floor, 4, { point: new Vector3(1, 2, 3) });
    const id = (body: typeof crate) => String(body.transformNode.uniqueId);
    expect(events).toEqual([
      {
        kind: 'collision',
        a: { id: id(crate), name: 'crate', material: 'wood', tags: [], data: { material: 'wood' } },
        b: {
          id: id(floor),
          name: 'floor',
          material: 'stone',
          tags: [],
          data: { material: 'stone' },
        },
        point: { x: 1, y: 2, z: 3 },
        impulse: 4,
      },
    ]);
  });

  test('begin: what only continues, at its level, is not an event', async () => {
    const { events } = await setUp();
    const { collide } = enableFakePhysics(scene);
    const [a, b] = [createBody(scene, 'a', DYNAMIC), createBody(scene, 'b', STATIC)];
    scene.render();
    collide(a, b, 0.4, { type: 'COLLISION_CONTINUED' });
    expect(events).toEqual([]);
  });

  test('name the one that moves first, and where it is if the contact has no point', async () => {
    const { events } = await setUp();
    const { collide } = enableFakePhysics(scene);
    const crate = createBody(scene, 'crate', DYNAMIC);
    crate.transformNode.position.set(7, 8, 9);
    scene.render();
    collide(createBody(scene, 'floor', STATIC), crate, 1, { point: null });
    expect([events[0]?.a.name, events[0]?.b.name, events[0]?.point]).toEqual([
      'crate',
      'floor',
      { x: 7, y: 8, z: 9 },
    ]);
  });

  test('are asked for of each moving body once it is there, and of no other', async () => {
    await setUp();
    const { bodies } = enableFakePhysics(scene);
    const [crate, floor] = [
      createBody(scene, 'crate', DYNAMIC),
      createBody(scene, 'floor', STATIC),
    ];
    bodies.push(floor, crate);
    scene.render();
    expect([crate.tells, floor.tells]).toEqual([true, false]);
    const late = createBody(scene, 'late', DYNAMIC);
    bodies[1] = late;
    scene.render();
    expect(late.tells).toBe(true);
  });

  test('are not watched where nobody listens, nor after dispose', async () => {
    const { adapter } = await setUp();
    const { onCollisionObservable } = enableFakePhysics(scene);
    scene.render();
    expect(onCollisionObservable.observers).toHaveLength(1);
    adapter.dispose();
    await Promise.resolve();
    expect(onCollisionObservable.hasObservers()).toBe(false);
  });

  test('without physics, or with an engine that tells of no contacts, there are none', async () => {
    const { events } = await setUp();
    scene.render();
    Object.assign(scene, { getPhysicsEngine: () => ({ getPhysicsPlugin: () => ({}) }) });
    scene.render();
    Object.assign(scene, { getPhysicsEngine: () => null });
    scene.render();
    expect(events).toEqual([]);
  });

  test('know the material from metadata, extras, the material, or a tag, in this order', async () => {
    const { events } = await setUp();
    const { collide } = enableFakePhysics(scene);
    scene.render();
    const floor = createBody(scene, 'floor', STATIC);
    const mesh = CreateBox('box', {}, scene);
    const crate = { ...createBody(scene, 'crate', DYNAMIC), transformNode: mesh };
    const materialNow = () => {
      collide(crate, floor, 1);
      return events.at(-1)?.a.material;
    };
    expect(materialNow()).toBe('');
    Tags.AddTagsTo(mesh, 'plastic heavy');
    expect([materialNow(), events.at(-1)?.a.tags]).toEqual(['plastic', ['plastic', 'heavy']]);
    mesh.material = new StandardMaterial('painted metal', scene);
    expect(materialNow()).toBe('painted metal');
    mesh.material.metadata = { gltf: { extras: { material: 'metal' } } };
    expect(materialNow()).toBe('metal');
    mesh.metadata = { gltf: { extras: { material: 'wood' } } };
    expect(materialNow()).toBe('wood');
    mesh.metadata.material = 'cardboard';
    expect(materialNow()).toBe('cardboard');
    mesh.metadata.material = { not: 'a word' };
    expect(materialNow()).toBe('metal');
  });
});

test('an engine that is not Web Audio is refused with a word on what to do', async () => {
  const audioEngine = {} as AudioEngineV2;
  await expect(createFoley(scene, { model: '/m/', audioEngine })).rejects.toThrow(
    /no Web Audio context.*CreateAudioEngineAsync/,
  );
});

test('without an AudioContext the error says so', async () => {
  vi.stubGlobal('AudioContext', undefined);
  await expect(createFoley(scene, { model: '/m/' })).rejects.toThrow(/is there an AudioContext/);
});

test('bad options leave no audio engine behind', async () => {
  const context = offlineContext(0.1);
  const audioEngine = await createAudioEngine(context);
  const options = { model: '/m/', runtime: createFakeRuntime(), audioEngine, maxVoices: 0 };
  await expect(createFoley(scene, options)).rejects.toThrow(RangeError);
  expect(page.listeners.get('pointerup')?.size ?? 0).toBe(0);
});
