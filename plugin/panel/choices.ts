/** Takes that are chosen or refused, and the button for each. */
import type { SoundMap, TakeChoice } from '../sound-definition.ts';
import { buttonOf, type ElementMaker, setText } from './elements.ts';

export interface ChoosingFoley {
  readonly sounds: SoundMap;
  lock(sound: string, seed: number | null): void;
  ban(sound: string, seed: number): void;
}

export interface Choices {
  /** As of the last look. */
  readonly sounds: SoundMap['sounds'];
  /** Reads the foley's sounds: once a refresh, not once a row. */
  look(): void;
  takesOf(sound: string): TakeChoice;
  lock(sound: string, seed: number | null): void;
  ban(sound: string, seed: number): void;
}

const ALL_TAKES: TakeChoice = { lock: null, ban: [] };

export interface ChoicesOptions {
  /** Told after a choice, with all that is chosen of that sound. */
  onChoice: (sound: string, takes: TakeChoice) => void;
  /** Told why a choice was refused. */
  onProblem: (error: unknown) => void;
}

export function createChoices(
  foley: ChoosingFoley,
  { onChoice, onProblem }: ChoicesOptions,
): Choices {
  let { sounds } = foley.sounds;
  const takesOf = (sound: string) => sounds.get(sound)?.takes ?? ALL_TAKES;

  function choose(sound: string, act: () => void): void {
    try {
      act();
      ({ sounds } = foley.sounds);
      onChoice(sound, takesOf(sound));
    } catch (error) {
      onProblem(error);
    }
  }

  return {
    get sounds() {
      return sounds;
    },
    look() {
      ({ sounds } = foley.sounds);
    },
    takesOf,
    lock: (sound, seed) => choose(sound, () => foley.lock(sound, seed)),
    ban: (sound, seed) => choose(sound, () => foley.ban(sound, seed)),
  };
}

export interface ChoiceButtons {
  readonly elements: HTMLElement[];
  update(): void;
}

/** Lock, or unlock, and ban of one take. */
export function createChoiceButtons(
  make: ElementMaker,
  choices: Choices,
  { sound, seed }: { sound: string; seed: number },
): ChoiceButtons {
  const isLocked = () => choices.takesOf(sound).lock === seed;
  const lock = buttonOf(make, 'Lock', () => {
    choices.lock(sound, isLocked() ? null : seed);
    update();
  });
  const ban = buttonOf(make, 'Ban', () => {
    choices.ban(sound, seed);
    update();
  });
  lock.title = ban.title = `${sound}, seed ${seed}`;

  function update(): void {
    const banned = choices.takesOf(sound).ban.includes(seed);
    setText(lock, isLocked() ? 'Unlock' : 'Lock');
    setText(ban, banned ? 'Banned' : 'Ban');
    lock.disabled = ban.disabled = banned;
  }

  return { elements: [lock, ban], update };
}
