/**
 * The fallback ladder: what is heard of a sound whose take may not be there yet.
 *
 *   exact      the take that is wanted
 *   variant    another take of the same prompt
 *   coarser    a take of a prompt that says less, the last slot given up first
 *   streamed   what is only now being made, if it begins in time          (one-shots.ts: it takes a while)
 *   fallback   another sound, by the same ladder; its takes are made in the background too
 *   silence
 */

import { coarserPrompts } from '../prompt.ts';
import type { Background } from '../takes/background.ts';
import type { Playable, TakeLibrary } from '../takes.ts';
import { type ActiveSound, poolOf } from './active-sound.ts';
import { type Cue, createCue } from './cue.ts';
import { missingOf, type Pool, pick } from './pool.ts';

/** Which rung of the ladder was heard. */
export type Rung = 'exact' | 'variant' | 'coarser' | 'streamed' | 'fallback';

export interface Found {
  rung: Rung;
  playable: Playable;
  /** Of the take. */
  pool: Pool;
  /** Of the take: another one on the rung 'fallback'. */
  sound: ActiveSound;
}

export interface Ladder {
  /** The first three rungs. @returns null: nothing is ready. */
  ready(cue: Cue): Found | null;
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
  function ready({ sound, pool, words }: Cue): Found | null {
    const picked = pick(pool, takes);
    if (picked !== null) return { ...picked, pool, sound };
    for (const prompt of coarserPrompts(sound.template, words)) {
      const coarser = poolOf(sound, prompt);
      const playable = pick(coarser, takes)?.playable;
      if (playable !== undefined) return { rung: 'coarser', playable, pool: coarser, sound };
    }
    return null;
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

  return { ready, fallback: (cue) => fallback(cue) };
}

/** @returns null where the fallback's own prompt has a slot without a word. */
function cueOf(sound: ActiveSound, { event, sessionSeed }: Cue): Cue | null {
  try {
    return createCue(sound, event, sessionSeed);
  } catch {
    return null;
  }
}
