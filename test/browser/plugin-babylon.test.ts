/** The Babylon adapter in Chromium: its panner, a real AudioContext, a real gesture, Havok. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { Scene } from '@babylonjs/core/scene.js';
import HavokPhysics from '@babylonjs/havok';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFoley } from '../../plugin/engines/babylon.ts';
import type { FoleyEvent } from '../../plugin/foley.ts';
import { createFakeRuntime, createLog, sine } from '../plugin/fake-runtime.ts';
import { dropCrate } from '../plugin/falling-crate.ts';

let scene: Scene;

beforeEach(() => {
  scene = new Scene(new NullEngine());
  new FreeCamera('camera', Vector3.Zero(), scene).setTarget(new Vector3(0, 0, 1));
  scene.render();
});

afterEach(() => {
  vi.restoreAllMocks();
  scene.dispose();
});

function nodeAt(x: number, y: number, z: number): TransformNode {
  const node = new TransformNode('node', scene);
  node.position.set(x, y, z);
  return node;
}

function audioEngineOn(audioContext: BaseAudioContext): Promise<AudioEngineV2> {
  return CreateAudioEngineAsync({
    audioContext: audioContext as AudioContext,
    disableDefaultUI: true,
    listenerAutoUpdate: false,
  });
}

function rms(pcm: Float32Array): number {
  const steady = pcm.subarray(4800, 19200);
  return Math.sqrt(steady.reduce((sum, x) => sum + x * x, 0) / steady.length);
}

test("Chromium's panner gives a third on the left at (-3, 0, 0), and nothing on the right", async () => {
  const context = new OfflineAudioContext(2, 24000, 48000);
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.5) });
  const audioEngine = await audioEngineOn(context);
  const foley = await createFoley(scene, { model: '/m/', runtime, audioEngine });
  await foley.emitter(nodeAt(-3, 0, 0)).play('tone');
  const heard = await context.startRendering();
  expect(rms(heard.getChannelData(0))).toBeCloseTo(Math.SQRT1_2 / 3, 4);
  expect(rms(heard.getChannelData(1))).toBeLessThan(1e-4);
});

test('on a real AudioContext voices begin, end by themselves, and cost no animation callback', async () => {
  const animation = vi.spyOn(window, 'requestAnimationFrame');
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.1, 0.1) });
  const foley = await createFoley(scene, { model: '/m/', runtime });
  await foley.unlock();
  const nodes = Array.from({ length: 20 }, (_, i) => nodeAt(i, 0, 2));
  const voices = await Promise.all(nodes.map((node) => foley.emitter(node).play('tone')));
  expect(voices.map(({ refusal }) => refusal)).toEqual(nodes.map(() => null));
  for (const node of nodes) node.position.x += 1;
  scene.render();
  await Promise.all(voices.map(({ ended }) => ended));
  expect(voices.some(({ playing }) => playing)).toBe(false);
  expect(animation).not.toHaveBeenCalled();
  await foley.dispose();
  await foley.dispose();
});

test('suspended, nothing queues up; a gesture unlocks, and the next sound is heard', async () => {
  const context = new AudioContext();
  await context.suspend();
  const logger = createLog();
  const audioEngine = await audioEngineOn(context);
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.05, 0.1) });
  const foley = await createFoley(scene, { model: '/m/', runtime, audioEngine, logger });
  const emitter = foley.emitter(nodeAt(0, 0, 1));
  for (let i = 0; i < 50; i++) expect((await emitter.play('tone')).refusal).toBe('suspended');
  expect([foley.stats().suspended, logger.warnings.length]).toEqual([50, 1]);
  document.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
  await vi.waitFor(() => expect(context.state).toBe('running'));
  expect(foley.stats().played).toBe(0);
  const voice = await emitter.play('tone');
  expect(voice.refusal).toBeNull();
  await voice.ended;
  await foley.dispose();
  await context.close();
});

test('a crate that falls on stone is heard, with both materials and its force in the prompt', async () => {
  const wasm = await fetch('/node_modules/@babylonjs/havok/lib/esm/HavokPhysics.wasm');
  const havok = await HavokPhysics({ wasmBinary: await wasm.arrayBuffer() });
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.1, 0.1) });
  const foley = await createFoley(scene, { model: '/m/', runtime });
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  await foley.unlock();
  await foley.prefetch([{ prompt: 'hard impact of a wood crate on stone' }]);
  const prompt = '{intensity} impact of a {a.material} crate on {b.material}';
  foley.addRule({ prompt, takes: 1, cooldown: 10 });
  dropCrate(scene, havok, { height: 1.5 });
  await vi.waitFor(
    () => {
      scene.render();
      expect(events.at(-1)).toMatchObject({
        kind: 'played',
        prompt: 'hard impact of a wood crate on stone',
        source: 'memory',
      });
    },
    { timeout: 30_000, interval: 5 },
  );
  await foley.dispose();
});
