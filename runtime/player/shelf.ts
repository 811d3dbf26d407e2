/**
 * What all packs of a player hold, for looking up without waiting: of two packs with the same sound the first answers.
 *
 *   request ── completed as each pack says ──▶ pack 0 ──▶ pack 1 ──▶ … ──▶ not there: the nearest ones are named
 */
import type { BakedSound, SoundRequestInput } from '../contract.ts';
import { completeRequest } from '../sound-request.ts';
import { createSoundFinder } from '../token-pack.ts';
import type { PlayerContents, SoundPlace } from './contract.ts';
import { nearestSounds } from './nearest-sounds.ts';

export interface Shelf {
  /** Of all packs, in order. */
  readonly sounds: readonly BakedSound[];
  /** @throws RangeError for a request out of its limits */
  find(request: SoundRequestInput): SoundPlace | undefined;
  /** What to say where `find` found nothing. */
  missing(request: SoundRequestInput): RangeError;
}

export function createShelf({ packs, failed }: PlayerContents): Shelf {
  const sounds = packs.flatMap((pack) => pack.sounds);
  const finders = packs.map((pack) => {
    const places = new Map(pack.sounds.map(({ soundKey }, place) => [soundKey, place]));
    const find = createSoundFinder(pack.info, pack.sounds);
    return (request: SoundRequestInput) => {
      const sound = find(request);
      return sound && places.get(sound.soundKey);
    };
  });
  return {
    sounds,
    find(request) {
      for (const [pack, find] of finders.entries()) {
        const sound = find(request);
        if (sound !== undefined) return { pack, sound };
      }
      return undefined;
    },
    missing(request) {
      const [first] = packs;
      const wanted = first ? completeRequest(request, 0, first.info) : undefined;
      const near = wanted ? nearestSounds(wanted, sounds).map(({ spec }) => nameOf(spec)) : [];
      const places = packs.map(({ place }) => place).join(', ');
      return new RangeError(
        `player: ${wanted ? nameOf(wanted) : request.prompt} is not in ${places}. Nearest: ${near.join('; ') || 'none'}. Ask for one of those, or bake it.${reasonsOf(failed)}`,
      );
    },
  };
}

/** What is asked for may be in one of these. */
function reasonsOf(failed: PlayerContents['failed']): string {
  return failed.map(({ reason }) => ` Missing: ${reason}`).join('');
}

function nameOf({ prompt, duration, seed, loop }: BakedSound['spec']): string {
  return `'${prompt}' (${duration} s, seed ${seed}${loop ? ', loop' : ''})`;
}
