/**
 * SceneEvent + template → prompt. Pure.
 *
 *   '{intensity} impact of a {a.material} crate on {b.material|stone}'
 *                                                            └── used when the scene does not say
 *   → 'hard impact of a wood crate on stone'
 *   coarser, the last slot first: 'hard impact of a wood crate on stone', 'hard impact of a crate on stone', …
 *
 * Slots: see slots.ts. A slot whose list of values is empty takes whatever the scene says; with a list, other words are
 * never heard: the default takes their place, or the event has no sound.
 */

import { createSlot, type Slot, SOURCES_TOLD, wordOf } from './prompt/slots.ts';
import { hasStrayBrace, SLOT_PATTERN, tidy } from './prompt/template-text.ts';
import type { SceneEvent } from './scene-event.ts';
import type { SlotDefinition } from './sound-definition.ts';

/** Characters (code points) of a prompt, as the runtime takes them. */
export const MAX_PROMPT_CHARACTERS = 256;

export interface PromptTemplate {
  readonly text: string;
  /** Those it uses: as they are declared, then as they appear. The last is given up first. */
  readonly slots: readonly Slot[];
  /** Text, or the index of a slot. */
  readonly pieces: readonly (string | number)[];
}

/** @throws RangeError for the first unknown slot or stray brace: a sound is checked when it is added, not when it is heard. */
export function compilePrompt(
  text: string,
  definitions: ReadonlyMap<string, SlotDefinition> = new Map(),
): PromptTemplate {
  checkBraces(text);
  const inline = new Map<string, string>();
  for (const [, name = '', word = ''] of text.matchAll(SLOT_PATTERN)) {
    inline.set(name, inline.get(name) || tidy(word));
  }
  const names = [...definitions.keys()].filter((name) => inline.has(name));
  for (const name of inline.keys()) if (!definitions.has(name)) names.push(name);
  const slots = names.map((name) => slotOf(name, text, definitions, inline));
  return { text, slots, pieces: piecesOf(text, names) };
}

function slotOf(
  name: string,
  text: string,
  definitions: ReadonlyMap<string, SlotDefinition>,
  inline: ReadonlyMap<string, string>,
): Slot {
  const slot = createSlot(name, definitions.get(name), inline.get(name) ?? '');
  if (slot !== null) return slot;
  const declared = [...definitions.keys()].map((one) => `${one}, `).join('');
  throw new RangeError(
    `prompt: unknown slot {${name}} in "${text}". Use one of ${declared}${SOURCES_TOLD}.`,
  );
}

/** Text and slots by turns. */
function piecesOf(text: string, names: readonly string[]): (string | number)[] {
  const pieces: (string | number)[] = [];
  let at = 0;
  for (const match of text.matchAll(SLOT_PATTERN)) {
    pieces.push(text.slice(at, match.index), names.indexOf(match[1] ?? ''));
    at = match.index + match[0].length;
  }
  pieces.push(text.slice(at));
  return pieces;
}

function checkBraces(text: string): void {
  if (hasStrayBrace(text)) {
    throw new RangeError(
      `prompt: template has a brace without its pair, got "${text}". Write slots like {a.material}.`,
    );
  }
  if (tidy(text) === '') {
    throw new RangeError('prompt: template is empty. Say what the event sounds like.');
  }
}

/**
 * The word of each slot.
 * @throws RangeError for a slot that is empty, or whose word is not allowed, and has no default.
 */
export function wordsFor({ slots, text }: PromptTemplate, event: SceneEvent): string[] {
  return slots.map((slot) => {
    const word = wordOf(slot, event);
    if (word !== null) return word;
    throw new RangeError(`prompt: slot {${slot.name}} of "${text}" ${reason(slot, event)}`);
  });
}

function reason({ name, values, read }: Slot, event: SceneEvent): string {
  const said = tidy(read(event));
  const allowed = values.length === 0 ? '' : ` The words allowed are ${values.join(', ')}.`;
  if (said !== '') {
    return `got "${said}".${allowed} Use one of them in the scene, or give the slot a default.`;
  }
  return (
    `is empty for "${event.a.name}" on "${event.b.name}".${allowed} ` +
    `Give the node a material, or whatever the slot is about, or write {${name}|default}.`
  );
}

/**
 * White space and control characters collapsed.
 * @returns 1 to 256 characters.
 * @throws RangeError for a result out of length.
 */
export function writePrompt(template: PromptTemplate, words: readonly string[]): string {
  return checkPrompt(textOf(template, words));
}

function textOf({ pieces }: PromptTemplate, words: readonly string[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : words[piece])).join('');
}

/** @throws RangeError, see wordsFor and writePrompt. */
export function fillPrompt(template: string | PromptTemplate, event: SceneEvent): string {
  const compiled = typeof template === 'string' ? compilePrompt(template) : template;
  return writePrompt(compiled, wordsFor(compiled, event));
}

/**
 * What says less: the last slot is given up first, then the one before it too, … Its default takes its place, or nothing.
 * @returns prompts that differ from the exact one and from each other; none where there is nothing to give up.
 */
export function coarserPrompts(template: PromptTemplate, words: readonly string[]): string[] {
  const given = [...words];
  const prompts = new Set<string>();
  for (let index = given.length - 1; index >= 0; index--) {
    given[index] = template.slots[index]?.fallback ?? '';
    const text = tidy(textOf(template, given));
    if (isPrompt(text)) prompts.add(text);
  }
  prompts.delete(tidy(textOf(template, words)));
  return [...prompts];
}

/** @throws RangeError for the first unknown slot or stray brace. */
export function checkTemplate(template: string): void {
  compilePrompt(template);
}

/**
 * White space and control characters collapsed to single spaces.
 * @throws RangeError unless 1 to 256 characters are left.
 */
export function checkPrompt(text: string): string {
  const prompt = tidy(text);
  if (isPrompt(prompt)) return prompt;
  throw new RangeError(
    `prompt: must be 1 to ${MAX_PROMPT_CHARACTERS} characters, got ${[...prompt].length}. ` +
      'Describe one sound in a few words.',
  );
}

function isPrompt(text: string): boolean {
  return text !== '' && [...text].length <= MAX_PROMPT_CHARACTERS;
}
