/**
 * The browser's own Web Audio as an engine: a PannerNode a place, a GainNode a bus. For pages without a game engine, and to write
 * adapters for others.
 *
 *   voices ──▶ GainNode ──▶ PannerNode ──▶ GainNode (bus) ──▶ destination     nodes are { x, y, z }, moved by you
 *
 * Coordinates are the Web Audio API's: right-handed, metres. Call `update()` once per rendered image: it moves the
 * emitters that are heard and have moved, and writes nothing else.
 */
import type { EmitterParams, EngineAdapter } from '../adapter.ts';
import type { Point, SceneEvent } from '../scene-event.ts';
import { isResumable, isRunning, resume } from './context-state.ts';
import { createEar } from './ear.ts';
import { createEventHub } from './event-hub.ts';
import { createGainBuses } from './gain-buses.ts';
import { unlockOnGesture } from './gesture.ts';
import { createListener } from './listener.ts';
import { createPannerPlace, type PannerPlace, type Pose } from './panner-place.ts';
import { createPlainScene, type PlainNode, type PlainScene } from './plain-scene.ts';

export interface WebAudioAdapter extends EngineAdapter<PlainNode>, Pick<PlainScene, 'addNode'> {
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
  /** Whether something solid is between two points; default: nothing is. */
  isBlocked?: (ear: Point, place: Point, node: Point | null) => boolean;
}

interface Place extends PannerPlace {
  readonly params: EmitterParams<PlainNode>;
}

/** Where a node looks that does not say so: its front, as glTF has it. */
const FORWARD: Point = { x: 0, y: 0, z: 1 };

export function createWebAudioAdapter(options: WebAudioAdapterOptions = {}): WebAudioAdapter {
  const context = options.context ?? new AudioContext();
  const destination = options.destination ?? context.destination;
  const hub = createEventHub<SceneEvent>();
  const renderFrames = createEventHub<void>();
  const places = new Set<Place>();
  const buses = createGainBuses(context, destination);
  const moveListener = createListener(context);
  const scene = createPlainScene();
  let ear = createEar();
  const unlock = () => resume(context);
  const stopUnlocking = unlockOnGesture(() => isRunning(context), unlock);
  let disposed = false;

  return {
    ...scene,
    context,
    get running() {
      return isRunning(context);
    },
    unlock,
    ear: () => ear,
    now: () => performance.now() / 1000,
    createEmitter(params) {
      const { node, attenuation, bus } = params;
      const pose = node === null ? null : poseOf(node);
      const output = buses.inputOf(bus);
      const onDispose = () => places.delete(place);
      const parts = { context, output, attenuation, pose, onDispose };
      const place: Place = Object.assign(createPannerPlace(parts), { params });
      places.add(place);
      return place;
    },
    createBus: buses.createBus,
    ...(options.isBlocked && { isBlocked: options.isBlocked }),
    onSceneEvent: hub.subscribe,
    watch() {}, // your scene tells by emit
    onRenderFrame: renderFrames.subscribe,
    emit: hub.emit,
    setListener(position, forward, up) {
      ear = createEar(position, forward, up);
      moveListener(ear);
    },
    update() {
      for (const place of places) place.follow();
      renderFrames.emit();
    },
    removeNode(node) {
      scene.removeNode(node);
      for (const { params } of places) if (params.node === node) params.onNodeGone?.();
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

function poseOf(node: PlainNode): Pose {
  return { position: () => node, forward: () => node.forward ?? FORWARD };
}
