import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import { describe, expect, test } from 'vitest';
import { markAnimation } from '../../../../plugin/engines/babylon.ts';
import type { EventBinding } from '../../../../plugin/sound-definition.ts';
import { named } from '../../events.ts';
import { createAnimation, createGroup, TENTHS } from './animations.ts';
import { countObservers, createWorld } from './world.ts';

const STEPS = { kind: 'animationEvent', name: 'step' } as const;

/** A hero who walks: one second, steps at 0.2 and 0.7. */
async function setUp(...bindings: Partial<EventBinding>[]) {
  const world = await createWorld(...bindings);
  const hero = new TransformNode('hero', world.scene);
  const walk = createGroup(world.scene, 'Walk', hero);
  walk.metadata = { gltf: { extras: { foley: { step: [0.2, 0.7], breath: 0.5 } } } };
  world.render();
  return { ...world, hero, walk };
}

const atOf = ({ events }: { events: { data?: Readonly<Record<string, unknown>> }[] }) =>
  events.map(({ data }) => data?.at);

describe('marks in glTF extras', () => {
  test('are told once as they are passed, where the node is then', async () => {
    const world = await setUp(STEPS);
    world.walk.start(false, TENTHS);
    world.render(20);
    expect(world.told()).toEqual(['once step hero', 'once step hero']);
    expect(atOf(world)).toEqual([0.2, 0.7]);
    const at = world.events.map(({ point }) => point.x);
    expect(at[0]).toBeCloseTo(0.2, 1);
    expect(at[1]).toBeCloseTo(0.7, 1);
  });

  test.each([0.3, 1, TENTHS, 20])('once a loop, at speed %d', async (speed) => {
    const { walk, told, render } = await setUp(STEPS);
    walk.start(true, speed);
    render(1);
    const loops = 4;
    render(Math.round((loops * 1000) / 16 / speed));
    const { length } = told();
    expect(Math.abs(length - 2 * loops)).toBeLessThanOrEqual(1);
  });

  test('at the very beginning and the very end, too', async () => {
    const world = await setUp({ kind: 'animationEvent' });
    world.walk.metadata = { foley: { first: 0, last: 1 } };
    world.walk.start(false, TENTHS);
    world.render(20);
    expect(world.told()).toEqual(['once first hero', 'once last hero']);
  });

  test('begin anew when it is started anew', async () => {
    const world = await setUp(STEPS);
    for (let i = 0; i < 3; i++) {
      world.walk.start(false, TENTHS);
      world.render(4);
      world.walk.stop();
    }
    world.render(3);
    expect(atOf(world)).toEqual([0.2, 0.2, 0.2]);
  });

  test('wait while it pauses', async () => {
    const { walk, told, render } = await setUp(STEPS);
    walk.start(false, TENTHS);
    render(4);
    walk.pause();
    render(20);
    expect(told()).toHaveLength(1);
    walk.play();
    render(20);
    expect(told()).toHaveLength(1);
  });

  test('that are no numbers, too many, or no marks at all are left out', async () => {
    const { walk, told, render, warnings } = await setUp({ kind: 'animationEvent' });
    const many = Array.from({ length: 1000 }, (_, i) => i / 1000);
    for (const foley of [null, 'step', { step: ['x', -1, Number.NaN, {}] }, { step: many }]) {
      walk.metadata = { foley };
      walk.start(false, TENTHS);
      render(20);
    }
    expect(told().length).toBeLessThanOrEqual(64);
    expect(warnings).toEqual([]);
  });
});

describe('marks of bindings', () => {
  const AT = { kind: 'animationGroup', name: 'Wa*', at: [0.25, 0.75] } as const;

  test('are events of the group, which say where', async () => {
    const world = await setUp(AT);
    world.walk.start(false, TENTHS);
    world.render(20);
    expect(world.events.map(({ kind, phase }) => [kind, phase])).toEqual([
      ['animationGroup', undefined],
      ['animationGroup', undefined],
    ]);
    expect(atOf(world)).toEqual([0.25, 0.75]);
    expect(world.told()).toEqual(['once Walk hero', 'once Walk hero']);
  });

  test('of two bindings are told once each', async () => {
    const world = await setUp(AT, { ...AT, at: [0.75, 0.9], a: named('hero') });
    world.walk.start(false, TENTHS);
    world.render(20);
    expect(atOf(world)).toEqual([0.25, 0.75, 0.9]);
  });

  test('of a part that does not play are not passed', async () => {
    const world = await setUp(AT);
    world.walk.start(true, TENTHS, 30, 60);
    world.render(20);
    expect(new Set(atOf(world))).toEqual(new Set([0.75]));
  });
});

describe('marks in code', () => {
  test('of an animation in a group, or alone', async () => {
    const world = await setUp(STEPS);
    const { hero, scene } = world;
    const animation = createAnimation();
    markAnimation(animation, 0.5, 'step');
    hero.animations.push(animation);
    scene.beginAnimation(hero, 0, 60, false, TENTHS);
    world.render(20);
    expect(world.told()).toEqual(['once step hero']);
    const group = createGroup(scene, 'Run', hero);
    const [run] = group.targetedAnimations;
    if (run !== undefined) markAnimation(run.animation, 0.4, 'step');
    group.start(false, TENTHS);
    world.render(20);
    expect(atOf(world)).toEqual([0.5, 0.4]);
  });

  test('played backwards are passed on the way back', async () => {
    const world = await setUp(STEPS);
    const animation = createAnimation();
    for (const at of [0.2, 0.8]) markAnimation(animation, at, 'step');
    world.hero.animations.push(animation);
    world.scene.beginAnimation(world.hero, 60, 0, false, TENTHS);
    world.render(20);
    expect(atOf(world)).toEqual([0.8, 0.2]);
  });

  test('a moment that is no number, or no name, is refused', () => {
    const animation = createAnimation();
    expect(() => markAnimation(animation, -1, 'step')).toThrow(/0 or more seconds, got -1/);
    expect(() => markAnimation(animation, Number.NaN, 'step')).toThrow(RangeError);
    expect(() => markAnimation(animation, 0, '')).toThrow(/name is empty/);
    expect(animation.getEvents()).toEqual([]);
  });
});

test('only wanted marks are told, of wanted nodes', async () => {
  const { walk, told, render, watch } = await setUp({ ...STEPS, a: named('villain') });
  walk.start(true, TENTHS);
  render(20);
  expect(told()).toEqual([]);
  watch({ kind: 'animationEvent', name: 'br*', a: named('hero') });
  render(10);
  expect(told()).toEqual(['once breath hero']);
  watch();
  render(20);
  expect(told()).toEqual([]);
});

test('what plays already goes on from where it is', async () => {
  const world = await setUp();
  world.walk.start(false, TENTHS);
  world.render(5);
  world.watch(STEPS);
  world.render(20);
  expect(atOf(world)).toEqual([0.7]);
});

test('nothing is observed, and a target that is disposed in the middle is no error', async () => {
  const { scene, walk, hero, told, render, watch, warnings } = await setUp();
  watch();
  const before = countObservers(scene);
  watch(STEPS);
  walk.start(true, TENTHS);
  render(10);
  expect(countObservers(scene)).toBe(before);
  told();
  hero.dispose();
  render(20);
  walk.dispose();
  render(20);
  expect(warnings).toEqual([]);
});
