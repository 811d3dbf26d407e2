/**
 * The takes of one prompt of one sound: which is wanted at the nth event, and which of them are ready.
 *
 *   n        0  1  2  3  4      drawn from session seed × sound × prompt × n; never the same twice in a row where there are two
 *   wanted   2  0  3  1  3
 *   ready    2  0  ·  1  ·      a take that is not there yet is replaced by another one ('variant'), again never the last
 *
 * What is wanted depends on n alone, so two runs with the same events want the same takes, however fast they are made.
 */

import type { SoundDefinition } from '../sound-definition.ts';
import type { BackgroundRequest } from '../takes/background.ts';
import type { Playable, TakeLibrary } from '../takes.ts';
import { draw, keyOf } from './draw.ts';

export interface Pool {
  /** Name of the sound. */
  readonly sound: string;
  readonly prompt: string;
  /** One for each take; the first is wanted most. */
  readonly requests: readonly BackgroundRequest[];
  /** Of its draws. */
  readonly key: number;
  /** Events so far. */
  count: number;
  /** Index of the take that was wanted last; −1 at first. */
  wanted: number;
  /** Seed of the take that was heard last; −1 at first. */
  heard: number;
  warned: boolean;
}

/** What is ready of a pool. */
export interface Picked extends Baked {
  playable: Playable;
}

/** What lies in a pack, of a pool of which nothing is ready. */
export interface Baked {
  rung: 'exact' | 'variant';
  /** The pool's own: a pack may answer with another seed, where a bake has rolled again. */
  request: BackgroundRequest;
}

/** Takes but the first of a prompt only make it less monotonous, so they are less urgent. */
const REPEAT_PRIORITY = -1;

export function createPool(sound: SoundDefinition, prompt: string): Pool {
  const { name, duration, loop, priority } = sound;
  const requests = seedsOf(sound).map((seed, index) => ({
    prompt,
    seed,
    duration,
    priority: priority + (index === 0 ? 0 : REPEAT_PRIORITY),
    ...(loop && { loop }),
  }));
  const key = keyOf(name, prompt);
  return { sound: name, prompt, requests, key, count: 0, wanted: -1, heard: -1, warned: false };
}

/** The seeds of a sound's takes: the locked one, or the first that are not banned. */
export function seedsOf(sound: SoundDefinition): number[] {
  const count = sound.takes.lock === null ? sound.variations : 1;
  return Array.from({ length: count }, (_, n) => seedAt(sound, n));
}

/** Of the nth take. */
export function seedAt({ takes: { lock, ban } }: SoundDefinition, n: number): number {
  if (lock !== null) return lock;
  let seed = n;
  for (const banned of [...ban].sort((a, b) => a - b)) if (banned <= seed) seed += 1;
  return seed;
}

/** One more event. @returns its number, for draws */
export function countEvent(pool: Pool, sessionSeed: number): number {
  const { requests, key, count, wanted } = pool;
  const drawn = draw(sessionSeed, key, count, 'take');
  const size = requests.length;
  if (size === 1) pool.wanted = 0;
  else pool.wanted = wanted < 0 ? drawn % size : (wanted + 1 + (drawn % (size - 1))) % size;
  pool.count += 1;
  return count;
}

/** The wanted take if it is ready, else another one that is, else null. */
export function pick(pool: Pool, takes: TakeLibrary): Picked | null {
  return choose(pool, (request) => {
    const playable = takes.peek(request);
    return playable && { playable };
  });
}

/** Likewise, of those that a pack has. */
export function pickBaked(pool: Pool, takes: TakeLibrary): Baked | null {
  return choose(pool, (request) => (takes.isBaked(request) ? {} : undefined));
}

/** The wanted take or the next one after it, but rather none that was heard last. @param read undefined: not that one */
function choose<T extends object>(
  { requests, wanted, heard }: Pool,
  read: (request: BackgroundRequest) => T | undefined,
): (T & Baked) | null {
  const first = Math.max(0, wanted);
  const inTurn = [...requests.slice(first), ...requests.slice(0, first)];
  let repeated: (T & Baked) | null = null;
  for (const [step, request] of inTurn.entries()) {
    const found = read(request);
    if (found === undefined) continue;
    const picked = { ...found, rung: step === 0 ? 'exact' : 'variant', request } as const;
    if (request.seed !== heard) return picked;
    repeated = picked;
  }
  return repeated;
}

/** The first take that is not there, and can be. */
export function missingOf({ requests }: Pool, takes: TakeLibrary): BackgroundRequest | undefined {
  return requests.find((request) => !takes.has(request) && takes.offers(request));
}
