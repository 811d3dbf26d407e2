/**
 * Fire, rain, smoke: `a` emits particles from its begin to its end. It ends when the system stops, though the last
 * particles still fly; when it is disposed; and while the mesh that emits is disabled, which Babylon does not draw then.
 *
 * GPU systems tell of their end alone, and the emitter may be a point, a mesh, or another one later: the systems that are
 * wanted are asked once per rendered image, which costs three reads each.
 */
import type { Node } from '@babylonjs/core/node.js';
import type { IParticleSystem } from '@babylonjs/core/Particles/IParticleSystem.js';
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
  let pending = new Set<IParticleSystem>();
  let stopWatching: Unsubscribe | null = null;

  function topicOf(system: IParticleSystem) {
    const emitter = emitterOf(system);
    const a = emitter === null ? describeSystem(system) : describe(emitter);
    return { kind: 'particles', name: system.name, a, b: NOTHING } as const;
  }

  function track(system: IParticleSystem): void {
    const topic = topicOf(system);
    if (tracks.has(system) || !isWanted(topic)) return;
    const stopped = system.isStopping();
    const made: Track = { topic: lasting.has(topic) ? topic : null, stopped, release: () => {} };
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

  /** @param ends false: it goes on, and will be looked at again. */
  function drop(system: IParticleSystem, ends = true): void {
    const { topic = null, release } = tracks.get(system) ?? {};
    release?.();
    tracks.delete(system);
    if (ends && topic !== null) lasting.end({ ...topic, point: placeOf(system), impulse: 0 });
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

  function watchScene(): Unsubscribe {
    return all([
      observe(scene.onNewParticleSystemAddedObservable, (system) => void pending.add(system)),
      observe(scene.onParticleSystemRemovedObservable, (system) => drop(system)),
    ]);
  }

  return {
    watch(bindings) {
      isWanted = compileTopics(bindings);
      for (const system of [...tracks.keys()]) drop(system, false);
      if (bindings.length > 0) {
        stopWatching ??= watchScene();
        pending = new Set(scene.particleSystems);
        return;
      }
      stopWatching?.();
      stopWatching = null;
      pending.clear();
    },
    step() {
      for (const system of pending) track(system);
      pending.clear();
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
