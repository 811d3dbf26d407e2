/**
 * The slots of a prompt's template.
 *
 *   '{weight} footstep of {a.name} on {surface|stone}'  →  weight, a.name, surface (or 'stone' where the scene does not say)
 */
import { SOURCE_NAMES, SOURCES_TOLD } from '../prompt/slots.ts';
import { SLOT_PATTERN, tidy } from '../prompt/template-text.ts';
import { didYouMean, nearest, shown } from './words.ts';

/** 'material' for 'a.material': what one writes at first. */
const SHORT_NAMES = new Map(
  [...SOURCE_NAMES].filter((name) => name.startsWith('a.')).map((name) => [name.slice(2), name]),
);

/** The words of a slot that has no others. */
export const INTENSITY_WORDS: readonly string[] = ['soft', 'medium', 'hard'];

export interface SlotUse {
  name: string;
  /** Used where the scene does not say; null: none. */
  fallback: string | null;
}

export function slotUses(template: string): SlotUse[] {
  return Array.from(template.matchAll(SLOT_PATTERN), ([, name = '', fallback]) => ({
    name,
    fallback: fallback ?? null,
  }));
}

/** @param wordFor what stands in the place of a slot. */
export function fillTemplate(template: string, wordFor: (slot: SlotUse) => string): string {
  const filled = template.replace(SLOT_PATTERN, (_, name: string, fallback?: string) =>
    wordFor({ name, fallback: fallback ?? null }),
  );
  return tidy(filled);
}

/** @returns what a message says of a source that is none. */
export function unknownField(source: string): string {
  return `must be ${SOURCES_TOLD}, got ${shown(source)}.${didYouMean(source, SOURCE_NAMES)}`;
}

/** @returns what a message says of a slot that is neither declared nor an event's field. */
export function unknownSlot(name: string, declared: readonly string[]): string {
  const near =
    nearest(name, [...declared, ...SOURCE_NAMES]) ??
    SHORT_NAMES.get(nearest(name, SHORT_NAMES.keys()) ?? '');
  const hint =
    near === undefined
      ? ` Declare it under slots, or use ${SOURCES_TOLD}.`
      : ` Did you mean {${near}}?`;
  return `has an unknown slot {${name.slice(0, 64)}}.${hint}`;
}
