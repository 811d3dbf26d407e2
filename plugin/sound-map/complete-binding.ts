/**
 * A written binding → EventBinding.
 *
 *   { trigger: inside, a: hero }      →  { kind: 'trigger', when: 'while', a: { name: ['hero'] } }
 *   { event: machine } of a loop      →  { kind: 'event', name: 'machine', when: 'while' }
 */
import type { EventBinding, NodeSelector } from '../sound-definition.ts';
import type {
  AnimationGroupBinding,
  BindingInput,
  LastingWord,
  SelectorFields,
  SelectorInput,
} from './binding-input.ts';

type When = EventBinding['when'];

const TRIGGER = { enter: 'begin', exit: 'end', inside: 'while' } as const;
const NODE = { appears: 'begin', vanishes: 'end', present: 'while' } as const;
const PARTICLES = { starts: 'begin', stops: 'end', emits: 'while' } as const;
const LASTING = { begins: 'begin', changes: 'change', ends: 'end', lasts: 'while' } as const;
const GROUP = { plays: 'begin', loops: 'change', ends: 'end', playing: 'while' } as const;

/** @param loop of the sound: what lasts sounds from its begin to its end, where the writer does not say otherwise. */
export function completeBinding(written: BindingInput, loop: boolean): EventBinding {
  return {
    ...kindOf(written, loop),
    a: completeSelector(written.a),
    b: completeSelector(written.b),
    at: 'animationGroup' in written ? marksOf(written) : [],
  };
}

function kindOf(
  written: BindingInput,
  loop: boolean,
): Pick<EventBinding, 'kind' | 'name' | 'when'> {
  if ('collision' in written) return { kind: 'collision', name: null, when: 'begin' };
  if ('collide' in written) return { kind: 'collide', name: null, when: 'begin' };
  if ('action' in written) return { kind: 'action', name: written.action, when: 'begin' };
  if ('trigger' in written) return { kind: 'trigger', name: null, when: TRIGGER[written.trigger] };
  if ('node' in written) return { kind: 'node', name: null, when: NODE[written.node] };
  if ('animationEvent' in written) {
    return { kind: 'animationEvent', name: written.animationEvent, when: 'begin' };
  }
  if ('contact' in written) {
    const name = written.contact === 'any' ? null : written.contact;
    return { kind: 'contact', name, when: partOf(written.when, loop) };
  }
  if ('animationGroup' in written) {
    return { kind: 'animationGroup', name: written.animationGroup, when: groupPart(written, loop) };
  }
  if ('particles' in written) {
    return { kind: 'particles', name: written.name ?? null, when: PARTICLES[written.particles] };
  }
  return { kind: 'event', name: written.event, when: partOf(written.when, loop) };
}

function partOf(when: LastingWord | undefined, loop: boolean): When {
  return LASTING[when ?? (loop ? 'lasts' : 'begins')];
}

function groupPart({ when, at }: AnimationGroupBinding, loop: boolean): When {
  return GROUP[when ?? (loop && at === undefined ? 'playing' : 'plays')];
}

function marksOf({ at }: AnimationGroupBinding): readonly number[] {
  return at === undefined ? [] : listOf(at);
}

/** A word or a list of words are names. */
export function completeSelector(written: SelectorInput | null | undefined): NodeSelector | null {
  if (written === null || written === undefined) return null;
  const fields: SelectorFields =
    typeof written === 'string' || Array.isArray(written) ? { name: written } : written;
  return {
    name: listOrNull(fields.name),
    tag: listOrNull(fields.tag),
    material: listOrNull(fields.material),
    data: fields.data === undefined ? null : { ...fields.data },
  };
}

function listOrNull(words: string | string[] | undefined): readonly string[] | null {
  return words === undefined ? null : listOf(words);
}

/** One, or a list: always a list of its own. */
export function listOf<T extends string | number | object>(oneOrMore: T | T[]): T[] {
  return Array.isArray(oneOrMore) ? [...oneOrMore] : [oneOrMore];
}
