/**
 * The browser's own Web Audio as an engine: a PannerNode a place. For pages without a game engine, and to write
 * adapters for others.
 *
 *   voices ──▶ GainNode ──▶ PannerNode ──▶ destination          nodes are { x, y, z }, moved by you
 *
 * Coordinates are the Web Audio API's: right-handed, metres. Call `update()` once per rendered image: it moves the
 * emitters that are heard and have moved, and writes nothing else.
 */
import type { Seconds } from '../../runtime/contract.ts';
import {
  distanceGain,
  type Ear,
  type EmitterHandle,
  type EmitterParams,
  type EngineAdapter,
  withDefaults,
} from '../adapter.ts';
import type { Point, SceneEvent } from '../scene-event.ts';
import { createEar } from './ear.ts';
import { createEventHub } from './event-hub.ts';
import { unlockOnGesture } from './gesture.ts';
import { createPlainScene, type PlainScene } from './plain-scene.ts';

export interface WebAudioAdapter extends EngineAdapter<Point>, Pick<PlainScene, 'addNode'> {
  readonly context: BaseAudioContext;
  /** Your scene's events enter here. */
  emit(event: SceneEvent): void;
  /** Moves the ear. Unit vectors; forward defaults to −z, up to +y. */
  setListener(position: Point, forward?: Point, up?: Point): void;
  /** Moves what is heard to where its node is now, and takes the time of render frames. */
  update(): void;
  /** The node is gone, and its emitter with it. */
  removeNode(node: Point): void;
}

export interface WebAudioAdapterOptions {
  /** Yours, not closed by `dispose`; default a new AudioContext, closed. */
  context?: BaseAudioContext;
  /** Default the context's destination. */
  destination?: AudioNode;
}

/** Moves shorter than this, in metres, are not written. */
const MIN_MOVE = 1e-3;
/** A move takes this long, so that what sounds does not click. */
const MOVE_RAMP: Seconds = 0.01;

interface Place extends EmitterHandle {
  readonly node: Point | null;
  readonly audible: boolean;
  nodeGone(): void;
}

export function createWebAudioAdapter(options: WebAudioAdapterOptions = {}): WebAudioAdapter {
  const context = options.context ?? new AudioContext();
  const destination = options.destination ?? context.destination;
  const hub = createEventHub<SceneEvent>();
  const renderFrames = createEventHub<void>();
  const places = new Set<Place>();
  const scene = createPlainScene();
  let ear = createEar();
  const isRunning = () => context.state === 'running' || isOffline(context);
  const unlock = async () => {
    if (isResumable(context) && context.state !== 'running') await context.resume();
  };
  const stopUnlocking = unlockOnGesture(isRunning, unlock);
  let disposed = false;

  return {
    ...scene,
    context,
    get running() {
      return isRunning();
    },
    unlock,
    ear: () => ear,
    now: () => performance.now() / 1000,
    createEmitter(params) {
      const earAt = () => ear.position;
      const place: Place = createPlace(params, context, destination, earAt, () =>
        places.delete(place),
      );
      places.add(place);
      return place;
    },
    onSceneEvent: hub.subscribe,
    watch() {}, // your scene tells by emit
    onRenderFrame: renderFrames.subscribe,
    emit: hub.emit,
    setListener(position, forward, up) {
      ear = createEar(position, forward, up);
      moveListener(context.listener, ear);
    },
    update() {
      renderFrames.emit();
      for (const place of places) if (place.audible && place.node !== null) place.place();
    },
    removeNode(node) {
      scene.removeNode(node);
      for (const place of places) if (place.node === node) place.nodeGone();
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      stopUnlocking();
      hub.clear();
      renderFrames.clear();
      for (const place of places) place.dispose();
      if (options.context === undefined && isResumable(context)) void context.close();
    },
  };
}

function createPlace(
  params: EmitterParams<Point>,
  context: BaseAudioContext,
  destination: AudioNode,
  earAt: () => Point,
  onDispose: () => void,
): Place {
  const { node, attenuation, onNodeGone } = params;
  const input = context.createGain();
  const panner = createPanner(params, context);
  const at = { ...(node ?? { x: 0, y: 0, z: 0 }) };
  let audible = false;
  let thereAt: Seconds = 0; // when the ramp ends
  input.connect(panner).connect(destination);

  return {
    input,
    node,
    ready: Promise.resolve(),
    get audible() {
      return audible;
    },
    place(point) {
      const to = point ?? node ?? at;
      const now = context.currentTime;
      if (distance(to, at) >= MIN_MOVE) {
        Object.assign(at, { x: to.x, y: to.y, z: to.z });
        movePanner(panner, at, now);
        thereAt = now + MOVE_RAMP;
      }
      return Math.max(0, thereAt - now);
    },
    setAudible(value) {
      audible = value;
    },
    distanceGain: () => distanceGain(attenuation, distance(at, earAt())),
    nodeGone: () => onNodeGone?.(),
    dispose() {
      input.disconnect();
      panner.disconnect();
      onDispose();
    },
  };
}

function createPanner({ node, attenuation }: EmitterParams<Point>, context: BaseAudioContext) {
  const { model, refDistance, maxDistance, rolloff, panningModel } = withDefaults(attenuation);
  const panner = context.createPanner();
  panner.panningModel = panningModel;
  panner.distanceModel = model;
  panner.refDistance = refDistance;
  panner.maxDistance = maxDistance;
  panner.rolloffFactor = rolloff;
  if (node === null) return panner;
  panner.positionX.value = node.x;
  panner.positionY.value = node.y;
  panner.positionZ.value = node.z;
  return panner;
}

function movePanner(panner: PannerNode, to: Point, now: Seconds): void {
  rampTo(panner.positionX, to.x, now);
  rampTo(panner.positionY, to.y, now);
  rampTo(panner.positionZ, to.z, now);
}

function rampTo(param: AudioParam, value: number, now: Seconds): void {
  const from = param.value;
  param.cancelScheduledValues(0);
  param.setValueAtTime(from, now);
  param.linearRampToValueAtTime(value, now + MOVE_RAMP);
}

/** Firefox has no AudioParams on its listener. */
function moveListener(listener: AudioListener, { position: at, forward, up }: Ear): void {
  if (listener.positionX === undefined) {
    listener.setPosition(at.x, at.y, at.z);
    listener.setOrientation(forward.x, forward.y, forward.z, up.x, up.y, up.z);
    return;
  }
  const { positionX, positionY, positionZ, forwardX, forwardY, forwardZ, upX, upY, upZ } = listener;
  const params = [positionX, positionY, positionZ, forwardX, forwardY, forwardZ, upX, upY, upZ];
  const values = [at, forward, up].flatMap(({ x, y, z }) => [x, y, z]);
  params.forEach((param, i) => {
    const value = values[i] ?? 0;
    if (param.value !== value) param.value = value;
  });
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}

/** An offline context says 'suspended' until it renders, but what is started plays. */
function isOffline(context: BaseAudioContext): boolean {
  return typeof OfflineAudioContext !== 'undefined' && context instanceof OfflineAudioContext;
}

function isResumable(context: BaseAudioContext): context is AudioContext {
  return 'close' in context && context.state !== 'closed';
}
