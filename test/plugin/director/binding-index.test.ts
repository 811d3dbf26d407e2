import { expect, test } from 'vitest';
import { createBindingIndex } from '../../../plugin/director/binding-index.ts';
import { compileBinding } from '../../../plugin/event-binding.ts';
import type { EventPhase, SceneEvent, SceneEventKind } from '../../../plugin/scene-event.ts';
import type { EventBinding } from '../../../plugin/sound-definition.ts';
import { binding, collision, named, thing } from '../events.ts';

function found(bindings: EventBinding[], event: SceneEvent): number[] {
  const visited: number[] = [];
  const index = createBindingIndex(bindings.map((one, sound) => ({ sound, binding: one })));
  index.match(event, ({ sound }) => visited.push(sound));
  return visited;
}

test('finds what looking at every binding finds, in their order', () => {
  const kinds: SceneEventKind[] = ['collision', 'event', 'contact'];
  const names = [null, 'ring', 'r*', 'rung', ''];
  const phases: EventBinding['when'][] = ['begin', 'while', 'end'];
  const nodes = [null, named('crate'), named('floor')];
  const bindings = kinds.flatMap((kind) =>
    names.flatMap((name) =>
      phases.flatMap((when) => nodes.map((a) => binding({ kind, name, when, a }))),
    ),
  );
  const eventPhases: (EventPhase | undefined)[] = [undefined, 'begin', 'change', 'end'];
  for (const kind of kinds) {
    for (const name of [undefined, 'ring', 'rang', 'rung']) {
      for (const phase of eventPhases) {
        const event = { ...collision({ kind }), ...(name && { name }), ...(phase && { phase }) };
        const slow = bindings.flatMap((one, i) => (compileBinding(one)(event) ? [i] : []));
        expect(found(bindings, event)).toEqual(slow);
      }
    }
  }
});

test('a and b come changed over where only that fits', () => {
  const seen: string[] = [];
  const index = createBindingIndex([{ sound: 0, binding: binding({ a: named('floor') }) }]);
  const told = (event: SceneEvent) =>
    index.match(event, (_, { a, b }) => seen.push(`${a.name} ${b.name}`));
  told(collision());
  told(collision({ a: thing('floor'), b: thing('crate') }));
  told(collision({ a: thing('cat'), b: thing('dog') }));
  expect(seen).toEqual(['floor crate', 'floor crate']);
});

test('the event itself is handed on where it fits as it is', () => {
  const event = collision();
  const index = createBindingIndex([{ sound: 0, binding: binding() }]);
  index.match(event, (_, same) => expect(same).toBe(event));
  expect.assertions(1);
});
