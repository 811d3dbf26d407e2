/**
 * Which prompts a scene can need: sounds × bindings × what the scene holds. Pure.
 *
 *   '{intensity} hit of {a.material} on {b.material}'   a: { tag: crate }   scene: 3 crates of wood, 1 of metal, a stone floor
 *      a  wood (nearest at 2 m), metal (9 m)
 *      b  wood, metal, stone                               ──▶ medium hit of wood on stone, … soft …, hard …
 *      intensity  medium, soft, hard
 *
 * Each event that could happen is made up once for each difference that the prompt can tell, and its words are those that the
 * event itself would give. What only the game's own data says is known where the slot's values are a closed list.
 */
import type { SceneContent } from '../adapter.ts';
import type { ActiveSound } from '../director/active-sound.ts';
import { matches } from '../node-selector.ts';
import { type Slot, type SlotSource, wordOf } from '../prompt/slots.ts';
import { type PromptTemplate, writePrompt } from '../prompt.ts';
import {
  INTENSITY_LIMITS,
  NOTHING,
  type Point,
  type SceneEvent,
  type SceneEventKind,
  SPEED_LIMITS,
} from '../scene-event.ts';
import type { EventBinding } from '../sound-definition.ts';

export interface PlannedPrompt {
  readonly sound: ActiveSound;
  readonly prompt: string;
  /** Metres from the ear to the nearest node that it can be for; 0 where it needs none. */
  readonly distance: number;
  /** 0 is likely, more is less so. */
  readonly rank: number;
  /** Says less than any event asks for: what is heard while all else is missing. */
  readonly coarse: boolean;
  /** Nodes that it can be for, a few. */
  readonly nodes: readonly SceneContent[];
}

/** Of one sound, so that one with a thousand prompts leaves the others their time. */
export const MAX_PLANNED = 64;
/** Events made up for one binding. */
const MAX_EVENTS = 512;
const MAX_NODES = 8;

/** Both things count in these. */
const PAIRED: ReadonlySet<SceneEventKind> = new Set(['collision', 'contact', 'trigger', 'collide']);

/** Things that one prompt cannot tell apart. */
interface Group {
  readonly object: SceneContent['object'];
  distance: number;
  count: number;
  readonly nodes: SceneContent[];
}

/** @returns the likeliest first. */
export function planPrompts(
  sounds: readonly ActiveSound[],
  contents: readonly SceneContent[],
  ear: Point,
): PlannedPrompt[] {
  const plan = sounds.flatMap((sound) =>
    planSound(sound, bindingsOf(sound, sounds), contents, ear),
  );
  return plan.sort((a, b) => costOf(a) - costOf(b));
}

/** In metres: what a sound's priority and a rarer word count beside distance. */
const PRIORITY_METRES = 10;
const RANK_METRES = 5;

function costOf({ sound, distance, rank }: PlannedPrompt): number {
  return distance + RANK_METRES * rank - PRIORITY_METRES * sound.definition.priority;
}

/** A sound's own, and those of the sounds that fall back on it. */
function bindingsOf(sound: ActiveSound, sounds: readonly ActiveSound[]): EventBinding[] {
  const falling = new Set([sound]);
  for (const one of falling) {
    for (const other of sounds) {
      if (other.definition.fallback === one.definition.name) falling.add(other);
    }
  }
  return [...falling].flatMap(({ definition }) => definition.on);
}

function planSound(
  sound: ActiveSound,
  bindings: readonly EventBinding[],
  contents: readonly SceneContent[],
  ear: Point,
): PlannedPrompt[] {
  const found = new Map<string, PlannedPrompt>();
  for (const binding of bindings) {
    for (const planned of planBinding(sound, binding, contents, ear)) {
      const known = found.get(planned.prompt);
      if (known === undefined || costOf(planned) < costOf(known))
        found.set(planned.prompt, planned);
    }
  }
  const all = [...found.values()].sort((a, b) => costOf(a) - costOf(b)).slice(0, MAX_PLANNED);
  const coarse = coarsest(sound, all);
  return coarse === null ? all : [coarse, ...all];
}

/** What has no words of its own is heard for all of them until they are there. */
function coarsest(sound: ActiveSound, all: readonly PlannedPrompt[]): PlannedPrompt | null {
  const [first] = all;
  if (first === undefined || all.length < 2) return null;
  const words = sound.template.slots.map(({ fallback }) => fallback ?? '');
  const prompt = promptOf(sound.template, words);
  if (prompt === null || all.some((planned) => planned.prompt === prompt)) return null;
  return { ...first, prompt, rank: -1, coarse: true };
}

function* planBinding(
  sound: ActiveSound,
  binding: EventBinding,
  contents: readonly SceneContent[],
  ear: Point,
): Iterable<PlannedPrompt> {
  const { template } = sound;
  let left = MAX_EVENTS;
  for (const a of groupsOf(template, 'a', binding, contents, ear)) {
    for (const b of groupsOf(template, 'b', binding, contents, ear)) {
      if (isOneThing(a, b)) continue;
      for (const { event, rank } of eventsOf(sound, binding, a, b)) {
        for (const words of wordLists(template.slots, event)) {
          left -= 1;
          if (left < 0) return;
          const prompt = promptOf(template, words);
          const distance = Math.max(a.distance, b.distance);
          const place = { distance, rank, nodes: a.nodes };
          if (prompt !== null) yield { sound, prompt, coarse: false, ...place };
        }
      }
    }
  }
}

