import { describe, expect, test, vi } from 'vitest';
import { MAX_PENDING, RETRY_AFTER, STALE_AFTER } from '../../plugin/takes/background.ts';
import { MOST_AT_ONCE } from '../../plugin/voices/burst.ts';
import { HARD_WOOD_ON_STONE, setUp } from './director/director-set-up.ts';
import { collision, thing } from './events.ts';
import { gateway } from './fake-runtime.ts';

describe('a rule', () => {
  test('plays a ready take at once, at the point, as loud as the impact', async () => {
    const { director, starts, add, fill } = setUp();
    await fill(HARD_WOOD_ON_STONE, [0]);
    add({ volume: 0.5, priority: 3 });
    director.handle(collision({ point: { x: 1, y: 2, z: 3 } }));
    const request = { volume: 0.5, pitch: 0, priority: 3, loop: false };
    expect(starts).toMatchObject([
      { seed: 0, request: { ...request, point: { x: 1, y: 2, z: 3 } } },
    ]);
  });

  test('without a take is silent, warns once for the prompt, and plays at the next event', async () => {
    const { director, starts, reports, warnings, add, wait, settle } = setUp();
    add();
    director.handle(collision());
    director.handle(collision({ a: thing('other', 'wood') }));
    expect(starts).toEqual([]);
    expect(reports.map(({ kind }) => kind)).toEqual(['missed', 'missed']);
    expect(warnings).toEqual([expect.stringContaining(HARD_WOOD_ON_STONE)]);
    await settle();
    wait(1);
    director.handle(collision());
    expect(starts.map(({ seed }) => seed)).toEqual([0]);
  });

  test('asks for the same take once, however many events want it', async () => {
    const { open, opened } = gateway();
    const { director, runtime, add, settle } = setUp({ gate: () => opened });
    add({ takes: 1, cooldown: 0 });
    for (let i = 0; i < 100; i++) director.handle(collision());
    await settle();
    expect(runtime.requests).toHaveLength(1);
    open();
    await settle();
    for (let i = 0; i < 100; i++) director.handle(collision());
    await settle();
    expect(runtime.requests).toHaveLength(1);
  });

  test('asks for its takes with the same requests at every event, so that their keys are written once', async () => {
    const { director, takes, add, fill } = setUp();
    await fill(HARD_WOOD_ON_STONE, [0, 1, 2]);
    add({ takes: 4, cooldown: 0 });
    const peek = vi.spyOn(takes, 'peek');
    for (let i = 0; i < 20; i++) director.handle(collision());
    expect(new Set(peek.mock.calls.map(([request]) => request)).size).toBe(4);
  });

  test('fills its pool one take an event, the first with more priority', async () => {
    const { director, runtime, add, settle } = setUp();
    add({ takes: 3, cooldown: 0, priority: 2, duration: 0.5 });
    for (let i = 0; i < 5; i++) {
      director.handle(collision());
      await settle();
    }
    const asked = runtime.requests.map(({ seed, priority, duration }) => [
      seed,
      priority,
      duration,
    ]);
    expect(asked).toEqual([
      [0, 2, 0.5],
      [1, 1, 0.5],
      [2, 1, 0.5],
    ]);
  });

  test('never plays the same take twice in a row, and plays all of them', async () => {
    const { director, starts, add, fill } = setUp();
    await fill(HARD_WOOD_ON_STONE, [0, 1, 2, 3]);
    add({ takes: 4, cooldown: 0 });
    for (let i = 0; i < 200; i++) {
      director.handle(collision());
      await Promise.resolve(); // each in a task of its own
    }
    const seeds = starts.map(({ seed }) => seed);
    expect(seeds.filter((seed, i) => seed === seeds[i - 1])).toEqual([]);
    const counts = [0, 1, 2, 3].map((seed) => seeds.filter((other) => other === seed).length);
    expect(Math.min(...counts)).toBeGreaterThan(30);
  });

  test('of a hundred collisions in one task as many begin as can be told apart; the others are told of', async () => {
    const { director, starts, reports, add, fill } = setUp();
    await fill(HARD_WOOD_ON_STONE, [0, 1, 2]);
    add({ cooldown: 0 });
    for (let i = 0; i < 100; i++) director.handle(collision());
    expect(starts.length).toBe(MOST_AT_ONCE);
    expect(reports.filter(({ kind }) => kind === 'played').length).toBe(MOST_AT_ONCE);
    const missed = reports.filter((report) => report.kind === 'missed');
    expect(missed.length).toBe(100 - MOST_AT_ONCE);
    expect(missed.every(({ reason }) => reason === 'crowded')).toBe(true);
  });

  test('plays its only take again and again', async () => {
    const { director, starts, add, fill } = setUp();
    await fill(HARD_WOOD_ON_STONE, [0]);
    add({ takes: 1, cooldown: 0 });
    for (let i = 0; i < 3; i++) director.handle(collision());
    expect(starts.map(({ seed }) => seed)).toEqual([0, 0, 0]);
  });

  test('chooses the same takes in the same session, others in another', async () => {
    const play = async (sessionSeed: number) => {
      const { director, starts, add, fill } = setUp({}, sessionSeed);
      await fill(HARD_WOOD_ON_STONE, [0, 1, 2, 3]);
      add({ takes: 4, cooldown: 0 });
      for (let i = 0; i < 20; i++) director.handle(collision());
      return starts.map(({ seed }) => seed);
    };
    expect(await play(1)).toEqual(await play(1));
    expect(await play(1)).not.toEqual(await play(2));
  });

  test('is silent for soft contacts and for events it does not mean', async () => {
    const { director, reports, add } = setUp();
    add({ minImpulse: 2, when: ({ a }) => a.material === 'metal' });
    director.handle(collision({ impulse: 1.9, a: thing('can', 'metal') }));
    director.handle(collision({ impulse: Number.NaN, a: thing('can', 'metal') }));
    director.handle(collision({ impulse: 9 }));
    expect(reports).toEqual([]);
    director.handle(collision({ impulse: 2, a: thing('can', 'metal') }));
    expect(reports.map(({ prompt }) => prompt)).toEqual(['medium impact of metal on stone']);
  });

  test('cools down for each pair of objects by itself', async () => {
    const { director, starts, add, wait, fill } = setUp();
    await fill(HARD_WOOD_ON_STONE, [0]);
    add({ cooldown: 0.1 });
    const other = collision({ a: thing('other', 'wood') });
    director.handle(collision());
    director.handle(collision());
    director.handle(other);
    expect([starts.length, director.cooledDown]).toEqual([2, 1]);
    wait(0.1);
    director.handle(collision());
    expect(starts).toHaveLength(3);
  });

  test('taken back, it is silent', () => {
    const { director, reports, add } = setUp();
    const remove = add();
    remove();
    remove();
    director.handle(collision());
    expect(reports).toEqual([]);
  });

  test.each([
    ['takes', 0],
    ['takes', Number.NaN],
    ['cooldown', -1],
    ['lateness', 11],
    ['minImpulse', -1],
    ['volume', Infinity],
    ['priority', Number.NaN],
  ])('with %s %d is refused', (field, value) => {
    const { add } = setUp();
    expect(() => add({ [field]: value })).toThrow(RangeError);
    expect(() => add({ [field]: value })).toThrow(field);
  });

  test('with an unknown slot is refused when it is added', () => {
    const { add } = setUp();
    expect(() => add({ prompt: 'hit of {a.colour}' })).toThrow(/unknown slot \{a\.colour\}/);
  });
});

