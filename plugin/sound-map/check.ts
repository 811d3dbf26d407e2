/**
 * Data as a designer writes it → a complete SoundMap, or every problem at once.
 *
 *   data ─ fields of the file ─ defaults into each sound ─ each sound, bus, zone by its schema ─ complete
 *        ─ what a sound's fields say of each other ─ names that refer to something ──▶ SoundMap
 *
 * One entry's problems do not hide those of the next.
 */
import * as v from 'valibot';
import type {
  BusDefinition,
  SoundDefinition,
  SoundMap,
  ZoneDefinition,
} from '../sound-definition.ts';
import { completeBus, completeSpace, completeWritten, completeZone, stated } from './complete.ts';
import { MAIN_BUS } from './defaults.ts';
import { dictionary, fields, isKeyed } from './fields.ts';
import type { SoundInput } from './input.ts';
import { parseWith } from './issues.ts';
import { createProblems, type Locate, type Path, type Problems } from './problems.ts';
import { checkMapReferences, checkSoundReferences, type Names } from './references.ts';
import {
  BusEntrySchema,
  rootEntries,
  SoundDefaultsSchema,
  SoundSchema,
  SpaceSchema,
  ZoneSchema,
} from './schema.ts';
import { checkSound } from './sound-checks.ts';
import { slotUses } from './template.ts';

/** The file's own fields; what they hold is looked at one by one. */
const RootSchema = fields({
  ...rootEntries,
  defaults: v.optional(v.unknown()),
  sounds: dictionary(v.unknown()),
  buses: v.optional(dictionary(v.unknown())),
  zones: v.optional(dictionary(v.unknown())),
  space: v.optional(v.unknown()),
});

/** @throws SoundMapError */
export function checkSoundMap(data: unknown, source: string, locate?: Locate): SoundMap {
  const problems = createProblems(source, locate);
  const defaults = defaultsOf(data, problems);
  parseWith(RootSchema, data, [], problems);
  const root = isKeyed(data) ? data : {};
  const space = parseWith(SpaceSchema, root.space ?? {}, ['space'], problems) ?? {};
  const sounds = each(root.sounds, (name, raw) =>
    checkOne(name, raw, { defaults, path: ['sounds', name], problems }),
  );
  const map = {
    source,
    sounds,
    buses: withMain(busesOf(root.buses, problems)),
    zones: zonesOf(root.zones, problems),
    space: completeSpace(space),
  };
  checkMapReferences(map, namesOf(root), problems);
  problems.throwIfAny();
  return map;
}

/**
 * One sound, as code writes it.
 * @param map what `bus` and `fallback` may refer to; without one they are not looked up.
 * @throws SoundMapError
 */
export function completeSound(name: string, input: SoundInput, map?: SoundMap): SoundDefinition {
  const problems = createProblems('code');
  const path = ['sounds', name];
  const sound = checkOne(name, input, { defaults: {}, path, problems });
  if (sound !== null && map !== undefined) {
    const names = {
      sounds: new Set([...map.sounds.keys(), name]),
      buses: new Set(map.buses.keys()),
    };
    checkSoundReferences(sound, names, path, problems);
  }
  problems.throwIfAny();
  return sound as SoundDefinition;
}

/** Those fields of `defaults` that are right; the others are told here, and not again with every sound. */
function defaultsOf(data: unknown, problems: Problems): Record<string, unknown> {
  const written = isKeyed(data) ? (data.defaults ?? {}) : {};
  parseWith(SoundDefaultsSchema, written, ['defaults'], problems);
  return rightFields(written, (field) => v.is(SoundDefaultsSchema, field));
}

function rightFields(
  written: unknown,
  isRight: (field: Record<string, unknown>) => boolean,
): Record<string, unknown> {
  const entries = Object.entries(isKeyed(written) ? written : {});
  return Object.fromEntries(entries.filter(([key, value]) => isRight({ [key]: value })));
}

interface Surroundings {
  defaults: Record<string, unknown>;
  path: Path;
  problems: Problems;
}

/** @returns null without a prompt. A sound with problems goes on without the fields that have them, so that all are told. */
function checkOne(name: string, raw: unknown, around: Surroundings): SoundDefinition | null {
  const { defaults, path, problems } = around;
  const whole = parseWith(SoundSchema, raw, path, problems);
  const own = whole ?? (problems.isFull ? null : withoutProblems(raw));
  if (own === null) return null;
  const sound = completeWritten(name, inherit(name, own, defaults));
  checkSound({ sound, written: own, path, problems });
  return sound;
}

/** @returns null where the slots are not right either: what the prompt says of them would be wrong too. */
function withoutProblems(raw: unknown): SoundInput | null {
  const right = rightFields(raw, (field) => v.is(SoundSchema, { prompt: 'any', ...field }));
  const hasSlots = isKeyed(raw) && raw.slots !== undefined;
  const isEnough = 'prompt' in right && (!hasSlots || 'slots' in right);
  return isEnough ? (right as unknown as SoundInput) : null;
}

/** A sound's own fields, then those of `defaults`; of the slots there only those that its prompt has. */
function inherit(name: string, own: SoundInput, defaults: Partial<SoundInput>): SoundInput {
  const { slots = {}, fallback = null, ...others } = defaults;
  const used = new Set(slotUses(own.prompt).map((slot) => slot.name));
  const shared = Object.entries(slots).filter(([slot]) => used.has(slot));
  const merged = { ...others, ...(fallback === name ? {} : { fallback }), ...stated(own) };
  return { ...merged, slots: { ...own.slots, ...Object.fromEntries(shared), ...own.slots } };
}

function busesOf(raw: unknown, problems: Problems): Map<string, BusDefinition> {
  return each(raw, (name, written) => {
    const bus = parseWith(BusEntrySchema, written, ['buses', name], problems);
    return bus === null ? null : completeBus(name, bus);
  });
}

function zonesOf(raw: unknown, problems: Problems): Map<string, ZoneDefinition> {
  return each(raw, (name, written) => {
    const zone = parseWith(ZoneSchema, written, ['zones', name], problems);
    return zone === null ? null : completeZone(name, zone);
  });
}

/** The entries that have no problems. */
function each<T>(
  raw: unknown,
  complete: (name: string, value: unknown) => T | null,
): Map<string, T> {
  const entries = Object.entries(isKeyed(raw) ? raw : {});
  const done = entries.map(([name, value]) => [name, complete(name, value)] as const);
  return new Map(done.filter((entry): entry is readonly [string, T & {}] => entry[1] !== null));
}

function withMain(buses: Map<string, BusDefinition>): Map<string, BusDefinition> {
  return new Map([[MAIN_BUS, completeBus(MAIN_BUS, {})], ...buses]);
}

function namesOf(root: Record<string, unknown>): Names {
  const keysOf = (raw: unknown) => Object.keys(isKeyed(raw) ? raw : {});
  return {
    sounds: new Set(keysOf(root.sounds)),
    buses: new Set([MAIN_BUS, ...keysOf(root.buses)]),
  };
}