/** The nodes that fit, nearest first, those that the prompt cannot tell apart as one. */
function groupsOf(
  template: PromptTemplate,
  role: 'a' | 'b',
  binding: EventBinding,
  contents: readonly SceneContent[],
  ear: Point,
): Group[] {
  const selector = binding[role];
  const slots = template.slots.filter(({ sources }) => sources.includes(role));
  const isTold = role === 'a' ? binding.kind !== 'event' : PAIRED.has(binding.kind);
  if (selector === null && (slots.length === 0 || !isTold)) return [nobody()];
  const groups = new Map<string, Group>();
  for (const content of contents) {
    if (!matches(selector, content.object)) continue;
    const key = JSON.stringify(slots.map((slot) => slot.read(eventWith(role, content.object))));
    const group = groups.get(key) ?? { ...nobody(), object: content.object, distance: Infinity };
    groups.set(key, group);
    include(group, content, ear);
  }
  return [...groups.values()].sort((a, b) => a.distance - b.distance);
}

function nobody(): Group {
  return { object: NOTHING, distance: 0, count: 0, nodes: [] };
}

function include(group: Group, content: SceneContent, ear: Point): void {
  group.distance = Math.min(group.distance, distanceTo(content, ear));
  group.count += 1;
  if (group.nodes.length < MAX_NODES) group.nodes.push(content);
}

/** A thing does not hit itself. */
function isOneThing(a: Group, b: Group): boolean {
  return a.count === 1 && b.count === 1 && a.object.id === b.object.id;
}

function distanceTo({ point, radius }: SceneContent, ear: Point): number {
  return Math.max(0, Math.hypot(point.x - ear.x, point.y - ear.y, point.z - ear.z) - radius);
}

const ORIGIN: Point = Object.freeze({ x: 0, y: 0, z: 0 });

function eventWith(role: 'a' | 'b', object: SceneEvent['a']): SceneEvent {
  const nothing = { kind: 'event', a: NOTHING, b: NOTHING, point: ORIGIN, impulse: 0 } as const;
  return { ...nothing, [role]: object };
}

/** One for each strength and speed that the prompt can tell apart; the middle one is the likeliest. */
function* eventsOf(
  { template, definition }: ActiveSound,
  { kind, name }: EventBinding,
  { object: a }: Group,
  { object: b }: Group,
): Iterable<{ event: SceneEvent; rank: number }> {
  const isRead = (source: SlotSource) =>
    template.slots.some(({ sources }) => sources.includes(source));
  const impulses =
    kind === 'collision' && isRead('impulse') ? impulsesFrom(definition.minImpulse) : [0];
  const speeds = kind === 'contact' && isRead('speed') ? SPEEDS : [0];
  const plain = name === null || name.includes('*') ? '' : name;
  const names = kind === 'contact' && plain === '' && isRead('event') ? CONTACTS : [plain];
  for (const [i, impulse] of impulses.entries()) {
    for (const [j, speed] of speeds.entries()) {
      for (const one of names) {
        const event = { kind, name: one, a, b, point: ORIGIN, impulse, speed };
        yield { event, rank: Math.min(1, i) + Math.min(1, j) };
      }
    }
  }
}

const SPEEDS = [SPEED_LIMITS.medium, 0, SPEED_LIMITS.fast];
const CONTACTS = ['scrape', 'roll'];

function impulsesFrom(least: number): number[] {
  const { medium, hard } = INTENSITY_LIMITS;
  const impulses = [medium, 0, hard].map((impulse) => Math.max(impulse, least));
  const ofOneWord = (impulse: number) => (impulse >= hard ? 2 : Number(impulse >= medium));
  return impulses.filter(
    (impulse, index) =>
      impulses.findIndex((one) => ofOneWord(one) === ofOneWord(impulse)) === index,
  );
}

/** The words of all slots; every value of a closed list where only the game's data could say which. */
function wordLists(slots: readonly Slot[], event: SceneEvent): string[][] {
  let lists: string[][] = [[]];
  for (const slot of slots) {
    const words = wordsOf(slot, event);
    lists = lists.flatMap((list) => words.map((word) => [...list, word])).slice(0, MAX_PLANNED);
  }
  return lists;
}

function wordsOf(slot: Slot, event: SceneEvent): readonly string[] {
  const word = wordOf(slot, event);
  const isSaid = slot.read(event) !== '';
  if (!isSaid && slot.sources.includes('data') && slot.values.length > 0) return slot.values;
  return word === null ? [] : [word];
}

/** @returns null where it is too long, or nothing is left. */
function promptOf(template: PromptTemplate, words: readonly string[]): string | null {
  try {
    return writePrompt(template, words);
  } catch {
    return null;
  }
}
