/** A real crate falls on a real floor: Havok's contact becomes a prompt and a pulse at the right time. */
import type { Scene } from '@babylonjs/core/scene.js';
import { beforeAll, expect, test, vi } from 'vitest';
import { createFoley } from '../../plugin/engines/babylon.ts';
import type { FoleyEvent } from '../../plugin/foley.ts';
import { createFakeRuntime } from './fake-runtime.ts';
import { type Drop, dropCrate, MASS } from './falling-crate.ts';
import { createAudioEngine, createScene, installFakePage } from './headless-babylon.ts';
import { loadHavok } from './load-havok.ts';
import { offlineContext, pulsesOf, renderWith } from './web-audio.ts';

installFakePage();

const STEP = 1 / 60;
let havok: unknown;

beforeAll(async () => {
  havok = await loadHavok();
});

async function setUp(drop: Drop) {
  const scene = createScene();
  const context = offlineContext(1.2);
  const audioEngine = await createAudioEngine(context);
  const runtime = createFakeRuntime();
  const options = { model: '/m/', runtime, audioEngine, stream: false };
  const foley = await createFoley(scene, options);
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const impulses: number[] = [];
  foley.addRule({
    when: ({ impulse }) => impulses.push(impulse) > 0,
    minImpulse: 0,
    prompt: '{intensity} impact of a {a.material} crate on {b.material}',
    takes: 1,
    cooldown: 3600, // real seconds: however slowly it is rendered, the bounces are within
  });
  dropCrate(scene, havok, drop);
  return { scene, context, audioEngine, foley, events, impulses };
}

const prompts = (events: FoleyEvent[]) => events.map(({ prompt }) => prompt);

function renderImages(scene: Scene, count: number): void {
  for (let i = 0; i < count; i++) scene.render();
}

test('material and impulse of a real contact are in the prompt', async () => {
  const { scene, events, foley } = await setUp({ height: 1.5 });
  renderImages(scene, 60);
  expect(prompts(events)).toEqual(['hard impact of a wood crate on stone']);
  expect(foley.stats().absent).toBe(1);
});

test('the impulse is that of the fall, mass times speed, and its bounces are small', async () => {
  for (const height of [0.1, 0.5, 1, 2]) {
    const { scene, impulses } = await setUp({ height });
    renderImages(scene, 60);
    const momentum = MASS * Math.sqrt(2 * 9.81 * height);
    const [fall = 0, ...bounces] = impulses;
    // A step is a 60th of a second, in which a fall gains 0.33 N·s; and the solver throws the crate up a little.
    expect(Math.abs(fall - momentum)).toBeLessThan(0.25 * momentum + 0.33);
    expect(Math.max(0, ...bounces)).toBeLessThan(0.5 * fall);
  }
});

test('a crate that is set down, or rests for seconds, is silent', async () => {
  const { scene, impulses } = await setUp({ height: 0 });
  renderImages(scene, 300);
  expect(impulses.filter((impulse) => impulse > 0.1)).toEqual([]);
});

test('a crate that lands on an edge and falls flat is heard for each, then no more', async () => {
  const { scene, impulses } = await setUp({ height: 1, tilt: 0.4 });
  renderImages(scene, 120);
  const audible = impulses.filter((impulse) => impulse > 0.5);
  expect(audible.length).toBeGreaterThanOrEqual(2);
  expect(audible.length).toBeLessThanOrEqual(6);
  const before = impulses.length;
  renderImages(scene, 300);
  expect(impulses.slice(before).filter((impulse) => impulse > 0.5)).toEqual([]);
});

test('with its take at hand, the contact is heard once, when and where it happens', async () => {
  const { scene, context, audioEngine, foley, events } = await setUp({ height: 1.5 });
  await foley.prefetch([{ prompt: 'hard impact of a wood crate on stone' }]);
  const contacts = () => [...audioEngine.nodes].filter(({ name }) => name === 'contact');
  await vi.waitFor(() => expect(contacts()).not.toEqual([]), 30_000);
  const steps = Array.from({ length: 60 }, (_, i) => [(i + 1) * STEP, () => scene.render()]);
  const { left, right } = await renderWith(context, Object.fromEntries(steps));
  const [pulse, ...more] = pulsesOf(left);
  expect(more).toEqual([]);
  // 1.5 m at 9.81 m/s² take 0.55 s; the hit is complete a step or two later, and the emitter moves for 10 ms.
  expect(Math.abs((pulse?.time ?? 0) - 0.58)).toBeLessThan(0.05);
  expect(pulsesOf(right)).toHaveLength(1);
  expect(events.map(({ kind }) => kind)).toEqual(['generated', 'played']);
});
