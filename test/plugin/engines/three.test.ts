/** What three.js alone has: objects in words, contacts, actions, an ear on its own listener. adapters.test.ts has the rest. */
import {
  AnimationClip,
  AnimationMixer,
  BoxGeometry,
  Group,
  LoopOnce,
  Mesh,
  MeshBasicMaterial,
  NumberKeyframeTrack,
  Object3D,
  PerspectiveCamera,
  type AudioListener as ThreeListener,
} from 'three';
import { describe, expect, test, vi } from 'vitest';
import { createFoley, createThreeAdapter } from '../../../plugin/engines/three.ts';
import type { SceneEvent } from '../../../plugin/scene-event.ts';
import { createFakeRuntime, sine } from '../fake-runtime.ts';
import { installWebAudio, offlineContext, renderWith, rms } from '../web-audio.ts';

installWebAudio();

function setUp(seconds = 1) {
  const context = offlineContext(seconds);
  const scene = new Group();
  const camera = new PerspectiveCamera();
  const adapter = createThreeAdapter(scene, { camera, context });
  const events: SceneEvent[] = [];
  adapter.onSceneEvent((event) => events.push(event));
  return { context, scene, camera, adapter, events };
}

function box(name: string, size = 1, z = 0): Mesh<BoxGeometry, MeshBasicMaterial> {
  const mesh = new Mesh(new BoxGeometry(size, size, size), new MeshBasicMaterial());
  mesh.name = name;
  mesh.position.z = z;
  return mesh;
}

describe('an object in words', () => {
  test('has its material from its userData, its material, or its first tag, in this order', () => {
    const { adapter } = setUp();
    const crate = box('crate');
    const wordNow = () => adapter.describe(crate).material;
    expect(wordNow()).toBe('');
    crate.userData.tags = 'plastic heavy';
    expect([wordNow(), adapter.describe(crate).tags]).toEqual(['plastic', ['plastic', 'heavy']]);
    crate.material.name = 'painted metal';
    expect(wordNow()).toBe('painted metal');
    crate.material.userData.material = 'metal';
    expect(wordNow()).toBe('metal');
    crate.userData.material = 'wood';
    expect(wordNow()).toBe('wood');
    crate.userData.material = { not: 'a word' };
    expect(wordNow()).toBe('metal');
  });

  test('has its userData, which glTF extras come in', () => {
    const { adapter } = setUp();
    const crate = box('crate');
    Object.assign(crate.userData, { weight: 12, tags: ['a', 3, 'b'] });
    expect(adapter.describe(crate)).toMatchObject({ tags: ['a', 'b'], data: { weight: 12 } });
  });
});

test('contents are meshes, groups and empty nodes with place and size, no cameras or lights', () => {
  const { adapter, scene, camera } = setUp();
  const shelf = new Group();
  shelf.position.x = 5;
  shelf.add(box('crate', 2));
  scene.add(shelf, camera);
  const contents = [...adapter.contents()];
  expect(contents.map(({ object }) => object.name)).toEqual(['', 'crate']);
  expect(contents[1]?.point).toMatchObject({ x: 5, y: 0, z: 0 });
  expect(contents[1]?.radius).toBeCloseTo(Math.sqrt(3), 6);
});

describe('contacts', () => {
  test('become collisions of what met, where it met', () => {
    const { adapter, events } = setUp();
    const [crate, floor] = [box('crate'), box('floor')];
    adapter.contact({ a: crate, b: floor, impulse: 4, point: { x: 1, y: 2, z: 3 } });
    adapter.contact({ a: crate, impulse: 1 });
    expect(events).toMatchObject([
      { kind: 'collision', a: { name: 'crate' }, b: { name: 'floor' }, impulse: 4 },
      { a: { name: 'crate' }, b: { id: '' }, point: { x: 0, y: 0, z: 0 }, impulse: 1 },
    ]);
    expect(events[0]?.point).toEqual({ x: 1, y: 2, z: 3 });
  });
});

describe('an action', () => {
  function animated() {
    const world = setUp();
    const door = box('door');
    world.scene.add(door);
    const track = new NumberKeyframeTrack('.position[x]', [0, 1], [0, 1]);
    const mixer = new AnimationMixer(door);
    const action = mixer.clipAction(new AnimationClip('open', 1, [track]));
    const step = (seconds: number) => {
      mixer.update(seconds);
      world.adapter.update();
    };
    const phases = () => world.events.map(({ phase }) => phase);
    return { ...world, mixer, action, step, phases };
  }

  test('tells when it begins, loops and is stopped', () => {
    const { adapter, action, events, step, phases } = animated();
    adapter.watchAction(action);
    adapter.watchAction(action);
    step(0.1);
    expect(phases()).toEqual([]);
    action.play();
    step(0.6);
    step(0.6);
    action.stop();
    step(0.1);
    expect(phases()).toEqual(['begin', 'change', 'end']);
    expect(events[0]).toMatchObject({ kind: 'animationGroup', name: 'open', a: { name: 'door' } });
  });

  test('that plays once tells its end by itself', () => {
    const { adapter, action, step, phases } = animated();
    adapter.watchAction(action);
    action.setLoop(LoopOnce, 1).play();
    for (let i = 0; i < 4; i++) step(0.4);
    expect(phases()).toEqual(['begin', 'end']);
  });

  test('is let go of: it ends, and tells nothing more', () => {
    const { adapter, action, step, phases } = animated();
    const stop = adapter.watchAction(action);
    action.play();
    step(0.1);
    stop();
    stop();
    step(1);
    expect(phases()).toEqual(['begin', 'end']);
  });

  test('leaves no listener on its mixer when the adapter is disposed', () => {
    const { adapter, mixer, action } = animated();
    const [added, removed] = [
      vi.spyOn(mixer, 'addEventListener'),
      vi.spyOn(mixer, 'removeEventListener'),
    ];
    adapter.watchAction(action);
    adapter.dispose();
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls).toEqual(added.mock.calls);
  });
});

