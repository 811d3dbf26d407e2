/** The demo's sound map and the events that its code tells fit together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSoundMap } from '../../plugin/sound-map.ts';
import { root } from '../support/source-files.ts';

const read = (file: string) => readFileSync(join(root, 'demo-scene', file), 'utf8');
const map = await parseSoundMap(read('sounds.yaml'), 'sounds.yaml');
const sounds = [...map.sounds.values()];

/** Names in `foley.trigger('…` and `foley.begin('…`. */
function eventsTold(): string[] {
  return [...read('sounds.ts').matchAll(/foley\.(?:trigger|begin)\('([^']+)'/g)].map(
    ([, name = '']) => name,
  );
}

test('every event that the game tells has a sound, and every sound for events is told of', () => {
  const bound = sounds.flatMap(({ on }) => on).filter(({ kind }) => kind === 'event');
  const names = bound.map(({ name }) => name ?? '');
  expect(eventsTold().sort()).toEqual(names.sort());
});

test('every sound of the zones is there', () => {
  const named = [...map.zones.values()].flatMap((zone) => zone.sounds ?? []);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !map.sounds.has(name))).toEqual([]);
});

test('the floors that one walks on are words of the footsteps', () => {
  const surfaces = map.sounds.get('step')?.slots.get('surface')?.values;
  expect(surfaces).toEqual(['wood', 'stone', 'metal', 'gravel', 'snow']);
});

test('whoever cannot hear is told of all but the wind', () => {
  expect(sounds.filter(({ caption }) => !caption).map(({ name }) => name)).toEqual(['wind']);
});