describe('what goes wrong in the render loop', () => {
  test('a slot the scene leaves empty is a report and one warning, never a throw', () => {
    const { director, reports, warnings, add } = setUp();
    add({ cooldown: 0 });
    for (let i = 0; i < 3; i++) director.handle(collision({ b: thing('floor') }));
    expect(reports.map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed']);
    expect(warnings).toEqual([expect.stringContaining('{b.material}')]);
  });

  test('a condition that throws silences its rule alone', async () => {
    const { director, starts, warnings, add, fill } = setUp();
    await fill(HARD_WOOD_ON_STONE, [0]);
    add({
      when: () => {
        throw new Error('my mistake');
      },
    });
    add();
    director.handle(collision());
    expect(starts).toHaveLength(1);
    expect(warnings).toEqual([expect.stringContaining('my mistake')]);
  });

  test('a failed generation is told and not tried again for a while', async () => {
    const gate = () => Promise.reject(new Error('model file missing'));
    const { director, runtime, reports, warnings, add, wait, settle } = setUp({ gate });
    add({ cooldown: 0 });
    director.handle(collision());
    await settle();
    director.handle(collision());
    await settle();
    expect(runtime.requests).toHaveLength(1);
    expect(reports.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
    expect(warnings.at(-1)).toContain('model file missing');
    wait(RETRY_AFTER + 0.1);
    director.handle(collision());
    await settle();
    expect(runtime.requests).toHaveLength(2);
  });
});

describe('a flood', () => {
  test('of a thousand different prompts keeps a bounded number waiting and counts the rest', async () => {
    const { open, opened } = gateway();
    const { director, runtime, add, settle } = setUp({ gate: () => opened });
    add();
    for (let i = 0; i < 1000; i++) director.handle(collision({ a: thing(`${i}`, `kind ${i}`) }));
    await settle();
    expect(runtime.requests).toHaveLength(MAX_PENDING);
    expect(director.dropped).toBe(1000 - MAX_PENDING);
    open();
  });

  test('lets the more urgent request push out the least urgent', async () => {
    const { open, opened } = gateway();
    const { director, runtime, add, settle } = setUp({ gate: () => opened });
    add({ when: ({ a }) => a.material !== 'glass' });
    add({ when: ({ a }) => a.material === 'glass', priority: 1 });
    for (let i = 0; i < MAX_PENDING; i++) director.handle(collision({ a: thing(`${i}`, `m${i}`) }));
    await settle();
    director.handle(collision({ a: thing('pane', 'glass') }));
    await settle();
    expect(runtime.aborted.map(({ prompt }) => prompt)).toEqual(['hard impact of m0 on stone']);
    expect(runtime.requests.at(-1)?.prompt).toBe('hard impact of glass on stone');
    open();
  });

  test('lets a new request push out one that nobody has wanted for long', async () => {
    const { open, opened } = gateway();
    const { director, runtime, add, wait, settle } = setUp({ gate: () => opened });
    add();
    for (let i = 0; i < MAX_PENDING; i++) director.handle(collision({ a: thing(`${i}`, `m${i}`) }));
    await settle();
    wait(STALE_AFTER + 0.1);
    for (let i = 1; i < MAX_PENDING; i++) director.handle(collision({ a: thing(`${i}`, `m${i}`) }));
    director.handle(collision({ a: thing('new', 'glass') }));
    await settle();
    expect(runtime.aborted.map(({ prompt }) => prompt)).toEqual(['hard impact of m0 on stone']);
    open();
  });
});

test('dispose aborts what is being made in the background', async () => {
  const { director, runtime, reports, add, settle } = setUp({ gate: () => new Promise(() => {}) });
  add();
  director.handle(collision());
  await settle();
  director.dispose();
  await vi.waitFor(() => expect(runtime.aborted).toHaveLength(1));
  director.handle(collision());
  expect(reports.map(({ kind }) => kind)).toEqual(['missed']);
});
