/**
 * All prompts that a sound of the map can ask for. Pure.
 *
 *   '{weight} footstep on {surface}'   surface: [wood, snow], weight: from intensity
 *
 *   exact    soft · medium · hard  ×  wood · snow; a default is never heard where there always is a word
 *   coarser  only where a slot is open: as the director gives slots up, the last first (plugin/prompt.ts)
 *
 * A slot is open where nobody knows its words before the game runs: it has no list of values, and its words are not the closed
 * ones of intensity and speed. It has its default alone, and what says less is heard for all other words.
 */
import type { Slot } from '../../plugin/prompt/slots.ts';
import { compilePrompt, type PromptTemplate, writePrompt } from '../../plugin/prompt.ts';
import {
  INTENSITY_LIMITS,
  intensityOf,
  SPEED_LIMITS,
  speedWordOf,
} from '../../plugin/scene-event.ts';
import type { SoundDefinition } from '../../plugin/sound-definition.ts';

export interface SoundPrompts {
  /** Each once; what says most first. */
  prompts: string[];
  /** Names of the slots whose words are not known. */
  openSlots: string[];
  /** Left out: no prompt can be as long. */
  tooLong: number;
}

/** At most so many: tells a product that nobody could write down before it is. */
export function countPrompts(sound: SoundDefinition): number {
  return listsOf(sound).reduce(
    (sum, lists) => sum + lists.reduce((product, words) => product * words.length, 1),
    0,
  );
}

/** @param most prompts that are looked for: a sound can have more than memory has room for */
export function promptsOf(sound: SoundDefinition, most = Number.POSITIVE_INFINITY): SoundPrompts {
  const template = compilePrompt(sound.prompt, sound.slots);
  const prompts = new Set<string>();
  const refused = new Set<string>();
  for (const lists of listsOf(sound)) {
    for (const words of combinations(lists)) {
      if (prompts.size + refused.size >= most) break;
      addPrompt(template, words, prompts, refused);
    }
  }
  const openSlots = template.slots.filter(isOpen).map(({ name }) => name);
  return { prompts: [...prompts], openSlots, tooLong: refused.size };
}

/** For each slot its words: first all of them, then with the last open slot and those behind it given up, … */
function listsOf(sound: SoundDefinition): string[][][] {
  const { slots } = compilePrompt(sound.prompt, sound.slots);
  const words = slots.map((slot) => wordsOf(slot, sound));
  const givenUp = slots.map(({ fallback }) => [fallback ?? '']);
  const open = slots.findLastIndex(isOpen);
  const coarser = Array.from({ length: open + 1 }, (_, count) => {
    const kept = open - count;
    return [...words.slice(0, kept), ...givenUp.slice(kept)];
  });
  return [words, ...coarser];
}

/** Every word that an event can give it; none where only the game knows, and there is no default. */
function wordsOf(slot: Slot, { minImpulse }: SoundDefinition): string[] {
  const given = slot.fallback === null ? [] : [slot.fallback];
  if (slot.values.length > 0) return [...new Set([...slot.values, ...given])];
  return isOpen(slot) ? given : closedWordsOf(slot, minImpulse);
}

function isOpen({ values, sources }: Slot): boolean {
  const [source] = sources;
  const isWorded = sources.length === 1 && (source === 'impulse' || source === 'speed');
  return values.length === 0 && !isWorded;
}

/** An event always has one of these; softer ones than the sound's least make no sound. */
function closedWordsOf({ sources: [source] }: Slot, minImpulse: number): string[] {
  if (source === 'speed') return [0, SPEED_LIMITS.medium, SPEED_LIMITS.fast].map(speedWordOf);
  const impulses = [0, INTENSITY_LIMITS.medium, INTENSITY_LIMITS.hard];
  const words = impulses.map((impulse) => intensityOf(Math.max(impulse, minImpulse)));
  return [...new Set(words)];
}

function* combinations(lists: readonly (readonly string[])[]): Iterable<string[]> {
  const [first, ...rest] = lists;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const word of first) for (const words of combinations(rest)) yield [word, ...words];
}

function addPrompt(
  template: PromptTemplate,
  words: readonly string[],
  prompts: Set<string>,
  refused: Set<string>,
): void {
  try {
    prompts.add(writePrompt(template, words));
  } catch {
    // Too long, or nothing is left of it: the director passes it over too.
    if (words.some((word) => word !== '')) refused.add(words.join('\n'));
  }
}
