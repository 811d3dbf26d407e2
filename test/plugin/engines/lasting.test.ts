import { expect, test } from 'vitest';
import { createLasting, MOST_LASTING } from '../../../plugin/engines/lasting.ts';
import type { SceneEvent } from '../../../plugin/scene-event.ts';
import { collision, thing } from '../events.ts';

const fire = (id = 'fire', fields: Partial<SceneEvent> = {}) =>
  collision({ kind: 'node', a: thing(id), impulse: 0, ...fields });

function setUp() {
  const events: SceneEvent[] = [];
  let full = 0;
  const lasting = createLasting(
    (event) => events.push(event),
    () => {
      full += 1;
    },
  );
  const told = () => events.splice(0).map(({ phase, a }) => `${phase} ${a.id}`);
  return { lasting, events, told, fullness: () => full };
}

test('begins once, changes, ends once', () => {
  const { lasting, told } = setUp();
  lasting.change(fire());
  lasting.end(fire());
  lasting.begin(fire());
  lasting.begin(fire());
  lasting.change(fire());
  lasting.end(fire());
  lasting.end(fire());
  expect(told()).toEqual(['begin fire', 'change fire', 'end fire']);
});

test('the end says where and how it was last', () => {
  const { lasting, events } = setUp();
  lasting.begin(fire('fire', { speed: 1 }));
  lasting.change(fire('fire', { speed: 2, point: { x: 5, y: 0, z: 0 } }));
  lasting.retain(() => false);
  expect(events.at(-1)).toMatchObject({ phase: 'end', speed: 2, point: { x: 5 } });
});

test('ends by its node, and lets go of the node however it ends', () => {
  const { lasting, told } = setUp();
  let gone = () => {};
  let released = 0;
  const watch = (end: () => void) => {
    gone = end;
    return () => {
      released += 1;
    };
  };
  lasting.begin(fire(), watch);
  gone();
  gone();
  lasting.begin(fire(), watch);
  lasting.end(fire());
  gone();
  expect(told()).toEqual(['begin fire', 'end fire', 'begin fire', 'end fire']);
  expect([released, lasting.size]).toEqual([2, 0]);
});

test('what is still wanted stays', () => {
  const { lasting, told } = setUp();
  for (const id of ['a', 'b', 'c']) lasting.begin(fire(id));
  told();
  lasting.retain(({ a }) => a.id === 'b');
  expect(told()).toEqual(['end a', 'end c']);
  expect([lasting.has(fire('a')), lasting.has(fire('b'))]).toEqual([false, true]);
});

test('is bounded, says so once, and every begin has its end', () => {
  const { lasting, told, fullness } = setUp();
  for (let i = 0; i < 2 * MOST_LASTING; i++) lasting.begin(fire(`${i}`));
  expect([told().length, fullness()]).toEqual([MOST_LASTING, 1]);
  for (let i = 0; i < 2 * MOST_LASTING; i++) lasting.end(fire(`${i}`));
  expect([told().length, lasting.size]).toEqual([MOST_LASTING, 0]);
});
