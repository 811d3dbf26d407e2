/**
 * Babylon in Node: NullEngine renders nothing, AudioV2 runs on node-web-audio-api. What it wants of a page is a document
 * that takes listeners and an animation callback; both are counted here.
 */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { NullEngine } from '@babylonjs/core/Engines/nullEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import { installWebAudio } from './web-audio.ts';

type Listener = (event: { type: string }) => void;

export interface FakePage {
  /** Requests for an animation callback so far; none is ever answered. */
  animationRequests: number;
  /** Listeners on the document, by event type. */
  readonly listeners: Map<string, Set<Listener>>;
  dispatch(type: string): void;
}

/** Puts a document and requestAnimationFrame where AudioV2 looks for them. Call before anything is made. */
export function installFakePage(): FakePage {
  installWebAudio();
  const listeners = new Map<string, Set<Listener>>();
  const of = (type: string) => {
    const known = listeners.get(type) ?? new Set();
    listeners.set(type, known);
    return known;
  };
  const page: FakePage = {
    animationRequests: 0,
    listeners,
    dispatch: (type) => {
      for (const listener of [...of(type)]) listener({ type });
    },
  };
  const document = {
    addEventListener: (type: string, listener: Listener) => void of(type).add(listener),
    removeEventListener: (type: string, listener: Listener) => void of(type).delete(listener),
    createElement: () => ({ play: async () => {}, pause: () => {}, remove: () => {} }),
  };
  const requestAnimationFrame = () => {
    page.animationRequests += 1;
    return page.animationRequests;
  };
  Object.assign(globalThis, { document, requestAnimationFrame });
  return page;
}

/** A scene with a camera at the origin that looks along +z, Babylon's left-handed default. */
export function createScene(): Scene {
  const scene = new Scene(new NullEngine());
  const camera = new FreeCamera('camera', Vector3.Zero(), scene);
  camera.setTarget(new Vector3(0, 0, 1));
  scene.render();
  return scene;
}

/** Imported late: the module reads OfflineAudioContext when an engine is made. */
export async function createAudioEngine(context: BaseAudioContext): Promise<AudioEngineV2> {
  const { CreateAudioEngineAsync } = await import(
    '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js'
  );
  const audioContext = context as AudioContext;
  return CreateAudioEngineAsync({
    audioContext,
    disableDefaultUI: true,
    listenerAutoUpdate: false,
  });
}
