/** A headless Babylon scene whose events are written down, and its observers counted. */
import type { Node } from '@babylonjs/core/node.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { EngineAdapter } from '../../../../plugin/adapter.ts';
import { createBabylonAdapter } from '../../../../plugin/engines/babylon.ts';
import type { SceneEvent } from '../../../../plugin/scene-event.ts';
import type { EventBinding } from '../../../../plugin/sound-definition.ts';
import { binding } from '../../events.ts';
import { createLog } from '../../fake-runtime.ts';
import { createAudioEngine, createScene, installFakePage } from '../../headless-babylon.ts';
import { offlineContext } from '../../web-audio.ts';

installFakePage();

export interface World {
  scene: Scene;
  adapter: EngineAdapter<Node>;
  events: SceneEvent[];
  warnings: string[];
  /** What was told since the last call: 'begin a', 'once pick a b', … */
  told(): string[];
  render(images?: number): void;
  watch(...bindings: Partial<EventBinding>[]): void;
}

export async function createWorld(...bindings: Partial<EventBinding>[]): Promise<World> {
  const scene = createScene();
  const audioEngine = await createAudioEngine(offlineContext(0.1));
  const logger = createLog();
  const adapter = await createBabylonAdapter(scene, { audioEngine, logger });
  const events: SceneEvent[] = [];
  let read = 0;
  adapter.onSceneEvent((event) => events.push(event));
  const watch = (...wanted: Partial<EventBinding>[]) => adapter.watch(wanted.map(binding));
  if (bindings.length > 0) watch(...bindings);
  return {
    scene,
    adapter,
    events,
    warnings: logger.warnings,
    told() {
      const fresh = events.slice(read).map(wordsOf);
      read = events.length;
      return fresh;
    },
    render(images = 1) {
      for (let i = 0; i < images; i++) scene.render();
    },
    watch,
  };
}

/** Babylon tells of new meshes, particle systems and animation groups in a task of its own. */
export function announced(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 2));
}

function wordsOf({ phase = 'once', name = '', a, b }: SceneEvent): string {
  return [phase, name, a.name, b.name].filter((word) => word !== '').join(' ');
}

interface Counted {
  observers: readonly unknown[];
  _numObserversMarkedAsDeleted: number;
}

/** Observers on scene and nodes, and actions on meshes. */
export function countObservers(scene: Scene): number {
  const roots: object[] = [scene, ...scene.getNodes(), ...scene.particleSystems];
  const all = [...roots, ...scene.animationGroups].flatMap(observablesOf);
  const observers = all.reduce(
    (sum, one) => sum + one.observers.length - one._numObserversMarkedAsDeleted,
    0,
  );
  return observers + scene.actionManagers.reduce((sum, { actions }) => sum + 1 + actions.length, 0);
}

const INNER = ['_nodeDataStorage', '_internalAbstractMeshDataInfo', '_meshCollisionData'];

function observablesOf(owner: object): Counted[] {
  return Object.entries(owner).flatMap(([key, value]) => {
    if (typeof value !== 'object' || value === null) return [];
    if ('_numObserversMarkedAsDeleted' in value) return [value as Counted];
    return INNER.includes(key) ? observablesOf(value) : [];
  });
}
