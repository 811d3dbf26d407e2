import { expect, test } from 'vitest';
import { createEventGate, MOST_EVENTS } from '../../../plugin/engines/event-gate.ts';
import type { SceneEvent } from '../../../plugin/scene-event.ts';
import { collision, thing } from '../events.ts';

function setUp() {
  const events: SceneEvent[] = [];
  return { events, gate: createEventGate((event) => events.push(event)) };
}

test('the same thing is told once in a rendered image', () => {
  const { events, gate } = setUp();
  for (let i = 0; i < 1000; i++) gate.emit(collision({ name: `${i % 2}` }));
  expect(events.map(({ name }) => name)).toEqual(['0', '1']);
  gate.step();
  gate.emit(collision({ name: '0' }));
  expect(events).toHaveLength(3);
});

test('a storm is bounded, and what is left out is counted', () => {
  const { events, gate } = setUp();
  for (let i = 0; i < 1000; i++) gate.emit(collision({ a: thing(`${i}`) }));
  expect([events.length, gate.dropped]).toEqual([MOST_EVENTS, 1000 - MOST_EVENTS]);
});

test('begins and ends pass in any storm', () => {
  const { events, gate } = setUp();
  for (let i = 0; i < 1000; i++) gate.emit(collision({ a: thing(`${i}`) }));
  for (let i = 0; i < 1000; i++) {
    gate.emit(collision({ kind: 'event', a: thing(`${i}`), phase: i % 2 ? 'begin' : 'end' }));
  }
  expect(events.filter(({ kind }) => kind === 'event')).toHaveLength(1000);
});