describe('the ear', () => {
  test('is on the camera, in the world, however deep it hangs', () => {
    const { adapter, scene, camera, context } = setUp();
    const body = new Object3D();
    body.position.set(1, 2, 3);
    body.rotation.y = Math.PI / 2;
    body.add(camera);
    scene.add(body);
    adapter.update();
    const { position, forward, right } = adapter.ear();
    expect(position).toMatchObject({ x: 1, y: 2, z: 3 });
    expect(forward.x).toBeCloseTo(-1, 6);
    expect(right.z).toBeCloseTo(-1, 6);
    expect(context.listener.positionX).toBeDefined();
  });

  test('moves the listener, and writes nothing while it stands', async () => {
    const { adapter, camera, context } = setUp();
    const writes = vi.spyOn(AudioParam.prototype, 'setValueAtTime');
    for (let i = 0; i < 5; i++) adapter.update();
    expect(writes).not.toHaveBeenCalled();
    await renderWith(context, {
      0.1: () => {
        camera.position.x = 7;
        adapter.update();
      },
    });
    expect(writes).toHaveBeenCalledTimes(1);
    expect(context.listener.positionX.value).toBeCloseTo(7, 4);
    writes.mockRestore();
  });

  test('is your listener, where you have one, and what is heard goes through it', async () => {
    const context = offlineContext(0.5);
    const scene = new Group();
    const camera = new PerspectiveCamera();
    const gain = new GainNode(context, { gain: 0.25 });
    gain.connect(context.destination);
    const listener = Object.assign(new Object3D(), { context, getInput: () => gain });
    camera.add(listener);
    camera.position.x = 2;
    const adapter = createThreeAdapter(scene, {
      camera,
      listener: listener as unknown as ThreeListener,
    });
    expect(adapter.ear().position.x).toBe(2);
    const handle = adapter.createEmitter({ name: 'e', node: null, attenuation: null });
    const source = new ConstantSourceNode(context);
    if (handle.input !== null) source.connect(handle.input);
    source.start();
    const { left } = await renderWith(context, { 0.1: () => adapter.update() });
    expect(left[9600]).toBeCloseTo(0.25, 5);
    expect(context.listener.positionX.value).toBe(0); // three.js moves it
  });
});

describe('walls', () => {
  function walled() {
    const world = setUp();
    const wall = new Mesh(new BoxGeometry(10, 10, 0.2), new MeshBasicMaterial());
    wall.position.z = -5;
    world.scene.add(wall);
    world.scene.updateMatrixWorld();
    const ear = { x: 0, y: 0, z: 0 };
    const blocked = (z: number, node: Object3D | null = null) =>
      world.adapter.isBlocked?.(ear, { x: 0, y: 0, z }, node);
    return { ...world, wall, blocked };
  }

  test('are in the way of what is behind them, not of what is before or upon them', () => {
    const { blocked } = walled();
    expect([blocked(-10), blocked(-3), blocked(-4.9)]).toEqual([true, false, false]);
  });

  test('that are invisible, or said not to be solid, are none', () => {
    const { blocked, wall } = walled();
    wall.userData.solid = false;
    expect(blocked(-10)).toBe(false);
    wall.userData.solid = true;
    wall.visible = false;
    expect(blocked(-10)).toBe(false);
  });

  test('are not in their own way; nor is a crate around its contact', () => {
    const { scene, blocked, wall } = walled();
    expect(blocked(-5.05, wall)).toBe(false);
    scene.add(box('crate', 1, -3));
    scene.updateMatrixWorld();
    expect(blocked(-3.4)).toBe(false);
    expect(blocked(-4.5)).toBe(true);
  });
});

test('what leaves the scene, with its parent too, takes its emitter along', async () => {
  const context = offlineContext(0.6);
  const scene = new Group();
  const camera = new PerspectiveCamera();
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.6) });
  const foley = await createFoley(scene, { model: '/m/', runtime, camera, context });
  const room = new Group();
  const radio = new Object3D();
  radio.position.x = -1;
  room.add(radio);
  scene.add(room);
  const emitter = foley.emitter(radio);
  const { left } = await renderWith(context, {
    0: () => emitter.play('music'),
    0.2: () => foley.adapter.update(),
    0.3: () => {
      room.removeFromParent();
      foley.adapter.update();
    },
  });
  expect(rms(left, 0.1, 0.3)).toBeCloseTo(Math.SQRT1_2, 2);
  expect(rms(left, 0.33, 0.6)).toBe(0);
  await expect(emitter.play('music')).rejects.toThrow(
    expect.objectContaining({ name: 'AbortError' }),
  );
  await foley.dispose();
});
