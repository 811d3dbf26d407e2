import { expect, test } from 'vitest';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { createZones } from '../../../plugin/mixer/zones.ts';
import type { NodeSelector, ZoneDefinition } from '../../../plugin/sound-definition.ts';

const ANY: NodeSelector = { name: null, tag: null, material: null, data: null };

function zone(name: string, node: NodeSelector | null = { ...ANY, name: [name] }): ZoneDefinition {
  return { name, node, sounds: null, reverb: null };
}

function setUp(...definitions: ZoneDefinition[]) {
  const adapter = createNullAdapter();
  const zones = createZones(adapter);
  zones.define(definitions);
  const addBox = (name: string, from: number, to: number) =>
    adapter.addNode(
      { x: 0, y: 0, z: 0 },
      { name },
      { min: { x: from, y: -1, z: -1 }, max: { x: to, y: 1, z: 1 } },
    );
  const nameAt = (x: number) => zones.zoneAt({ x, y: 0, z: 0 })?.name ?? null;
  return { adapter, zones, addBox, nameAt };
}

test('the ear is in the smallest zone that holds it, else in the one that is everywhere', () => {
  const { zones, addBox, nameAt } = setUp(zone('house'), zone('room'), zone('world', null));
  addBox('house', -10, 10);
  addBox('room', 2, 4);
  zones.find();
  expect([-20, 0, 3, 10, 10.1].map(nameAt)).toEqual(['world', 'house', 'room', 'house', 'world']);
});

test('without one that is everywhere it may be in none', () => {
  const { zones, addBox, nameAt } = setUp(zone('room'));
  addBox('room', 0, 1);
  zones.find();
  expect([0.5, 2].map(nameAt)).toEqual(['room', null]);
});

test('a room that comes later is found, one that goes is forgotten', () => {
  const { adapter, zones, addBox, nameAt } = setUp(zone('room'));
  zones.update(0);
  const room = addBox('room', 0, 1);
  zones.update(1); // not yet
  expect(nameAt(0.5)).toBeNull();
  zones.update(5);
  expect(nameAt(0.5)).toBe('room');
  adapter.removeNode(room);
  zones.update(10);
  expect(nameAt(0.5)).toBeNull();
});

test('a large scene is looked through a few things at a time', () => {
  const { zones, addBox, nameAt } = setUp(zone('last'));
  for (let i = 0; i < 200; i++) addBox(`box ${i}`, 0, 1);
  addBox('last', 0, 1);
  let images = 0;
  while (nameAt(0.5) === null && images < 100) {
    zones.update(0);
    images += 1;
  }
  expect(images).toBe(4);
});

test('a thing without a size is no room', () => {
  const { adapter, zones, nameAt } = setUp(zone('room'));
  adapter.addNode({ x: 0, y: 0, z: 0 }, { name: 'room' });
  zones.find();
  expect(nameAt(0)).toBeNull();
});
