/**
 * A snapshot for panels: plain data, made when it is asked for.
 *
 *   emitters   nodes that can sound (prefetch plan), places that do (loops, last voices), emitters of the game's own
 *   queue      what is being made, or waits to be
 */

import type { SoundRequestInput } from '../../runtime/contract.ts';
import type { EngineAdapter } from '../adapter.ts';
import type { HeardVoice } from '../captions/caption-feed.ts';
import type { Director } from '../director.ts';
import type { Emitters } from '../emitter/emitters.ts';
import type { WatchedEmitter } from '../emitter.ts';
import { createLruMap } from '../lru-map.ts';
import type { Prefetcher, PrefetchProgress } from '../prefetch.ts';
import type { Point } from '../scene-event.ts';
import type { TakeLibrary } from '../takes.ts';
import type { Voices } from '../voices.ts';

export interface FoleySnapshot {
  emitters: EmitterSnapshot[];
  voices: { playing: number; virtual: number; stolen: number };
  queue: QueueSnapshot[];
  /** Of takes that are ready to play. */
  cache: { hits: number; misses: number; takes: number; bytes: number };
  /** Of what is made ahead. */
  prefetch: PrefetchProgress;
}

/** 'fallback': another sound plays in its place. 'silent': it lasts, and cannot be heard. */
export type EmitterState = 'ready' | 'queued' | 'generating' | 'fallback' | 'silent' | 'playing';

export interface EmitterSnapshot {
  /** Of its node; '' where it has none. */
  id: string;
  name: string;
  /** Name of the sound; '' for an emitter of the game's own, which is ready while nothing is asked of it. */
  sound: string;
  point: Point;
  /** Of the node, metres. */
  radius: number;
  state: EmitterState;
}

export interface QueueSnapshot {
  prompt: string;
  seed: number;
  sound: string;
  state: 'queued' | 'generating';
  priority: number;
  /** 0 to 1; null while it is not known. */
  progress: number | null;
}

export interface InspectorParts<N> {
  adapter: Pick<EngineAdapter<N>, 'describe' | 'positionOf'>;
  emitters: Emitters<N>;
  director: Director;
  prefetcher: Prefetcher;
  takes: TakeLibrary;
  voices: Voices;
}

export interface Inspector {
  inspect(): FoleySnapshot;
  onHeard(heard: HeardVoice): void;
}

const MAX_EMITTERS = 256;

export function createInspector<N>({
  director,
  prefetcher,
  takes,
  voices,
  ...parts
}: InspectorParts<N>): Inspector {
  const heard = createLruMap<string, HeardVoice>(MAX_EMITTERS);

  function emitters(): EmitterSnapshot[] {
    const found = new Map<string, EmitterSnapshot>();
    for (const { sound, prompt, nodes } of prefetcher.plan) {
      for (const { object, point, radius } of nodes) {
        const { name } = sound.definition;
        const key = keyOf(object.id, name);
        const state = worse(found.get(key)?.state, promptState(name, prompt));
        found.set(key, {
          id: object.id,
          name: object.name,
          sound: name,
          point: copy(point),
          radius,
          state,
        });
        if (found.size >= MAX_EMITTERS) break;
      }
    }
    for (const one of heard.values()) if (one.voice.playing) add(found, one);
    for (const loop of director.loops.running) {
      const { a } = loop.event;
      const key = keyOf(a.id, loop.sound.name);
      const state = loop.playing
        ? playingState(loop.rung)
        : (makingState(loop.sound.name, loop.prompt) ?? 'silent');
      const point = copy(loop.event.point);
      const fresh = { id: a.id, name: a.name, sound: loop.sound.name, point, radius: 0 };
      found.set(key, { ...(found.get(key) ?? fresh), state });
    }
    return [...found.values(), ...ownEmitters()].slice(0, MAX_EMITTERS);
  }

  function* ownEmitters(): Iterable<EmitterSnapshot> {
    for (const [node, emitter] of parts.emitters.all) {
      const { id, name } = parts.adapter.describe(node);
      const point = copy(parts.adapter.positionOf(node));
      yield { id, name, sound: '', point, radius: 0, state: stateOf(emitter) };
    }
  }

  function stateOf({ playing, waiting }: WatchedEmitter): EmitterState {
    return playing ? 'playing' : (stateOfRequests([...waiting]) ?? 'ready');
  }

  function add(found: Map<string, EmitterSnapshot>, { asked, event, rung }: HeardVoice): void {
    const { id, name } = event.a;
    const fresh = { id, name, sound: asked.name, point: copy(event.point), radius: 0 };
    const key = keyOf(id, asked.name);
    found.set(key, { ...(found.get(key) ?? fresh), state: playingState(rung) });
  }

  function promptState(sound: string, prompt: string): EmitterState {
    const [request] = director.sounds.named(sound)?.pools.get(prompt)?.requests ?? [];
    if (request !== undefined && (takes.has(request) || takes.isBaked(request))) return 'ready';
    return makingState(sound, prompt) ?? 'queued';
  }

  function makingState(sound: string, prompt: string): 'queued' | 'generating' | null {
    return stateOfRequests(director.sounds.named(sound)?.pools.get(prompt)?.requests ?? []);
  }

  function stateOfRequests(requests: readonly SoundRequestInput[]): 'queued' | 'generating' | null {
    const making = requests.map((request) => takes.making(request));
    if (making.some((one) => one !== null && one.progress !== null)) return 'generating';
    return making.some((one) => one !== null) ? 'queued' : null;
  }

  function queue(): QueueSnapshot[] {
    return [...director.pending, ...prefetcher.pending].map(({ request, sound }) => {
      const { prompt, seed, priority } = request;
      const progress = takes.making(request)?.progress ?? null;
      return {
        prompt,
        seed,
        sound,
        state: progress === null ? 'queued' : 'generating',
        priority,
        progress,
      };
    });
  }

  return {
    inspect() {
      takes.watchProgress();
      const { stolen, virtual, sounding } = voices;
      const { done, total } = prefetcher.progress;
      return {
        emitters: emitters(),
        voices: { playing: sounding - virtual, virtual, stolen },
        queue: queue(),
        cache: takes.counts,
        prefetch: { done, total },
      };
    },
    onHeard: (one) => heard.set(keyOf(one.event.a.id, one.asked.name), one),
  };
}

function keyOf(id: string, sound: string): string {
  return JSON.stringify([id, sound]);
}

function copy({ x, y, z }: Point): Point {
  return { x, y, z };
}

function playingState(rung: HeardVoice['rung'] | null): EmitterState {
  return rung === 'fallback' ? 'fallback' : 'playing';
}

/** An emitter is ready when all its prompts are. */
function worse(a: EmitterState | undefined, b: EmitterState): EmitterState {
  const order: EmitterState[] = ['ready', 'queued', 'generating'];
  return a === undefined || order.indexOf(b) > order.indexOf(a) ? b : a;
}
