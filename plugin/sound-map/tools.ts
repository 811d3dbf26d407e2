/** `scenefoley/sound-map`: a sound map while it is worked on. Reads, watches, compares, and writes chosen takes back. */
import type { TakeChoice } from '../sound-definition.ts';

export type { SoundDefinition, SoundMap } from '../sound-definition.ts';
export {
  completeSound,
  loadSoundMap,
  parseSoundMap,
  SoundMapError,
  type SoundMapInput,
} from '../sound-map.ts';
export { diffSoundMaps } from './diff.ts';
export { watchSoundMap } from './watch.ts';

/**
 * Locks and bans takes in a sound map's text, YAML or JSON; comments and formatting stay as they are.
 * @param sound its name there.
 * @throws SoundMapError where there is no such sound, or it is written in a way that cannot be changed in place.
 */
export async function withTakeChoice(
  text: string,
  sound: string,
  choice: TakeChoice,
): Promise<string> {
  const { writeTakeChoice } = await import('./take-choice.ts');
  return writeTakeChoice(text, sound, choice);
}
