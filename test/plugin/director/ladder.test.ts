import { describe, expect, test } from 'vitest';
import type { SoundDefinition } from '../../../plugin/sound-definition.ts';
import { collision, thing } from '../events.ts';
import { createBelt } from '../fake-runtime.ts';
import { slots, sound } from '../sound-maps.ts';
import { setUp } from './director-set-up.ts';

const hit = sound('hit', {
  prompt: '{weight} hit on {surface}',
  variations: 2,
  slots: slots({
    weight: { from: 'intensity' },
    surface: { from: 'b.material', default: 'stone' },
  }),
});
const EXACT = 'hard hit on wood';
const event = collision({ b: thing('floor', 'wood') });

async function heard(ready: [prompt: string, seed: number][], ...sounds: SoundDefinition[]) {
  const world = setUp();
  for (const one of sounds) world.director.sounds.add(one);
  for (const [prompt, seed] of ready) await world.fill(prompt, [seed]);
  world.director.handle(event);
  const [report] = world.reports;
  return { ...world, report, rung: report?.kind === 'played' ? report.rung : report?.kind };
}

describe('of what is ready', () => {
  test('the exact prompt comes first, either take of it', async () => {
    const { report, rung } = await heard(
      [
        [EXACT, 0],
        [EXACT, 1],
        ['hard hit on stone', 0],
      ],
      hit,
    );
    expect([report?.prompt, rung]).toEqual([EXACT, 'exact']);
    const one = await heard(
      [
        [EXACT, 0],
        ['hard hit on stone', 0],
      ],
      hit,
    );
    const other = await heard([[EXACT, 1]], hit);
    expect([one.rung, other.rung].sort()).toEqual(['exact', 'variant']);
  });

  test('then what says less, the last slot given up first, by its default or by nothing', async () => {
    const less: [string, number][] = [
      ['hard hit on stone', 0],
      ['hit on stone', 1],
    ];
    const { report, rung } = await heard(less, hit);
    expect([report?.prompt, rung]).toEqual(['hard hit on stone', 'coarser']);
    const least = await heard(less.slice(1), hit);
    expect([least.report?.prompt, least.rung, least.report?.seed]).toEqual([
      'hit on stone',
      'coarser',
      1,
    ]);
  });

  test('then another sound, by its own ladder, and its fallback after that', async () => {
    const thud = sound('thud', { prompt: '{b.material} thud', fallback: 'click', on: [] });
    const click = sound('click', { on: [] });
    const sounds = [{ ...hit, fallback: 'thud' }, thud, click];
    const thudded = await heard(
      [
        ['wood thud', 0],
        ['click', 0],
      ],
      ...sounds,
    );
    expect(thudded.report).toMatchObject({ sound: 'hit', prompt: 'wood thud', rung: 'fallback' });
    const clicked = await heard([['click', 0]], ...sounds);
    expect(clicked.report).toMatchObject({ sound: 'hit', prompt: 'click', rung: 'fallback' });
  });

  test('nothing is silence, with one warning', async () => {
    const { report, warnings, director } = await heard([], hit);
    director.handle(event);
    expect(report).toMatchObject({ kind: 'missed', reason: 'absent', prompt: EXACT });
    expect(warnings).toEqual([expect.stringContaining(EXACT)]);
  });
});

test('a better take is heard at the next event', async () => {
  const { director, reports, settle } = await heard([['hit on stone', 0]], hit);
  await settle();
  director.handle(event);
  await settle();
  director.handle(event);
  const rungs = reports.map((one) => one.kind === 'played' && one.rung);
  expect(rungs[0]).toBe('coarser');
  expect(['exact', 'variant']).toContain(rungs[1]);
  expect(rungs[2]).toBe('exact');
});

test('the takes of a fallback are made too', async () => {
  const { runtime, settle } = await heard(
    [],
    { ...hit, fallback: 'thud' },
    sound('thud', { on: [] }),
  );
  await settle();
  expect(runtime.requests.map(({ prompt }) => prompt).sort()).toEqual([EXACT, 'thud']);
});

describe('what is only now being made', () => {
  test('comes before the fallback if it begins in time, after it if not', async () => {
    const part = new Float32Array(4800);
    for (const inTime of [true, false]) {
      const belt = createBelt();
      const world = setUp({ parts: ({ prompt }) => (prompt === EXACT ? belt : [part, part]) });
      await world.fill('thud', [0]);
      const first = world.takes.stream({ prompt: 'first' }, new AbortController().signal);
      while (!(await first.next()).done); // tells the speed
      world.director.sounds.add({ ...hit, fallback: 'thud', lateness: 0.03 });
      world.director.sounds.add(sound('thud', { on: [] }));
      world.director.handle(event);
      if (inTime) belt.push(part);
      await new Promise((resolve) => setTimeout(resolve, 60)); // past its lateness
      const rungs = world.reports.map((one) => one.kind === 'played' && one.rung);
      expect(rungs).toEqual([inTime ? 'streamed' : 'fallback']);
    }
  });
});

test('fallbacks in a circle, which code can make, end in silence', async () => {
  const a = sound('a', { fallback: 'b' });
  const b = sound('b', { fallback: 'a', on: [] });
  const { reports } = await heard([], a, b);
  expect(reports.map(({ kind }) => kind)).toEqual(['missed']);
});
