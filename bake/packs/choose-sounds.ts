/** Which sounds of a pack are meant: by name, by words of the prompt, by seed. */
import type { BakedSound } from '../../runtime/contract.ts';
import { numberOf } from '../command.ts';

export interface SoundChoice {
  /** Names with commas between them. */
  sound?: string | undefined;
  /** The prompt contains it; upper and lower case are the same. */
  prompt?: string | undefined;
  /** The seed that a scene asks for. */
  seed?: string | undefined;
}

/** As options of a command. */
export const CHOICE_ARGS = {
  sound: { type: 'string', description: 'These sounds only: names with commas between them' },
  prompt: { type: 'string', description: 'These only: the prompt contains it' },
  seed: { type: 'string', description: 'These only: the seed that a scene asks for' },
} as const;

/**
 * @param command its name, for messages
 * @throws Error for a name that no sound has, and where nothing fits
 */
export function chooseSounds<S extends BakedSound>(
  command: string,
  sounds: readonly S[],
  { sound, prompt, seed }: SoundChoice,
): S[] {
  if (sound === undefined && prompt === undefined && seed === undefined) return [...sounds];
  const names = sound?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => sounds.every((one) => one.sound !== name));
  if (unknown !== undefined) {
    throw new Error(`${command}: no sound '${unknown}'. There are: ${namesOf(sounds)}.`);
  }
  const wanted = numberOf(command, 'seed', seed);
  const words = prompt?.toLowerCase();
  const chosen = sounds.filter(
    (one) =>
      (names?.includes(one.sound) ?? true) &&
      (words === undefined || one.spec.prompt.toLowerCase().includes(words)) &&
      (wanted === undefined || one.spec.seed === wanted),
  );
  if (chosen.length > 0) return chosen;
  throw new Error(
    `${command}: none of ${sounds.length} takes fits. See what is there with 'scenefoley info'.`,
  );
}

/** A few of them. */
function namesOf(sounds: readonly BakedSound[]): string {
  const names = [...new Set(sounds.map(({ sound }) => sound))];
  const more = names.length > 20 ? `, and ${names.length - 20} more` : '';
  return (names.slice(0, 20).join(', ') || 'none') + more;
}
