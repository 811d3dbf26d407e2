import { expect, test } from 'vitest';
import { compileBinding } from '../../plugin/event-binding.ts';
import type { EventPhase, SceneEvent } from '../../plugin/scene-event.ts';
import type { EventBinding } from '../../plugin/sound-definition.ts';
import { binding, collision, named, thing } from './events.ts';

const fits = (fields: Partial<EventBinding>, event: Partial<SceneEvent>) =>
  compileBinding(binding(fields))(collision(event));

test('the kind and the name must fit', () => {
  expect(fits({ kind: 'action' }, { kind: 'action', name: 'pick' })).toBe(true);
  expect(fits({ kind: 'action', name: 'pick*' }, { kind: 'action', name: 'pickDown' })).toBe(true);
  expect(fits({ kind: 'action', name: 'pick' }, { kind: 'action', name: 'pickDown' })).toBe(false);
  expect(fits({ kind: 'action' }, { kind: 'node' })).toBe(false);
});

test.each([
  ['begin', ['once', 'begin']],
  ['change', ['change']],
  ['end', ['end']],
  ['while', ['begin', 'change', 'end']],
] as const)('%s means %j', (when, phases) => {
  const all: EventPhase[] = ['once', 'begin', 'change', 'end'];
  const meant = all.filter((phase) => fits({ kind: 'event', when }, { kind: 'event', phase }));
  expect(meant).toEqual(phases);
});

test('of a collision or a contact the two are equals, else a is the one it happens to', () => {
  const [a, b] = [named('stone'), named('crate')];
  const two = { a: thing('crate'), b: thing('stone') };
  expect(fits({ a, b }, two)).toBe(true);
  expect(fits({ a: null, b }, two)).toBe(true);
  expect(fits({ kind: 'contact', a, b }, { kind: 'contact', ...two })).toBe(true);
  expect(fits({ kind: 'trigger', a, b }, { kind: 'trigger', ...two })).toBe(false);
  expect(fits({ a: b, b }, two)).toBe(false);
});

test('marks of a group and its play are told apart', () => {
  const event = { kind: 'animationGroup', name: 'walk' } as const;
  const mark = { ...event, data: { at: 0.2 } };
  expect(fits({ kind: 'animationGroup', at: [0.2, 0.7] }, mark)).toBe(true);
  expect(fits({ kind: 'animationGroup', at: [0.7] }, mark)).toBe(false);
  expect(fits({ kind: 'animationGroup' }, mark)).toBe(false);
  expect(fits({ kind: 'animationGroup' }, { ...event, phase: 'begin' })).toBe(true);
  expect(fits({ kind: 'animationGroup', at: [0.2] }, { ...event, phase: 'begin' })).toBe(false);
});
