import { expect, test, vi } from 'vitest';
import { activate } from '../../plugin/director/active-sound.ts';
import type { PlannedPrompt } from '../../plugin/prefetch/prefetch-plan.ts';
import {
  createPrefetcher,
  EAR_STEP,
  LEAST_AGE,
  MOST_AGE,
  MOST_SECONDS,
  PREFETCH_PRIORITY,
} from '../../plugin/prefetch.ts';
import type { SoundMaker } from '../../plugin/takes/sound-maker.ts';
import { createTakeLibrary } from '../../plugin/takes.ts';
import { createFakeRuntime, gateway } from './fake-runtime.ts';
import { sound } from './sound-maps.ts';

const place = { distance: 0, rank: 0, coarse: false, nodes: [] };

function setUp(
  prompts: string[],
  options: Parameters<typeof createFakeRuntime>[0] = {},
  fields = {},
  pack: Pick<SoundMaker, 'isBaked' | 'offers'> = {},
) {
  let time = 0;
  const ear = { x: 0, y: 0, z: 0 };
  const warnings: string[] = [];
  const runtime = createFakeRuntime(options);
  const takes = createTakeLibrary({
    maker: { stream: runtime.stream, ...pack },
    context: null,
    onTake: () => {},
  });
  const active = activate(sound('hit', fields));
  const planned = (prompt: string): PlannedPrompt => ({ sound: active, prompt, ...place });
  const makePlan = vi.fn(() => prompts.map(planned));
  const prefetcher = createPrefetcher({
    takes,
    makePlan,
    ear: () => ear,
    now: () => time,
    warn: (message) => void warnings.push(message),
  });
  const wait = (seconds: number) => {
    time += seconds;
  };
  const asked = () => runtime.requests.map(({ prompt, seed }) => `${prompt} ${seed}`);
  return { prefetcher, runtime, takes, makePlan, ear, wait, warnings, prompts, asked };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test('first takes of all prompts are made before any second one, in the order of the plan', async () => {
  const { prefetcher, asked, runtime } = setUp(['a', 'b', 'c'], {}, { variations: 2 });
  prefetcher.tick();
  await settle();
  expect(asked()).toEqual(['a 0', 'b 0', 'c 0', 'a 1', 'b 1', 'c 1']);
  expect(new Set(runtime.requests.map(({ priority }) => priority))).toEqual(
    new Set([PREFETCH_PRIORITY]),
  );
  expect(prefetcher.progress).toEqual({ done: 6, total: 6 });
});

test('two are in flight at a time', async () => {
  const { open, opened } = gateway();
  const { prefetcher, asked } = setUp(['a', 'b', 'c'], { gate: () => opened });
  for (let i = 0; i < 10; i++) prefetcher.tick();
  await settle();
  expect(asked()).toEqual(['a 0', 'b 0']);
  expect([...prefetcher.pending].map(({ request, sound }) => [request.prompt, sound])).toEqual([
    ['a', 'hit'],
    ['b', 'hit'],
  ]);
  open();
  await settle();
  expect(asked()).toHaveLength(3);
});

test('what is there already is not asked for, and what was made is not made again when it is forgotten', async () => {
  const { prefetcher, takes, asked, wait } = setUp(['a', 'b']);
  await takes.get({ prompt: 'a', seed: 0 }, new AbortController().signal);
  prefetcher.tick();
  await settle();
  vi.spyOn(takes, 'has').mockReturnValue(false);
  wait(MOST_AGE);
  prefetcher.tick();
  await settle();
  expect(asked()).toEqual(['a 0', 'b 0']);
});

test('the plan is made anew when the ear has moved, but not at every tick', () => {
  const { prefetcher, makePlan, ear, wait } = setUp([]);
  const ticks = (count: number, seconds: number) => {
    for (let i = 0; i < count; i++) {
      wait(seconds);
      prefetcher.tick();
    }
    return makePlan.mock.calls.length;
  };
  expect(ticks(3, 0.25)).toBe(1);
  ear.x = EAR_STEP;
  expect(ticks(1, 0)).toBe(1);
  expect(ticks(1, LEAST_AGE)).toBe(2);
  expect(ticks(3, LEAST_AGE)).toBe(2);
  expect(ticks(1, MOST_AGE)).toBe(3);
  prefetcher.changed();
  expect(ticks(1, 0)).toBe(4);
});

test('what is in flight and no longer planned is taken back', async () => {
  const gate = () => new Promise<void>(() => {});
  const { prefetcher, prompts, runtime, wait } = setUp(['a', 'b'], { gate });
  prefetcher.tick();
  await settle();
  prompts.splice(0, 2, 'b', 'c');
  wait(MOST_AGE);
  prefetcher.tick();
  await settle();
  expect(runtime.aborted.map(({ prompt }) => prompt)).toEqual(['a']);
  prefetcher.tick();
  await settle();
  expect(runtime.requests.map(({ prompt }) => prompt)).toEqual(['a', 'b', 'c']);
});

test('what cannot be made is warned of once and not tried again', async () => {
  const gate = () => Promise.reject(new Error('no model'));
  const { prefetcher, asked, warnings, wait } = setUp(['a', 'b'], { gate });
  for (let i = 0; i < 4; i++) {
    prefetcher.tick();
    await settle();
    wait(MOST_AGE);
  }
  expect(asked()).toHaveLength(2);
  expect(warnings).toEqual([expect.stringContaining('no model')]);
  expect(prefetcher.progress).toEqual({ done: 2, total: 2 });
});

test('as much sound is made ahead as a library of takes can keep', () => {
  const many = Array.from({ length: 100 }, (_, i) => `prompt ${i}`);
  const { prefetcher } = setUp(many, {}, { duration: 3 });
  prefetcher.tick();
  expect(prefetcher.progress.total).toBe(MOST_SECONDS / 3);
});

test('disposed, it takes back what is in flight and begins nothing', async () => {
  const gate = () => new Promise<void>(() => {});
  const { prefetcher, runtime, warnings } = setUp(['a', 'b', 'c'], { gate });
  prefetcher.tick();
  await settle();
  prefetcher.dispose();
  prefetcher.tick();
  await settle();
  expect(runtime.aborted).toHaveLength(2);
  expect(runtime.requests).toHaveLength(2);
  expect(warnings).toEqual([]);
});

test('what is baked is decoded ahead however long the model takes for the rest', async () => {
  const baked = ['b', 'd', 'e'];
  const isBaked = ({ prompt }: { prompt: string }) => baked.includes(prompt);
  const gate = ({ prompt }: { prompt: string }) =>
    baked.includes(prompt) ? Promise.resolve() : new Promise<void>(() => {});
  const prompts = ['a', 'b', 'c', 'd', 'e', 'f'];
  const { prefetcher, takes, asked } = setUp(prompts, { gate }, {}, { isBaked });
  prefetcher.tick();
  await settle();
  expect(prompts.filter((prompt) => takes.has({ prompt, seed: 0 }))).toEqual(baked);
  expect(asked().sort()).toEqual(['a 0', 'b 0', 'c 0', 'd 0', 'e 0']);
  expect(prefetcher.progress).toEqual({ done: 3, total: 6 });
});

test('what can never be there is not asked for, and not counted', async () => {
  const offers = ({ prompt }: { prompt: string }) => prompt === 'b';
  const { prefetcher, asked, warnings } = setUp(['a', 'b', 'c'], {}, {}, { offers });
  prefetcher.tick();
  await settle();
  expect([asked(), warnings]).toEqual([['b 0'], []]);
  expect(prefetcher.progress).toEqual({ done: 1, total: 1 });
});
