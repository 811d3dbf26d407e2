import { expect, test } from 'vitest';
import { createContacts } from '../../../plugin/engines/contacts.ts';
import type { SceneEvent } from '../../../plugin/scene-event.ts';
import { thing } from '../events.ts';

const origin = { x: 0, y: 0, z: 0 };

function setUp(weight = 0) {
  const events: SceneEvent[] = [];
  const contacts = createContacts((event) => events.push(event));
  const describe = () => ({ a: thing('crate'), b: thing('floor'), point: origin });
  const add = (impulse: number, fields: object = {}) =>
    contacts.add({
      key: 'pair',
      began: false,
      point: origin,
      impulse,
      describe,
      weight: () => weight,
      ...fields,
    });
  const impulses = () => events.map(({ impulse }) => Number(impulse.toFixed(6)));
  return { contacts, add, events, impulses };
}

const began = { began: true };

test('all contact points of two steps are one hit', () => {
  const { contacts, add, impulses } = setUp();
  for (const impulse of [0.1, 0.2, 0.3]) add(impulse, began);
  contacts.step();
  expect(impulses()).toEqual([]);
  for (const impulse of [1, 2, 3]) add(impulse);
  contacts.step();
  contacts.step();
  expect(impulses()).toEqual([6.6]);
});

test('a contact that begins before it pushes is a hit once it does', () => {
  const { contacts, add, impulses } = setUp();
  add(0, began);
  contacts.step();
  for (const impulse of [0, 5, 1]) {
    add(impulse);
    contacts.step();
  }
  expect(impulses()).toEqual([6]);
});

test('one that begins and never pushes is none', () => {
  const { contacts, add, impulses } = setUp();
  add(0, began);
  for (let i = 0; i < 100; i++) contacts.step();
  expect(impulses()).toEqual([]);
});

test('weight is not heard', () => {
  const { contacts, add, impulses } = setUp(0.5);
  add(0.5, began);
  for (let i = 0; i < 100; i++) {
    add(0.5);
    contacts.step();
  }
  add(4.5);
  contacts.step();
  contacts.step();
  expect(impulses().filter((impulse) => impulse > 0.6)).toEqual([4]);
});

test('a leap in a lasting contact is a hit, its trembling is none', () => {
  const { contacts, add, impulses } = setUp();
  for (let i = 0; i < 50; i++) {
    add(1 + 0.5 * (i % 2));
    contacts.step();
  }
  const before = impulses().length;
  for (let i = 0; i < 50; i++) {
    add(1 + 0.5 * (i % 2));
    contacts.step();
  }
  expect(impulses().length - before).toBe(0);
  for (const impulse of [8, 1]) {
    add(impulse);
    contacts.step();
  }
  expect(impulses().slice(before)).toEqual([9]);
});

test('the hit is where it was strongest, or where the first body is when no point is known', () => {
  const { contacts, add, events } = setUp();
  add(1, { ...began, point: { x: 1, y: 0, z: 0 } });
  contacts.step();
  add(3, { point: { x: 2, y: 0, z: 0 } });
  add(2, { point: { x: 3, y: 0, z: 0 } });
  contacts.step();
  add(1, { ...began, key: 'other', point: null });
  contacts.step();
  contacts.step();
  expect(events.map(({ point }) => point.x)).toEqual([2, 0]);
});

test('pairs are apart', () => {
  const { contacts, add, impulses } = setUp();
  add(1, { ...began, key: 'a' });
  add(2, { ...began, key: 'b' });
  contacts.step();
  contacts.step();
  expect(impulses()).toEqual([1, 2]);
});

test('of thousands of pairs at once a bounded number is kept', () => {
  const { contacts, add, impulses } = setUp();
  for (let i = 0; i < 5000; i++) add(1, { ...began, key: `${i}` });
  contacts.step();
  contacts.step();
  expect(impulses()).toHaveLength(2000);
});
