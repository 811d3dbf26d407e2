/**
 * An engine without sound: servers, command lines, tests. Events, prompts, takes and rules work as ever; voices last as
 * long as they would.
 */
import type { EmitterHandle, EngineAdapter } from '../adapter.ts';
import type { Point, SceneEvent } from '../scene-event.ts';
import { createEar } from './ear.ts';
import { createEventHub } from './event-hub.ts';
import { createPlainScene, type PlainScene } from './plain-scene.ts';

export interface NullAdapter
  extends EngineAdapter<Point>,
    Pick<PlainScene, 'addNode' | 'removeNode'> {
  /** Your scene's events enter here. */
  emit(event: SceneEvent): void;
}

export interface NullAdapterOptions {
  /** Seconds; default the time since the process began. */
  now?: () => number;
}

/** Nodes are points; the listener is at the origin. */
export function createNullAdapter(options: NullAdapterOptions = {}): NullAdapter {
  const { now = () => performance.now() / 1000 } = options;
  const hub = createEventHub<SceneEvent>();
  return {
    ...createPlainScene(),
    context: null,
    running: true,
    unlock: async () => {},
    now,
    createEmitter: ({ node }) => createPlace(node),
    createBus: () => ({ ready: Promise.resolve(), setVolume() {}, route() {}, dispose() {} }),
    ear: () => createEar(),
    onSceneEvent: hub.subscribe,
    watch() {}, // your scene tells by emit
    onRenderFrame: () => () => {},
    emit: hub.emit,
    dispose: hub.clear,
  };
}

function createPlace(node: Point | null): EmitterHandle {
  const position = { x: 0, y: 0, z: 0, ...node };
  return {
    input: null,
    ready: Promise.resolve(),
    position,
    place(point = node ?? position) {
      Object.assign(position, { x: point.x, y: point.y, z: point.z });
      return 0;
    },
    setAudible() {},
    dispose() {},
  };
}
