/** Finds a sound by what is to be heard, also where the pack itself is in another thread. */
import type { BakedSound, SoundRequestInput, SoundSpec } from '../contract.ts';
import { completeRequest } from '../sound-request.ts';
import type { TokenPackInfo } from './info.ts';

/**
 * By prompt, duration, seed, loop and sampling, completed as the pack says. The first of several. The seed is the one that a
 * scene asks for; a take that was rolled again answers to its own seed too, as that is what a designer locks.
 * @throws RangeError for a request out of its limits
 */
export type SoundFinder = (request: SoundRequestInput) => BakedSound | undefined;

/** @param sounds of a pack with this header */
export function createSoundFinder(info: TokenPackInfo, sounds: readonly BakedSound[]): SoundFinder {
  const byPrompt = groupedByPrompt(sounds);
  return (request) => {
    const wanted = completeRequest(request, 0, info);
    const group = byPrompt.get(wanted.prompt) ?? [];
    return group.find(({ spec }) => isSame(spec, wanted)) ?? rolledTo(group, wanted);
  };
}

/** As if it had been asked for by the seed that was rolled. */
function rolledTo(group: readonly BakedSound[], wanted: SoundSpec): BakedSound | undefined {
  const sound = group.find(({ spec, seed }) => isSame({ ...spec, seed }, wanted));
  return sound && { ...sound, spec: { ...sound.spec, seed: wanted.seed } };
}

function groupedByPrompt(sounds: readonly BakedSound[]): Map<string, BakedSound[]> {
  const groups = new Map<string, BakedSound[]>();
  for (const sound of sounds) {
    const group = groups.get(sound.spec.prompt);
    if (group === undefined) groups.set(sound.spec.prompt, [sound]);
    else group.push(sound);
  }
  return groups;
}

const COMPARED = [
  'duration',
  'seed',
  'loop',
  'guidanceScale',
  'temperature',
  'topK',
  'topP',
] as const;

function isSame(a: SoundSpec, b: SoundSpec): boolean {
  return COMPARED.every((field) => a[field] === b[field]);
}
