/** Traps of Babylon's AudioV2 around places, one test each: that we keep away from it, and where it is cheap that it is still there. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { describe, expect, test, vi } from 'vitest';
import { createFoley } from '../../../../plugin/engines/babylon.ts';
import { createFakeRuntime } from '../../fake-runtime.ts';
import { createAudioEngine } from '../../headless-babylon.ts';
import { liveContext, offlineContext, renderWith, rms } from '../../web-audio.ts';
import { page, useFoleyScene } from './foley-scene.ts';

const world = useFoleyScene();

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
    const { foley, audioEngine } = await world.offline();
    await foley.emitter(world.nodeAt(0, 0, 3)).play('tone');
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
    const { foley } = await world.offline();
    const nodes = Array.from({ length: 20 }, (_, i) => world.nodeAt(i, 0, 1));
    for (const node of nodes) await foley.emitter(node).play('tone');
    for (let i = 0; i < 10; i++) {
      for (const node of nodes) node.position.y += 1;
      world.scene.render();
    }
    expect(page.animationRequests).toBe(0);
  });

  test('an audio engine of our own asks for none either', async () => {
    const context = liveContext(); // a constructor may return what it likes
    vi.stubGlobal('AudioContext', function makeLive() {
      return context;
    });
    const foley = await createFoley(world.scene, { model: '/m/', runtime: createFakeRuntime() });
    foley.emitter(world.nodeAt(0, 0, 1));
    for (let i = 0; i < 10; i++) world.scene.render();
    expect(page.animationRequests).toBe(0);
    await foley.dispose();
    await vi.waitFor(() => expect(context.state).toBe('closed'));
  });

  test('what does not move is not written again, what moves is, once an image', async () => {
    const { foley } = await world.offline();
    const still = world.nodeAt(1, 0, 1);
    const moving = world.nodeAt(2, 0, 1);
    for (const node of [still, moving]) await foley.emitter(node).play('tone');
    world.scene.render();
    const watch = watchPanners();
    for (let i = 0; i < 10; i++) world.scene.render();
    expect(watch.writes).toBe(0);
    moving.position.x += 1;
    world.scene.render();
    const perMove = watch.writes;
    expect(perMove).toBeGreaterThan(0);
    moving.position.x += 1;
    world.scene.render();
    world.scene.render();
    expect(watch.writes).toBe(2 * perMove);
  });

  test('what is not heard does not follow its node', async () => {
    const { foley } = await world.offline();
    const node = world.nodeAt(1, 0, 1);
    foley.emitter(node);
    await Promise.resolve();
    world.scene.render();
    const watch = watchPanners();
    for (let i = 0; i < 10; i++) {
      node.position.x += 1;
      world.scene.render();
    }
    expect(watch.writes).toBe(0);
  });
});
