/**
 * Which events a binding of a sound map means: the same answer for engines, which need not watch for others, and for the
 * director, which makes sounds of them.
 *
 *   on: { kind: trigger, b: { name: [pond] }, when: end }   ◀──fits──   trigger, phase 'end', a hero, b pond
 */
import { compileGlob, matches } from './node-selector.ts';
import type { EventPhase, SceneEvent, SceneEventKind, SceneObject } from './scene-event.ts';
import type { EventBinding } from './sound-definition.ts';

/** Kinds whose two things are equals: `a` and `b` of a binding fit either way round. */
const MUTUAL: ReadonlySet<SceneEventKind> = new Set(['collision', 'contact']);

const PHASES = {
  begin: ['once', 'begin'],
  change: ['change'],
  end: ['end'],
  while: ['begin', 'change', 'end'],
} as const satisfies Record<EventBinding['when'], readonly EventPhase[]>;

/** What rules in code want. */
export const ANY_COLLISION: EventBinding = {
  kind: 'collision',
  name: null,
  when: 'begin',
  a: null,
  b: null,
  at: [],
};

/** @returns whether an event is meant; 'while' means all of what lasts. */
export function compileBinding(binding: EventBinding): (event: SceneEvent) => boolean {
  const isTopic = compileTopics([binding]);
  return (event) => fitsMoment(binding, event) && isTopic(event);
}

/** What an event is about, whatever its moment. */
export type Topic = Pick<SceneEvent, 'kind' | 'name' | 'a' | 'b'>;

/** @returns whether one of the bindings is about it, whatever its moment: engines ask before they observe. */
export function compileTopics(bindings: readonly EventBinding[]): (topic: Topic) => boolean {
  const topics = bindings.map((binding) => {
    const fitsName = compileGlob(binding.name);
    return ({ kind, name = '', a, b }: Topic) =>
      kind === binding.kind && fitsName(name) && fitsThings(binding, a, b);
  });
  return (topic) => topics.some((fits) => fits(topic));
}

/** A mark of an animation group is an event of its own, which happens once and says where: data.at. */
function fitsMoment({ kind, when, at }: EventBinding, { phase = 'once', data }: SceneEvent) {
  if (kind === 'animationGroup') {
    if (at.length > 0) return phase === 'once' && at.some((mark) => mark === data?.at);
    if (phase === 'once') return false;
  }
  return (PHASES[when] as readonly EventPhase[]).includes(phase);
}

function fitsThings(
  { kind, a, b }: Pick<EventBinding, 'kind' | 'a' | 'b'>,
  one: SceneObject,
  other: SceneObject,
): boolean {
  if (matches(a, one) && matches(b, other)) return true;
  return MUTUAL.has(kind) && matches(a, other) && matches(b, one);
}
