/** Finds a sound by what is to be heard, also where the pack itself is in another thread. */
import type { BakedSound, SoundRequestInput, SoundSpec } from '../contract.ts';
import { completeRequest } from '../sound-request.ts';
import type { TokenPackInfo } from './info.ts';

/**
 * By prompt, duration, seed, loop and sampling, completed as the pack says. The first of several.
 * @throws RangeError for a request out of its limits
 */
export type SoundFinder = (request: SoundRequestInput) => BakedSound | undefined;

/** @param sounds of a pack with this header */
export function createSoundFinder(info: TokenPackInfo, sounds: readonly BakedSound[]): SoundFinder {
  const byPrompt = groupedByPrompt(sounds);
  return (request) => {
    const wanted = completeRequest(request, 0, info);
    return byPrompt.get(wanted.prompt)?.find(({ spec }) => isSame(spec, wanted));
  };
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
