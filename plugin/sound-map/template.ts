/**
 * The slots of a prompt's template.
 *
 *   '{weight} footstep of {a.name} on {surface|stone}'  →  weight, a.name, surface (or 'stone' where the scene does not say)
 */
import { didYouMean, shown } from './words.ts';

const SLOT_PATTERN = /\{([^{}|]*)(?:\|([^{}]*))?\}/g;

/** What an event says of itself: where a slot's word may come from without being declared. */
const EVENT_FIELDS = ['intensity', 'speed', 'kind', 'name'];
const OBJECT_FIELDS = ['name', 'material', 'tag'].flatMap((field) => [`a.${field}`, `b.${field}`]);
const FIELDS = [...EVENT_FIELDS, ...OBJECT_FIELDS];
const DATA_FIELD = /^(?:[ab]\.)?data\.[\w.-]+$/;
const FIELDS_TOLD =
  'intensity, speed, kind, name, a.name, a.material, a.tag, a.data.KEY, the same of b, or data.KEY';

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
  return filled.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

export function hasStrayBrace(template: string): boolean {
  return /[{}]/.test(template.replace(SLOT_PATTERN, ''));
}

/** True for 'intensity', 'a.material', 'data.surface', … */
export function isEventField(source: string): boolean {
  return FIELDS.includes(source) || DATA_FIELD.test(source);
}

/** @returns what a message says of a source that is none. */
export function unknownField(source: string): string {
  return `must be ${FIELDS_TOLD}, got ${shown(source)}.${didYouMean(source, FIELDS)}`;
}

/** @returns what a message says of a slot that is neither declared nor an event's field. */
export function unknownSlot(name: string, declared: readonly string[]): string {
  const near = didYouMean(name, [...declared, ...FIELDS]);
  return `has an unknown slot {${name.slice(0, 64)}}.${near || ` Declare it under slots, or use ${FIELDS_TOLD}.`}`;
}
