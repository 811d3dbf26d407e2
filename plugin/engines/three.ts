/**
 * three.js: a PannerNode a place, fed by an Object3D's place in the world; the ear on your camera, or on your AudioListener.
 *
 *   voices ──▶ GainNode ──▶ PannerNode ──▶ GainNode (bus) ──▶ AudioListener, or the context's destination
 *
 * Not three's PositionalAudio: it writes all six of its parameters in every rendered image, moved or not, and always leads to its
 * listener, past our buses. Call `update()` once per rendered image, and hand over what physics and animations tell:
 *
 *   world.step(queue); queue.drainCollisionEvents(…) ──▶ adapter.contact({ a, b, point, impulse })     Rapier, cannon, …
 *   mixer.clipAction(clip) ──▶ adapter.watchAction(action)
 */
import {
  type AnimationAction,
  type Object3D,
  Quaternion,
  AudioContext as ThreeAudioContext,
  type AudioListener as ThreeListener,
  Vector3,
} from 'three';
import type { Ear, EmitterParams, EngineAdapter, Unsubscribe } from '../adapter.ts';
import { createFoleyWith, type Foley, type FoleyOptions } from '../foley.ts';
import { NOTHING, type Point, type SceneEvent } from '../scene-event.ts';
import { isRunning, resume } from './context-state.ts';
import { createEventHub } from './event-hub.ts';
import { createGainBuses } from './gain-buses.ts';
import { unlockOnGesture } from './gesture.ts';
import { createListener } from './listener.ts';
import { createPannerPlace, type PannerPlace, type Pose } from './panner-place.ts';
import { createAnimations } from './three/animations.ts';
import { boundsOf, contentsOf, describe, isIn, positionOf } from './three/describe.ts';
import { isBlocked } from './three/obstacles.ts';

export interface ThreeAdapterOptions {
  /** Where the ear is; moved by you. */
  camera: Object3D;
  /** Yours: then the ear is where that is, and what is heard goes through its volume and filter. */
  listener?: ThreeListener | undefined;
  /** Default your listener's, else the one that three.js uses; never closed by `dispose`. */
  context?: BaseAudioContext | undefined;
}

export interface ThreeFoleyOptions extends FoleyOptions, ThreeAdapterOptions {}

/** Two things that met, as a physics engine tells it. */
export interface ThreeContact {
  a: Object3D;
  /** Default: nothing in particular. */
  b?: Object3D | undefined;
  /** In the world; default where a is. */
  point?: Point | undefined;
  /** Newton seconds: mass times the change of speed. */
  impulse: number;
}

export interface ThreeAdapter extends EngineAdapter<Object3D> {
  readonly context: BaseAudioContext;
  /** Once per rendered image: moves what is heard, and the ear; an object that has left the scene takes its emitter along. */
  update(): void;
  /** Events of yours. */
  emit(event: SceneEvent): void;
  /** Once for each hit, when it begins. */
  contact(contact: ThreeContact): void;
  /** Tells when it begins, loops and ends: kind 'animationGroup', named as its clip. */
  watchAction(action: AnimationAction): Unsubscribe;
}

export interface ThreeFoley extends Foley<Object3D> {
  readonly adapter: ThreeAdapter;
}

/**
 * The sounds of a three.js scene. Loads no model: the first sound does, or `foley.runtime.load()`.
 * @throws RangeError for bad options; Error where there is no Web Audio.
 */
export async function createFoley(
  scene: Object3D,
  options: ThreeFoleyOptions,
): Promise<ThreeFoley> {
  const adapter = createThreeAdapter(scene, options);
  const foley = await createFoleyWith(adapter, options).catch((error) => {
    adapter.dispose();
    throw error;
  });
  return Object.assign(foley, { adapter });
}

interface Place extends PannerPlace {
  readonly params: EmitterParams<Object3D>;
}

export function createThreeAdapter(scene: Object3D, options: ThreeAdapterOptions): ThreeAdapter {
  const { camera, listener } = options;
  const context = options.context ?? listener?.context ?? threeContext();
  const buses = createGainBuses(context, listener?.getInput() ?? context.destination);
  const moveListener = listener === undefined ? createListener(context) : () => {};
  const hub = createEventHub<SceneEvent>();
  const renderFrames = createEventHub<void>();
  const animations = createAnimations(hub.emit);
  const places = new Set<Place>();
  const ear = () => earOf(listener ?? camera);
  const unlock = () => resume(context);
  const stopUnlocking = unlockOnGesture(() => isRunning(context), unlock);
  moveListener(ear());

  function createEmitter(params: EmitterParams<Object3D>): Place {
    const { node, attenuation, bus } = params;
    const pose = node === null ? null : poseOf(node);
    const onDispose = () => places.delete(place);
    const output = buses.inputOf(bus);
    const parts = { context, output, attenuation, pose, onDispose };
    const place: Place = Object.assign(createPannerPlace(parts), { params });
    places.add(place);
    return place;
  }

  function followScene(): void {
    for (const place of [...places]) {
      const { node, onNodeGone } = place.params;
      if (node !== null && !isIn(scene, node)) onNodeGone?.();
      else place.follow();
    }
  }

  return {
    context,
    get running() {
      return isRunning(context);
    },
    unlock,
    now: () => performance.now() / 1000,
    createEmitter,
    createBus: buses.createBus,
    onSceneEvent: hub.subscribe,
    watch() {}, // nothing is observed: events are handed in
    contents: () => contentsOf(scene),
    find: (id) => scene.getObjectById(Number(id)) ?? null,
    describe,
    positionOf,
    boundsOf,
    isBlocked: (from, to, node) => isBlocked(scene, from, to, node),
    ear,
    onRenderFrame: renderFrames.subscribe,
    update() {
      moveListener(ear());
      followScene();
      animations.update();
      renderFrames.emit();
    },
    emit: hub.emit,
    contact({ a, b, point = positionOf(a), impulse }) {
      const { x, y, z } = point;
      const other = b === undefined ? NOTHING : describe(b);
      hub.emit({ kind: 'collision', a: describe(a), b: other, point: { x, y, z }, impulse });
    },
    watchAction: animations.watch,
    dispose() {
      stopUnlocking();
      animations.dispose();
      hub.clear();
      renderFrames.clear();
      for (const place of places) place.dispose();
    },
  };
}

function earOf(node: Object3D): Ear {
  const rotation = node.getWorldQuaternion(new Quaternion());
  return {
    position: positionOf(node),
    forward: new Vector3(0, 0, -1).applyQuaternion(rotation),
    up: new Vector3(0, 1, 0).applyQuaternion(rotation),
    right: new Vector3(1, 0, 0).applyQuaternion(rotation),
  };
}

/** The front of a thing is +z, as in glTF; only a camera looks along −z. */
function poseOf(node: Object3D): Pose {
  return {
    position: () => positionOf(node),
    forward: () => new Vector3(0, 0, 1).applyQuaternion(node.getWorldQuaternion(new Quaternion())),
  };
}

/** The types of three.js call a class of its own what is the browser's. */
function threeContext(): BaseAudioContext {
  return ThreeAudioContext.getContext() as unknown as BaseAudioContext;
}
