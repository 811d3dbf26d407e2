/** A foley in a headless Babylon scene, anew for each test, with fake sounds that are heard offline. */
import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { afterEach, beforeEach, vi } from 'vitest';
import { createFoley } from '../../../../plugin/engines/babylon.ts';
import type { Foley, FoleyOptions } from '../../../../plugin/foley.ts';
import { createFakeRuntime, sine } from '../../fake-runtime.ts';
import { createAudioEngine, createScene, installFakePage } from '../../headless-babylon.ts';
import { offlineContext } from '../../web-audio.ts';

export const page = installFakePage();

export interface FoleyScene {
  readonly scene: Scene;
  nodeAt(x: number, y: number, z: number): TransformNode;
  offline(pcm?: () => Float32Array, options?: Partial<FoleyOptions>): Promise<Heard>;
}

export interface Heard {
  context: OfflineAudioContext;
  audioEngine: AudioEngineV2;
  foley: Foley<Node>;
}

/** Call it once in a test file. */
export function useFoleyScene(): FoleyScene {
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

  return {
    get scene() {
      return scene;
    },
    nodeAt(x, y, z) {
      const node = new TransformNode('node', scene);
      node.position.set(x, y, z);
      return node;
    },
    async offline(pcm = () => sine(440, 0.5), options = {}) {
      const context = offlineContext(1);
      const audioEngine = await createAudioEngine(context);
      const runtime = createFakeRuntime({ pcm });
      const foley = await createFoley(scene, { model: '/m/', runtime, audioEngine, ...options });
      return { context, audioEngine, foley };
    },
  };
}
