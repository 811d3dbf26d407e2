/** Real bodies on a real slope: what slides scrapes, what rolls rolls, what rests is silent. */
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SceneEvent } from '../../../../plugin/scene-event.ts';
import { named } from '../../events.ts';
import { loadHavok } from '../../load-havok.ts';
import { addBall, addCrate, addRamp, enableHavok } from './ramp.ts';
import { countObservers, createWorld } from './world.ts';

const STEEP = 0.6;
const G = 9.81;
let havok: unknown;

beforeAll(async () => {
  havok = await loadHavok();
});

async function setUp(...bindings: Parameters<typeof createWorld>) {
  const world = await createWorld(...bindings);
  enableHavok(world.scene, havok);
  const of = (kind: SceneEvent['kind']) => world.events.filter((event) => event.kind === kind);
  return { ...world, of };
}

const speeds = (events: SceneEvent[]) => events.map(({ speed = 0 }) => speed);

describe('a crate on a slope', () => {
  test('scrapes, as fast as it slides', async () => {
    const { scene, of, render } = await setUp({ kind: 'contact' });
    addRamp(scene, STEEP, 0.2);
    addCrate(scene, STEEP, 0.2);
    render(60);
    const told = of('contact');
    expect(new Set(told.map(({ name, a, b }) => `${name} ${a.name} ${b.name}`))).toEqual(
      new Set(['scrape crate ramp']),
    );
    expect(told.map(({ phase }) => phase)).toEqual([
      'begin',
      ...Array.from({ length: told.length - 1 }, () => 'change'),
    ]);
    expect(speeds(told)).toEqual([...speeds(told)].sort((a, b) => a - b));
    // a = g (sin − µ cos); smoothing is some steps late
    const theory = G * (Math.sin(STEEP) - 0.2 * Math.cos(STEEP));
    expect(speeds(told).at(-1)).toBeGreaterThan(0.8 * theory);
    expect(speeds(told).at(-1)).toBeLessThan(1.05 * theory);
  });

  test('that friction holds is silent', async () => {
    const { scene, events, render } = await setUp({ kind: 'contact' }, { kind: 'collision' });
    addRamp(scene, 0.2, 0.9);
    addCrate(scene, 0.2, 0.9);
    render(300);
    expect(events.filter(({ kind, impulse }) => kind === 'contact' || impulse > 0.1)).toEqual([]);
  });

  test('ends when it is disposed, or the scene is, and leaves no observer', async () => {
    for (const dispose of ['crate', 'scene']) {
      const { scene, told, render } = await setUp({ kind: 'contact' });
      addRamp(scene, STEEP, 0.2);
      const crate = addCrate(scene, STEEP, 0.2);
      render(30);
      told();
      if (dispose === 'scene') scene.dispose();
      else crate.transformNode.dispose();
      expect(told()).toEqual(['end scrape crate ramp']);
      if (dispose === 'crate') render(60);
      expect(told()).toEqual([]);
    }
  });
});

test('a ball rolls', async () => {
  const { scene, of, render } = await setUp({ kind: 'contact' });
  addRamp(scene, 0.3, 0.8);
  addBall(scene, 0.3, 0.8);
  render(60);
  const told = of('contact');
  expect(new Set(told.map(({ name }) => name))).toEqual(new Set(['roll']));
  // A solid sphere rolls with 5/7 of what it would slide with.
  const theory = (5 / 7) * G * Math.sin(0.3);
  expect(speeds(told).at(-1)).toBeGreaterThan(0.8 * theory);
  expect(speeds(told).at(-1)).toBeLessThan(1.05 * theory);
});

test('a ball on ice slips: it scrapes', async () => {
  const { scene, told, render } = await setUp({ kind: 'contact' });
  addRamp(scene, 0.3, 0);
  addBall(scene, 0.3, 0);
  render(60);
  expect(told()[0]).toBe('begin scrape ball ramp');
});

test('a crate that is pushed on a floor scrapes, slows down and ends', async () => {
  const { scene, of, render } = await setUp({ kind: 'contact' });
  addRamp(scene, 0, 0.3);
  const crate = addCrate(scene, 0, 0.3);
  render(30);
  crate.body.setLinearVelocity(new Vector3(3, 0, 0));
  render(180);
  const told = of('contact');
  expect([told[0]?.phase, told.at(-1)?.phase]).toEqual(['begin', 'end']);
  expect(told.filter(({ phase }) => phase === 'end')).toHaveLength(1);
  expect(Math.max(...speeds(told))).toBeGreaterThan(1.5);
  expect(speeds(told).at(-1)).toBeLessThan(0.1);
});

test('many crates at rest tell nothing', async () => {
  const { scene, events, render } = await setUp({ kind: 'contact' });
  addRamp(scene, 0, 0.5);
  for (let i = 0; i < 40; i++) addCrate(scene, 0, 0.5, new Vector3((i % 8) * 2, 0, i >> 3));
  render(120);
  expect(events).toEqual([]);
});

test('only what is wanted is told', async () => {
  const { scene, told, render, watch } = await setUp({ kind: 'contact', name: 'roll' });
  addRamp(scene, STEEP, 0.2);
  addCrate(scene, STEEP, 0.2);
  render(30);
  expect(told()).toEqual([]);
  watch({ kind: 'contact', a: named('barrel') });
  render(30);
  expect(told()).toEqual([]);
  watch({ kind: 'contact', b: named('crate') });
  render(30);
  expect(told()[0]).toBe('begin scrape crate ramp');
  watch();
  expect(told()).toEqual(['end scrape crate ramp']);
});

test('a new sound map does not interrupt what is still wanted', async () => {
  const { scene, told, render, watch } = await setUp({ kind: 'contact' });
  addRamp(scene, STEEP, 0.2);
  addCrate(scene, STEEP, 0.2);
  render(30);
  told();
  watch({ kind: 'contact', name: 'scrape' }, { kind: 'collision' });
  render(30);
  expect(new Set(told())).toEqual(new Set(['change scrape crate ramp']));
});

test('observers are taken back', async () => {
  const { scene, adapter, render } = await setUp();
  addRamp(scene, STEEP, 0.2);
  addCrate(scene, STEEP, 0.2);
  adapter.watch([]);
  render(5);
  const before = countObservers(scene);
  adapter.watch([{ kind: 'contact', name: null, when: 'while', a: null, b: null, at: [] }]);
  render(30);
  expect(countObservers(scene)).toBeGreaterThan(before);
  adapter.watch([]);
  expect(countObservers(scene)).toBe(before);
});
