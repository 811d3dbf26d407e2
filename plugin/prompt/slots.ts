/**
 * Slots of prompts: where a word of a prompt comes from, and which words it may be. Pure.
 *
 *   'b.material'    ──▶ event.b.material              known:  intensity, speed, kind, name, a.name, a.material, a.tag, b.…
 *   'a.data.weight' ──▶ event.a.data.weight           paths:  data.KEY, a.data.KEY, b.data.KEY
 *   null            ──▶ the event's data, b's, a's    under the slot's own name
 */
import { intensityOf, type SceneEvent, speedWordOf } from '../scene-event.ts';
import type { SlotDefinition } from '../sound-definition.ts';
import { tidy } from './template-text.ts';

/** What of an event a slot's word depends on. */
export type SlotSource = 'a' | 'b' | 'data' | 'impulse' | 'speed' | 'event';

export interface Slot {
  readonly name: string;
  /** The words it may be; empty: any. */
  readonly values: readonly string[];
  /** null: none. */
  readonly fallback: string | null;
  readonly sources: readonly SlotSource[];
  /** What the scene says; '' where it says nothing. */
  readonly read: (event: SceneEvent) => string;
}

type Reader = Pick<Slot, 'read' | 'sources'>;

const KNOWN: Record<string, Reader> = {
  intensity: { read: ({ impulse }) => intensityOf(impulse), sources: ['impulse'] },
  speed: { read: ({ speed = 0 }) => speedWordOf(speed), sources: ['speed'] },
  kind: { read: ({ kind }) => kind, sources: ['event'] },
  name: { read: ({ name = '' }) => name, sources: ['event'] },
  'a.name': { read: ({ a }) => a.name, sources: ['a'] },
  'a.material': { read: ({ a }) => a.material, sources: ['a'] },
  'a.tag': { read: ({ a }) => a.tags[0] ?? '', sources: ['a'] },
  'b.name': { read: ({ b }) => b.name, sources: ['b'] },
  'b.material': { read: ({ b }) => b.material, sources: ['b'] },
  'b.tag': { read: ({ b }) => b.tags[0] ?? '', sources: ['b'] },
};

const DATA_PATH = /^(?:([ab])\.)?data\.(.+)$/;

/** @returns null where `from` is no known word and no path to data. */
function readerOf(from: string): Reader | null {
  if (Object.hasOwn(KNOWN, from)) return KNOWN[from] ?? null;
  const [, owner, key = ''] = DATA_PATH.exec(from) ?? [];
  if (key === '') return null;
  if (owner === 'a') return { read: ({ a }) => wordIn(a.data, key), sources: ['a'] };
  if (owner === 'b') return { read: ({ b }) => wordIn(b.data, key), sources: ['b'] };
  return { read: ({ data }) => wordIn(data, key), sources: ['data'] };
}

/** A slot of its own name: what the event says, else its objects, else what the name means everywhere. */
function ownReader(name: string): Reader {
  const known = readerOf(name);
  return {
    read: (event) =>
      wordIn(event.data, name) ||
      wordIn(event.b.data, name) ||
      wordIn(event.a.data, name) ||
      (known?.read(event) ?? ''),
    sources: ['data', 'b', 'a', ...(known?.sources ?? [])],
  };
}

/**
 * @param definition undefined where the prompt uses a slot that is not declared
 * @returns null for a slot that has no source.
 */
export function createSlot(
  name: string,
  definition: SlotDefinition | undefined,
  inlineDefault: string,
): Slot | null {
  const reader = definition === undefined ? readerOf(name) : declaredReader(name, definition);
  if (reader === null) return null;
  const { values = [], default: declared = null } = definition ?? {};
  return { name, values, fallback: (declared ?? inlineDefault) || null, ...reader };
}

function declaredReader(name: string, { from }: SlotDefinition): Reader | null {
  return from === null ? ownReader(name) : readerOf(from);
}

/** Where a slot's word may come from, and what slots may be called without being declared; data aside. */
export const SOURCE_NAMES: readonly string[] = Object.keys(KNOWN);

/** The same for messages. */
export const SOURCES_TOLD =
  'intensity, speed, kind, name, a.name, a.material, a.tag, a.data.KEY, the same of b, or data.KEY';

export function isSource(from: string): boolean {
  return readerOf(from) !== null;
}

/**
 * The word a slot has in an event: a value of the list, spelt as there, where there is a list.
 * @returns null where the scene says nothing that is allowed and there is no default.
 */
export function wordOf(slot: Slot, event: SceneEvent): string | null {
  const said = tidy(slot.read(event));
  const { values, fallback } = slot;
  if (said === '' || values.length === 0) return said || fallback;
  if (values.includes(said)) return said;
  const lower = said.toLowerCase();
  return values.find((value) => value.toLowerCase() === lower) ?? fallback;
}

function wordIn(data: Readonly<Record<string, unknown>> | undefined, key: string): string {
  if (data === undefined || !Object.hasOwn(data, key)) return '';
  const value = data[key];
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
