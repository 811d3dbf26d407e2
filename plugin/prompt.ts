/**
 * SceneEvent + template → prompt. Pure.
 *
 *   '{intensity} impact of a {a.material} crate on {b.material|stone}'
 *                                                            └── used when the scene does not say
 *   → 'hard impact of a wood crate on stone'
 *
 * Slots: intensity, kind, a.name, a.material, a.tag (the first), the same for b.
 */
import { intensityOf, type SceneEvent } from './scene-event.ts';

/** Characters (code points) of a prompt, as the runtime takes them. */
export const MAX_PROMPT_CHARACTERS = 256;

const SLOTS: Record<string, (event: SceneEvent) => string> = {
  intensity: (event) => intensityOf(event.impulse),
  kind: (event) => event.kind,
  'a.name': (event) => event.a.name,
  'a.material': (event) => event.a.material,
  'a.tag': (event) => event.a.tags[0] ?? '',
  'b.name': (event) => event.b.name,
  'b.material': (event) => event.b.material,
  'b.tag': (event) => event.b.tags[0] ?? '',
};

const SLOT_PATTERN = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;

/**
 * Fills the slots and collapses white space; control characters count as white space.
 * @returns 1 to 256 characters.
 * @throws RangeError for an unknown or empty slot, or a result out of length.
 */
export function fillPrompt(template: string, event: SceneEvent): string {
  const filled = template.replace(SLOT_PATTERN, (_, name: string, fallback?: string) => {
    const value = tidy(slotOf(name, template)(event)) || tidy(fallback ?? '');
    if (value !== '') return value;
    throw new RangeError(
      `prompt: slot {${name}} of "${template}" is empty for "${event.a.name}" on "${event.b.name}". ` +
        `Give the node a material or write {${name}|default}.`,
    );
  });
  return checkPrompt(filled);
}

/** @throws RangeError for the first unknown slot or stray brace: a rule is checked when it is added, not when it fires. */
export function checkTemplate(template: string): void {
  for (const match of template.matchAll(SLOT_PATTERN)) slotOf(match[1] ?? '', template);
  if (/[{}]/.test(template.replace(SLOT_PATTERN, ''))) {
    throw new RangeError(
      `prompt: template has a brace without its pair, got "${template}". Write slots like {a.material}.`,
    );
  }
  if (tidy(template) === '') {
    throw new RangeError('prompt: template is empty. Say what the event sounds like.');
  }
}

/**
 * White space and control characters collapsed to single spaces.
 * @throws RangeError unless 1 to 256 characters are left.
 */
export function checkPrompt(text: string): string {
  const prompt = tidy(text);
  const length = [...prompt].length;
  if (length >= 1 && length <= MAX_PROMPT_CHARACTERS) return prompt;
  throw new RangeError(
    `prompt: must be 1 to ${MAX_PROMPT_CHARACTERS} characters, got ${length}. ` +
      'Describe one sound in a few words.',
  );
}

function slotOf(name: string, template: string): (event: SceneEvent) => string {
  const slot = Object.hasOwn(SLOTS, name) ? SLOTS[name] : undefined;
  if (slot !== undefined) return slot;
  throw new RangeError(
    `prompt: unknown slot {${name}} in "${template}". Use one of ${Object.keys(SLOTS).join(', ')}.`,
  );
}

function tidy(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}
