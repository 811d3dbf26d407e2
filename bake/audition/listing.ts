/** SoundMap → what the page shows of it: each sound's prompts, and the seeds of its pool. Pure. */
import { seedsOf } from '../../plugin/director/pool.ts';
import type { SoundDefinition, SoundMap } from '../../plugin/sound-definition.ts';
import { countPrompts, promptsOf } from '../bake/prompts-of.ts';
import type { AuditionSound, Listing } from './contract.ts';

/** Prompts of one sound that the page gets; nobody listens to more. */
const MAX_PROMPTS = 500;

/** @param map null: there was never a right one */
export function listingOf(
  file: string,
  map: SoundMap | null,
  problems: readonly string[],
): Listing {
  const sounds = [...(map?.sounds.values() ?? [])];
  return { file, problems: [...problems], sounds: sounds.map(auditionSoundOf) };
}

function auditionSoundOf(sound: SoundDefinition): AuditionSound {
  const { name, duration, loop, takes } = sound;
  const { prompts, tooLong } = promptsOf(sound, MAX_PROMPTS);
  const seen = prompts.length + tooLong;
  return {
    name,
    duration,
    loop,
    lock: takes.lock,
    ban: [...takes.ban],
    seeds: seedsOf({ ...sound, takes: { ...takes, lock: null } }),
    prompts,
    morePrompts: seen < MAX_PROMPTS ? 0 : countPrompts(sound) - seen,
  };
}
