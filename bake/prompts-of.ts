/**
 * All prompts that a sound of the map can ask for. Pure.
 *
 *   '{weight} footstep on {surface}'   surface: [wood, snow], weight: from intensity, default light
 *
 *   exact    soft · medium · hard · light  ×  wood · snow
 *   coarser  … as the director gives slots up, the last first (plugin/prompt.ts): the default in its place, or nothing
 *
 * A slot whose words nobody knows before the game runs (no list of values, and not the closed words of intensity and speed)
 * has its default alone.
 */
import type { Slot } from '../plugin/prompt/slots.ts';
import { compilePrompt, type PromptTemplate, writePrompt } from '../plugin/prompt.ts';
import { INTENSITY_LIMITS, intensityOf, SPEED_LIMITS, speedWordOf } from '../plugin/scene-event.ts';
import type { SoundDefinition } from '../plugin/sound-definition.ts';

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

export function promptsOf(sound: SoundDefinition): SoundPrompts {
  const template = compilePrompt(sound.prompt, sound.slots);
  const prompts = new Set<string>();
  const refused = new Set<string>();
  for (const lists of listsOf(sound)) {
    for (const words of combinations(lists)) addPrompt(template, words, prompts, refused);
  }
  const openSlots = template.slots.filter((slot) => isOpen(slot)).map(({ name }) => name);
  return { prompts: [...prompts], openSlots, tooLong: refused.size };
}

/** For each slot its words: first all of them, then with the last slot given up, then the one before it too, … */
function listsOf(sound: SoundDefinition): string[][][] {
  const { slots } = compilePrompt(sound.prompt, sound.slots);
  const words = slots.map((slot) => wordsOf(slot, sound));
  const givenUp = slots.map(({ fallback }) => [fallback ?? '']);
  return Array.from({ length: slots.length + 1 }, (_, count) => {
    const kept = slots.length - count;
    return [...words.slice(0, kept), ...givenUp.slice(kept)];
  });
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
