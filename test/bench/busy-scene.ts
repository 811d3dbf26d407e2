/**
 * A busy scene: 200 emitters, half of them on the move, a fifth of them loops, and 50 events a second.
 *
 *   medianMs, p95Ms   of our work on the main thread for one rendered image: what we do before it, and in the events since
 *                     the one before; goal 1 ms in the median
 *   played, missed    sounds
 *   start, first,     what there is before, after the first tenth, at the end, and when all is disposed: voices, nodes of the
 *   last, end         audio graph that are connected, observers of the scene and of its nodes
 *
 * Wall clock, in the page: its resolution there is a tenth of a millisecond.
 */
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import type { AbstractEngine } from '@babylonjs/core/Engines/abstractEngine.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Observable } from '@babylonjs/core/Misc/observable.js';
import { Tags } from '@babylonjs/core/Misc/tags.js';
import type { Node } from '@babylonjs/core/node.js';
import { Scene } from '@babylonjs/core/scene.js';
import { createFoley } from '../../plugin/engines/babylon.ts';
import type { Foley, FoleyOptions } from '../../plugin/foley.ts';
import { median, percentile } from './measure.ts';

export interface BusyFigures {
  medianMs: number;
  p95Ms: number;
  images: number;
  played: number;
  missed: number;
  start: Counts;
  first: Counts;
  last: Counts;
  end: Counts;
}

export interface Counts {
  voices: number;
  audioNodes: number;
  observers: number;
}

export interface BusyOptions {
  engine: AbstractEngine;
  foley: FoleyOptions;
  seconds: number;
}

const EMITTERS = 200;
const EVENTS_PER_SECOND = 50;
const MATERIALS = ['wood', 'metal', 'stone'];
const SOUNDS = {
  sounds: {
    impact: {
      prompt: 'hard impact of a {material} crate on stone',
      slots: { material: MATERIALS },
      duration: 0.5,
      variations: 2,
      cooldown: 0,
      voices: 32,
      caption: 'impact',
      on: { event: 'impact' },
    },
    hum: {
      prompt: 'steady hum of a machine',
      duration: 2,
      loop: true,
      variations: 1,
      voices: 40,
      attenuation: { maxDistance: 15 },
      on: { node: 'present', a: { tag: 'hums' } },
    },
  },
} as const;

export async function measureBusyScene(options: BusyOptions): Promise<BusyFigures> {
  const { engine, seconds } = options;
  const audio = watchAudioNodes();
  const scene = new Scene(engine);
  new FreeCamera('camera', Vector3.Zero(), scene);
  const nodes = Array.from({ length: EMITTERS }, (_, i) => createEmitterNode(scene, i));
  const count = (foley?: Foley<Node>): Counts => ({
    voices: foley?.inspect().voices.playing ?? 0,
    audioNodes: audio.connected(),
    observers: observersOf([scene, ...nodes]),
  });
  const start = count();
  const clock = createClock();
  const untimed = timeObservers(scene, clock);
  const foley = await createFoley(scene, { ...options.foley, sounds: SOUNDS });
  const heard = { played: 0, missed: 0 };
  foley.onEvent(({ kind }) => {
    if (kind === 'played' || kind === 'missed') heard[kind] += 1;
  });
  await foley.unlock();
  engine.runRenderLoop(() => scene.render());
  await foley.ready();

  clock.images.length = 0;
  await play({ foley, scene, nodes, clock, seconds: seconds / 10 });
  const first = count(foley);
  await play({ foley, scene, nodes, clock, seconds: (9 * seconds) / 10 });
  const last = count(foley);
  const images = clock.images.slice();

  untimed();
  await foley.dispose();
  engine.stopRenderLoop();
  await wait(0.05); // Babylon lets observers go in the next task
  const end = count();
  scene.dispose();
  audio.restore();
  const [medianMs, p95Ms] = [median(images), percentile(images, 0.95)];
  return { medianMs, p95Ms, images: images.length, ...heard, start, first, last, end };
}

/** Every other one moves, every fifth one hums. */
function createEmitterNode(scene: Scene, i: number): TransformNode {
  const node = new TransformNode(`emitter ${i}`, scene);
  node.position.set((i % 20) - 10, 0, Math.floor(i / 20) - 5);
  node.metadata = { material: MATERIALS[i % MATERIALS.length] };
  if (i % 5 === 0) Tags.AddTagsTo(node, 'hums');
  return node;
}

interface Play {
  foley: Foley<Node>;
  scene: Scene;
  nodes: TransformNode[];
  clock: Clock;
  seconds: number;
}

/** Moves and events for some seconds. */
async function play({ foley, scene, nodes, clock, seconds }: Play): Promise<void> {
  const startedAt = performance.now();
  let told = 0;
  const observer = scene.onAfterRenderObservable.add(() => {
    const elapsed = (performance.now() - startedAt) / 1000;
    for (let i = 0; i < EMITTERS; i += 2) nodes[i]!.position.y = Math.sin(elapsed + i);
    for (; told < elapsed * EVENTS_PER_SECOND; told++) {
      const node = nodes[(told * 7) % EMITTERS]!;
      const data = { material: MATERIALS[told % MATERIALS.length]! };
      clock.time(() => foley.trigger('impact', data, node));
    }
  });
  await wait(seconds);
  scene.onAfterRenderObservable.remove(observer);
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
}

interface Clock {
  /** Milliseconds of our work, for each rendered image. */
  images: number[];
  time(work: () => void): void;
  nextImage(): void;
}

function createClock(): Clock {
  const images: number[] = [];
  let sum = 0;
  return {
    images,
    time(work) {
      const from = performance.now();
      work();
      sum += performance.now() - from;
    },
    nextImage() {
      images.push(sum);
      sum = 0;
    },
  };
}

/** What is added to the scene from now on is timed. @returns lets it be. */
function timeObservers(scene: Scene, clock: Clock): () => void {
  const observable = scene.onBeforeRenderObservable;
  const { add } = observable;
  observable.add = ((callback, ...rest) =>
    add.call(
      observable,
      (...args) => clock.time(() => callback?.(...args)),
      ...rest,
    )) as typeof add;
  const observer = scene.onAfterRenderObservable.add(clock.nextImage);
  return () => {
    observable.add = add;
    scene.onAfterRenderObservable.remove(observer);
  };
}

function observersOf(owners: readonly object[]): number {
  const observables = owners.flatMap((owner) => Object.values(owner).filter(isObservable));
  return observables.reduce((sum, { observers }) => sum + observers.length, 0);
}

function isObservable(value: unknown): value is Observable<unknown> {
  return Array.isArray((value as Partial<Observable<unknown>> | null | undefined)?.observers);
}

/** Nodes whose output goes somewhere. */
function watchAudioNodes(): { connected(): number; restore(): void } {
  const { connect, disconnect } = AudioNode.prototype;
  const targets = new Map<AudioNode, Set<unknown>>();
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    targets.set(this, (targets.get(this) ?? new Set()).add(args[0]));
    return (connect as (...all: unknown[]) => unknown).apply(this, args);
  } as AudioNode['connect'];
  AudioNode.prototype.disconnect = function (this: AudioNode, ...args: unknown[]) {
    const left = targets.get(this);
    if (args.length > 0) left?.delete(args[0]);
    if (args.length === 0 || left?.size === 0) targets.delete(this);
    return (disconnect as (...all: unknown[]) => unknown).apply(this, args);
  } as AudioNode['disconnect'];
  return {
    connected: () => targets.size,
    restore: () => void Object.assign(AudioNode.prototype, { connect, disconnect }),
  };
}
