/** A scene with baked sounds in it, as Babylon's own glTF loader takes it. */
import { AudioEngine } from '@babylonjs/core/Audio/audioEngine.js';
import type { Sound } from '@babylonjs/core/Audio/sound.js';
import type { WeightedSound } from '@babylonjs/core/Audio/weightedsound.js';
import { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/ExtrasAsMetadata.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/MSFT_audio_emitter.js';
import '@babylonjs/loaders/glTF/glTFFileLoader.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encodeWav } from '../../bake/formats/wav.ts';
import { type Gltf, writeGltf } from '../../bake/gltf/glb.ts';
import { MSFT_AUDIO } from '../../bake/gltf/msft-audio.ts';
import { placeSounds } from '../../bake/gltf.ts';
import { MANIFEST, sceneOf } from '../bake/gltf/scenes.ts';
import { sine } from '../reference/seeded.ts';

interface LoadedEmitter {
  loop: boolean;
  volume: number;
  _babylonData: { sound: WeightedSound };
  _babylonSounds: Sound[];
}

const RATE = 32000;
const WAV = encodeWav(sine(0.5, RATE, { hertz: 440, amplitude: 0.5 }), RATE, { isLoop: true });

let engine: NullEngine;
let scene: Scene;
beforeAll(() => {
  const context = new AudioContext();
  AbstractEngine.audioEngine = new AudioEngine(null, context, context.destination);
  engine = new NullEngine();
});
afterAll(() => engine.dispose()); // and the audio engine with it
beforeEach(() => {
  scene = new Scene(engine);
});
afterEach(() => scene.dispose());

async function placed(source: Gltf): Promise<Uint8Array<ArrayBuffer>> {
  const { gltf } = await placeSounds(source, {
    ...{ manifest: MANIFEST, definitions: new Map() },
    uriOf: (path) => path,
    msftAudio: { format: 'wav', read: async () => WAV },
  });
  return writeGltf(gltf);
}

/** Loads it; the loader keeps what it made of an emitter beside that emitter's JSON. */
async function load(glb: Uint8Array<ArrayBuffer>): Promise<LoadedEmitter[]> {
  let emitters: LoadedEmitter[] = [];
  const container = await LoadAssetContainerAsync(new File([glb], 'scene.glb'), scene, {
    pluginExtension: '.glb',
    pluginOptions: {
      gltf: {
        onParsed: ({ json }) => {
          emitters = (json as { extensions: Record<string, { emitters: LoadedEmitter[] }> })
            .extensions[MSFT_AUDIO]!.emitters;
        },
      },
    },
  });
  container.addAllToScene();
  const sounds = emitters.flatMap(({ _babylonSounds }) => _babylonSounds);
  await expect.poll(() => sounds.every((sound) => sound.isReady())).toBe(true);
  return emitters;
}

/** Of the node that the sound is attached to, in the loaded scene. */
function placeOf(sound: Sound): number[] {
  const node = (
    sound as unknown as {
      _connectedTransformNode: { getAbsolutePosition(): { asArray(): number[] } };
    }
  )._connectedTransformNode;
  return node
    .getAbsolutePosition()
    .asArray()
    .map((x) => Math.round(100 * x) / 100);
}

describe('Babylon’s glTF loader', () => {
  test('makes a sound for each node, at its place, with its loop, volume and distances', async () => {
    const attenuation = {
      ...{ model: 'linear', refDistance: 2, maxDistance: 40, rolloff: 0.5 },
      cone: { inner: 60, outer: 120 },
    };
    const torch = { sound: 'fire', volume: 0.25, attenuation };
    const nodes = [
      { name: 'torch', translation: [1, 2, 3], extras: { scenefoley: torch } },
      { name: 'sound:door', translation: [-4, 0, 5] },
      { name: 'sound:door.001', translation: [6, 0, 0] },
    ];
    const emitters = await load(await placed(sceneOf(nodes)));
    const loops = emitters.map(({ _babylonData: { sound } }) => sound.loop);
    expect(loops).toEqual([true, false, false]);
    const volumes = emitters.map(({ _babylonSounds: [sound] }) => sound!.getVolume());
    expect(volumes).toEqual([0.25, 1, 1]);
    expect(emitters.map(({ _babylonSounds: sounds }) => sounds.map((one) => one.name))).toEqual([
      ['fire@torch'],
      ['door@sound:door', 'door@sound:door', 'door@sound:door'],
      ['door@sound:door.001', 'door@sound:door.001', 'door@sound:door.001'],
    ]);
    const [fire, door, other] = emitters.map(({ _babylonSounds }) => _babylonSounds[0]!);
    // The loader's root turns glTF's right-handed space into Babylon's left-handed one.
    expect([fire!, door!, other!].map(placeOf)).toEqual([
      [-1, 2, 3],
      [4, 0, 5],
      [-6, 0, 0],
    ]);
    const { distanceModel, refDistance, maxDistance, rolloffFactor, spatialSound } = fire!;
    expect([distanceModel, refDistance, maxDistance, rolloffFactor, spatialSound]).toEqual([
      ...['linear', 2, 40, 0.5, true],
    ]);
    expect(fire!.directionalConeInnerAngle).toBeCloseTo(60);
    expect(fire!.directionalConeOuterAngle).toBeCloseTo(120);
  });

  test('the sounds are decoded, and can be played', async () => {
    const [emitter] = await load(await placed(sceneOf([{ name: 'sound:fire' }])));
    const [sound] = emitter!._babylonSounds as [Sound];
    expect(sound.getAudioBuffer()!.duration).toBeCloseTo(0.5, 3);
    emitter!._babylonData.sound.play();
    expect([emitter!._babylonData.sound.isPlaying, sound.isPlaying]).toEqual([true, true]);
    emitter!._babylonData.sound.stop();
  });

  test('what is not in space plays without a place', async () => {
    const scenefoley = { sound: 'music', attenuation: null };
    const [emitter] = await load(await placed(sceneOf([{ name: 'hum', extras: { scenefoley } }])));
    const [sound] = emitter!._babylonSounds as [Sound];
    expect([sound.name, emitter!._babylonData.sound.loop]).toEqual(['music@hum', true]);
    expect(
      (sound as unknown as { _connectedTransformNode?: unknown })._connectedTransformNode ?? null,
    ).toBeNull();
  });

  test('node extras are the node’s metadata', async () => {
    await load(await placed(sceneOf([{ name: 'sound:fire' }])));
    const { metadata } = scene.getTransformNodeByName('sound:fire')!;
    expect(metadata.gltf.extras.scenefoley).toMatchObject({ sound: 'fire', loop: true });
  });
});
