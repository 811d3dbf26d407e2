/** Whatever is disposed first: nothing is left, nothing throws. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { describe, expect, test, vi } from 'vitest';
import { createFoley } from '../../../../plugin/engines/babylon.ts';
import { createFakeRuntime } from '../../fake-runtime.ts';
import { createAudioEngine } from '../../headless-babylon.ts';
import { offlineContext, renderWith } from '../../web-audio.ts';
import { page, useFoleyScene } from './foley-scene.ts';

const world = useFoleyScene();

describe('disposing', () => {
  const foleysIn = ({ nodes }: AudioEngineV2) =>
    [...nodes].filter(({ name }) => name === 'foley').length;

  test('a node ends its sound and removes its source from the engine', async () => {
    const { audioEngine, context, foley } = await world.offline();
    const node = world.nodeAt(0, 0, 1);
    const voice = await foley.emitter(node).play('tone');
    expect(foleysIn(audioEngine)).toBe(1);
    await renderWith(context, { 0.1: () => node.dispose() });
    await voice.ended;
    expect([foleysIn(audioEngine), voice.playing]).toEqual([0, false]);
  });

  test('the scene ends the foley, but not an audio engine that was handed in', async () => {
    const { audioEngine, foley } = await world.offline();
    const emitter = foley.emitter(world.nodeAt(0, 0, 1));
    world.scene.dispose();
    await foley.dispose();
    await expect(emitter.play('tone')).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    expect([foleysIn(audioEngine), audioEngine.nodes.size]).toEqual([0, 1]);
  });

  test('while a source is being made leaves none behind', async () => {
    const { audioEngine, foley } = await world.offline();
    const playing = foley.emitter(world.nodeAt(0, 0, 1)).play('tone');
    const disposed = foley.dispose();
    await expect(playing).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    await disposed;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(foleysIn(audioEngine)).toBe(0);
  });

  test('the audio engine first is no error, then or while rendering', async () => {
    const { audioEngine, foley } = await world.offline();
    await foley.emitter(world.nodeAt(0, 0, 1)).play('tone');
    audioEngine.dispose();
    world.scene.render();
    await foley.dispose();
    expect(page.animationRequests).toBe(0);
  });
});

test('an engine that is not Web Audio is refused with a word on what to do', async () => {
  const audioEngine = {} as AudioEngineV2;
  await expect(createFoley(world.scene, { model: '/m/', audioEngine })).rejects.toThrow(
    /no Web Audio context.*CreateAudioEngineAsync/,
  );
});

test('without an AudioContext the error says so', async () => {
  vi.stubGlobal('AudioContext', undefined);
  await expect(createFoley(world.scene, { model: '/m/' })).rejects.toThrow(
    /is there an AudioContext/,
  );
});

test('bad options leave no audio engine behind', async () => {
  const context = offlineContext(0.1);
  const audioEngine = await createAudioEngine(context);
  const options = { model: '/m/', runtime: createFakeRuntime(), audioEngine, maxVoices: 0 };
  await expect(createFoley(world.scene, options)).rejects.toThrow(RangeError);
  expect(page.listeners.get('pointerup')?.size ?? 0).toBe(0);
});
