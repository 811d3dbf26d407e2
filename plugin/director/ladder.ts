/**
 * The fallback ladder: what is heard of a sound whose take may not be there yet.
 *
 *   exact      the take that is wanted
 *   variant    another take of the same prompt
 *   coarser    a take of a prompt that says less, the last slot given up first
 *   streamed   what is only now being made, if it begins in time          (one-shots.ts: it takes a while)
 *   fallback   another sound, by the same ladder; its takes are made in the background too
 *   silence
 *
 * What lies in a pack is there within some ten milliseconds: the wanted take is worth that, and where nothing is ready, so is
 * any on the first three rungs. With a complete pack the wanted take is heard every time.
 */

import { coarserPrompts } from '../prompt.ts';
import type { Background, BackgroundRequest } from '../takes/background.ts';
import type { Playable, TakeLibrary } from '../takes.ts';
import { type ActiveSound, poolOf } from './active-sound.ts';
import { type Cue, createCue } from './cue.ts';
import { type Baked, missingOf, type Pool, pick, pickBaked } from './pool.ts';

/** Which rung of the ladder was heard. */
export type Rung = 'exact' | 'variant' | 'coarser' | 'streamed' | 'fallback';

export interface Found extends Soon {
  playable: Playable;
}

/** A take that is not there yet. */
export interface Soon {
  rung: Rung;
  request: BackgroundRequest;
  /** Of the take. */
  pool: Pool;
  /** Of the take: another one on the rung 'fallback'. */
  sound: ActiveSound;
}

export interface Ladder {
  /** The first three rungs. @returns null: nothing is ready. */
  ready(cue: Cue): Found | null;
  /** Likewise of what lies in a pack. @returns null: nothing, or nothing better than what is ready */
  baked(cue: Cue, ready: Found | null): Soon | null;
  /** The last. @returns null: silence. */
  fallback(cue: Cue): Found | null;
}

export interface LadderParts {
  takes: TakeLibrary;
  background: Background;
  /** @returns undefined where there is no such sound. */
  soundNamed: (name: string) => ActiveSound | undefined;
}

/** Fallbacks of fallbacks; a sound map has no circles, what code adds might. */
const MAX_DEPTH = 8;

export function createLadder({ takes, background, soundNamed }: LadderParts): Ladder {
  function ready(cue: Cue): Found | null {
    return climb(cue, (pool) => pick(pool, takes));
  }

  function fallback(cue: Cue, depth = 0): Found | null {
    const name = cue.sound.definition.fallback;
    const sound = name === null ? undefined : soundNamed(name);
    if (sound === undefined || depth === MAX_DEPTH) return null;
    const other = cueOf(sound, cue);
    if (other === null) return null;
    const missing = missingOf(other.pool, takes);
    if (missing !== undefined) background.want(missing, other.pool);
    const found = ready(other);
    return found === null ? fallback(other, depth + 1) : { ...found, rung: 'fallback' };
  }

  return {
    ready,
    baked(cue, ready) {
      if (ready?.rung === 'exact') return null;
      const baked = climb(cue, (pool) => pickBaked(pool, takes));
      return ready === null || baked?.rung === 'exact' ? baked : null;
    },
    fallback: (cue) => fallback(cue),
  };
}

/** The sound's own prompt, then those that say less. */
function climb<T extends Baked>(
  { sound, pool, words }: Cue,
  read: (pool: Pool) => T | null,
): (Omit<T, 'rung'> & Soon) | null {
  const own = read(pool);
  if (own !== null) return { ...own, pool, sound };
  for (const prompt of coarserPrompts(sound.template, words)) {
    const coarser = poolOf(sound, prompt);
    const found = read(coarser);
    if (found !== null) return { ...found, rung: 'coarser', pool: coarser, sound };
  }
  return null;
}

/** @returns null where the fallback's own prompt has a slot without a word. */
function cueOf(sound: ActiveSound, { event, sessionSeed }: Cue): Cue | null {
  try {
    return createCue(sound, event, sessionSeed);
  } catch {
    return null;
  }
}
