/**
 * Babylon.js 9 and its AudioV2: a sound source a place, fed by our voices; what happens in its scene as events.
 *
 *   voices ──▶ GainNode ──▶ CreateSoundSourceAsync (panner, bus, Inspector) ──▶ main bus ──▶ ear on the active camera
 *
 * What AudioV2 does that we keep away from (9.34):
 *  - its distance model is 'linear' to 10 km: we always say inverse, 1 m, 30 m, or what you say;
 *  - it asks for an animation callback per spatial sound: ours have none, one observer moves what is heard and has moved;
 *  - it writes parameters again that did not change: we compare first;
 *  - it keeps sounds that were started while suspended: our voices do not start then;
 *  - its gesture is 'click' alone: we unlock on pointerup and keydown;
 *  - a disposed node leaves its sound playing: ours stops and goes;
 *  - it drops a listener move that comes within the ramp of the one before: we wait for the ramp to end.
 */

import type { AudioEngineV2 } from '@babylonjs/core/AudioV2/abstractAudio/audioEngineV2.js';
import { CreateAudioEngineAsync } from '@babylonjs/core/AudioV2/webAudio/webAudioEngine.js';
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Logger } from '../../runtime/client.ts';
import type { EngineAdapter } from '../adapter.ts';
import { fetchRuntime } from '../foley/foley-runtime.ts';
import { createFoleyWith, type Foley, type FoleyOptions } from '../foley.ts';
import { safeLogger } from '../safe-logger.ts';
import type { SceneEvent } from '../scene-event.ts';
import { type BabylonBus, createBus } from './babylon/buses.ts';
import { createEar, earOf } from './babylon/ear.ts';
import { createNodeIndex } from './babylon/node-index.ts';
import { boundsOf, isBlocked } from './babylon/obstacles.ts';
import { createPlace, type Place, positionOf, warnAboutHrtf } from './babylon/place.ts';
import { createSources } from './babylon/sources.ts';
import { createEventHub } from './event-hub.ts';
import { unlockOnGesture } from './gesture.ts';

export { markAnimation } from './babylon/animation-mark.ts';

export interface BabylonFoleyOptions extends FoleyOptions {
  /** Yours, not disposed with the foley; default one of our own. */
  audioEngine?: AudioEngineV2 | undefined;
}

/**
 * The sounds of a Babylon scene; disposed with it.
 * Loads no model: the first sound does, or `foley.runtime.load()`.
 * @throws RangeError for bad options; Error where there is no Web Audio; AbortError when the scene is disposed meanwhile.
 */
export async function createFoley(
  scene: Scene,
  options: BabylonFoleyOptions,
): Promise<Foley<Node>> {
  fetchRuntime(options);
  const adapter = await createBabylonAdapter(scene, options);
  return createFoleyWith(adapter, options).catch((error) => {
    adapter.dispose();
    throw error;
  });
}

export interface BabylonAdapterOptions {
  audioEngine?: AudioEngineV2 | undefined;
  logger?: Logger | undefined;
}

export async function createBabylonAdapter(
  scene: Scene,
  options: BabylonAdapterOptions = {},
): Promise<EngineAdapter<Node>> {
  const logger = safeLogger(options.logger);
  const engine = options.audioEngine ?? (await createAudioEngine());
  const context = contextOf(engine);
  const places = new Set<Place>();
  const hub = createEventHub<SceneEvent>();
  const renderFrames = createEventHub<void>();
  const isRunning = () => engine.state === 'running';
  const unlock = () => unlockEngine(engine, context);
  const stopUnlocking = unlockOnGesture(isRunning, unlock);
  const ear = createEar(scene, engine);
  const nodes = createNodeIndex(scene);
  const isHeard = () => hub.size > 0;
  const sources = createSources({ scene, nodes, logger, emit: hub.emit, isHeard });
  // A world in lockstep is looked at after each of its steps: the same steps tell the same events, however often it is drawn.
  const isLockstep = scene.getEngine().isDeterministicLockStep();
  const observer = scene.onBeforeRenderObservable.add(() => {
    ear.follow();
    for (const place of places) place.follow();
    if (!isLockstep) sources.step();
    renderFrames.emit();
  });
  const left = new AbortController();
  const sceneObserver = scene.onDisposeObservable.add(() => {
    sources.dispose();
    left.abort();
  });
  if (scene.isDisposed) left.abort(); // while its audio engine was made
  const engineObserver = engine.onDisposeObservable.addOnce(dispose);
  const stepObserver = isLockstep ? scene.onAfterStepObservable.add(sources.step) : null;
  let disposed = false;

  function dispose(): void {
    if (disposed) return;
    disposed = true;
    stopUnlocking();
    scene.onBeforeRenderObservable.remove(observer);
    scene.onAfterStepObservable.remove(stepObserver);
    scene.onDisposeObservable.remove(sceneObserver);
    engineObserver.remove();
    sources.dispose();
    hub.clear();
    renderFrames.clear();
    for (const place of places) place.dispose();
    ear.dispose();
    if (options.audioEngine === undefined) engine.dispose();
  }

  return {
    context,
    get running() {
      return isRunning();
    },
    unlock,
    now: () => performance.now() / 1000,
    createEmitter(params) {
      warnAboutHrtf(scene, params.attenuation, logger);
      const place: Place = createPlace(params, engine, context, () => places.delete(place));
      places.add(place);
      return place;
    },
    createBus: (name, parent) => createBus(name, parent as BabylonBus | null, engine),
    contents: nodes.contents,
    find: nodes.find,
    describe: nodes.describe,
    positionOf,
    boundsOf,
    isBlocked: (ear, place, node) => isBlocked(scene, ear, place, node),
    ear: () => earOf(scene, engine),
    onSceneEvent: hub.subscribe,
    watch: sources.watch,
    onRenderFrame: renderFrames.subscribe,
    left: left.signal,
    dispose,
  };
}

async function createAudioEngine(): Promise<AudioEngineV2> {
  try {
    return await CreateAudioEngineAsync({ disableDefaultUI: true, listenerAutoUpdate: false });
  } catch (cause) {
    throw new Error(
      'babylon: no audio engine could be made, is there an AudioContext? Pass options.audioEngine, or use the null adapter.',
      { cause },
    );
  }
}

/** Babylon keeps its context to itself; sources made for another context cannot be connected. */
function contextOf(engine: AudioEngineV2): BaseAudioContext {
  const { _audioContext: context } = engine as { _audioContext?: BaseAudioContext };
  if (context !== undefined) return context;
  throw new Error(
    'babylon: the audio engine has no Web Audio context. Make it with CreateAudioEngineAsync.',
  );
}

/** Babylon hands out an old pending promise again, so a resume asked for too early would swallow the gesture's: ask the context too. */
async function unlockEngine(engine: AudioEngineV2, context: BaseAudioContext): Promise<void> {
  if (engine.state === 'running' || context.state === 'closed') return;
  if ('resume' in context) await (context as AudioContext).resume();
  await engine.unlockAsync();
}
