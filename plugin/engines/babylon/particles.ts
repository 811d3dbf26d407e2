/**
 * Fire, rain, smoke: `a` emits particles from its begin to its end. It ends when the system stops, though the last
 * particles still fly; when it is disposed; and while the mesh that emits is disabled, which Babylon does not draw then.
 *
 * Babylon 9.34 tells neither of new systems (onNewParticleSystemAddedObservable is for asset containers) nor of the start
 * of those on the GPU. So the scene's list is compared once per rendered image, and the systems that are wanted are asked,
 * which costs three reads each.
 */
import type { Node } from '@babylonjs/core/node.js';
import type { IParticleSystem } from '@babylonjs/core/Particles/IParticleSystem.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Unsubscribe } from '../../adapter.ts';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { NOTHING, type Point, type SceneObject } from '../../scene-event.ts';
import { positionOf } from './place.ts';
import { all, observe, pointOf, type Source, type SourceContext, untilDisposed } from './source.ts';

interface Track {
  /** Kept from its begin: the emitter may be another one at its end. */
  topic: (Topic & { kind: 'particles' }) | null;
  /** CPU systems do not say whether they were stopped; they tell. */
  stopped: boolean;
  release: Unsubscribe;
}

export function createParticles({ scene, lasting, describe }: SourceContext): Source {
  const tracks = new Map<IParticleSystem, Track>();
  let isWanted: (topic: Topic) => boolean = () => false;
  let looked = new WeakSet<IParticleSystem>();
  let newest: IParticleSystem | undefined;
  let known = 0;
  let stopWatching: Unsubscribe = () => {};

  function topicOf(system: IParticleSystem) {
    const emitter = emitterOf(system);
    const a = emitter === null ? describeSystem(system) : describe(emitter);
    return { kind: 'particles', name: system.name, a, b: NOTHING } as const;
  }

  function track(system: IParticleSystem): void {
    if (tracks.has(system) || !isWanted(topicOf(system))) return;
    const made: Track = { topic: null, stopped: system.isStopping(), release: () => {} };
    made.release = all([
      observe(system.onStartedObservable, () => {
        made.stopped = false;
      }),
      observe(system.onStoppedObservable, () => {
        made.stopped = true;
      }),
      observe(system.onDisposeObservable, () => drop(system)),
    ]);
    tracks.set(system, made);
  }

  function drop(system: IParticleSystem): void {
    const { topic = null, release } = tracks.get(system) ?? {};
    release?.();
    tracks.delete(system);
    if (topic !== null) lasting.end({ ...topic, point: placeOf(system), impulse: 0 });
  }

  function follow(system: IParticleSystem, made: Track): void {
    const emits = isEmitting(system, made.stopped);
    if (emits === (made.topic !== null)) return;
    const topic = made.topic ?? topicOf(system);
    const event = { ...topic, point: placeOf(system), impulse: 0 };
    made.topic = emits ? topic : null;
    const emitter = emitterOf(system);
    if (!emits) lasting.end(event);
    else lasting.begin(event, emitter === null ? undefined : untilDisposed(emitter));
  }

  function lookAtNew({ particleSystems: systems }: Scene): void {
    if (systems.length === known && systems.at(-1) === newest) return;
    known = systems.length;
    newest = systems.at(-1);
    for (const system of systems) {
      if (!looked.has(system)) track(system);
      looked.add(system);
    }
  }

  return {
    watch(bindings) {
      isWanted = compileTopics(bindings);
      for (const system of [...tracks.keys()]) if (!isWanted(topicOf(system))) drop(system);
      looked = new WeakSet();
      known = 0;
      stopWatching();
      if (bindings.length === 0) return;
      stopWatching = observe(scene.onParticleSystemRemovedObservable, (system) => {
        looked.delete(system);
        drop(system);
      });
    },
    step() {
      lookAtNew(scene);
      for (const [system, made] of tracks) follow(system, made);
    },
  };
}

function isEmitting(system: IParticleSystem, stopped: boolean): boolean {
  if (!system.isStarted() || stopped || ('isStopped' in system && isStopped(system))) return false;
  return emitterOf(system)?.isEnabled() ?? true;
}

function isStopped(system: object): boolean {
  return (system as { isStopped(): boolean }).isStopped();
}

function emitterOf({ emitter }: IParticleSystem): Node | null {
  return emitter !== null && 'getWorldMatrix' in emitter ? (emitter as Node) : null;
}

function placeOf(system: IParticleSystem): Point {
  const node = emitterOf(system);
  const point = node === null ? (system.emitter as Point | null) : positionOf(node);
  return pointOf(point ?? { x: 0, y: 0, z: 0 });
}

/** Of a system that hangs on no node: its own name, and an id that no node has. */
function describeSystem({ name, uniqueId }: IParticleSystem): SceneObject {
  return { id: `particles ${uniqueId}`, name, material: '', tags: [] };
}
