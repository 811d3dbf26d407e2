/** A thousand events a second for ten seconds: everything stays bounded, all is counted, and little is said. */
import { describe, expect, test } from 'vitest';
import type { FoleyStats } from '../../../plugin/foley.ts';
import type { SoundMap } from '../../../plugin/sound-definition.ts';
import { collision, thing } from '../events.ts';
import { onEvent, slot, sound, soundMap } from '../sound-maps.ts';
import { settled, setUp } from './set-up.ts';

const PER_SECOND = 1000;
const SECONDS = 10;
const MAX_VOICES = 8;

type Emit = (i: number, one: Awaited<ReturnType<typeof setUp>>) => void;

/** The storm, and the largest sizes on the way. */
async function storm(map: SoundMap, emit: Emit, fake: Parameters<typeof setUp>[1] = {}) {
  const one = await setUp(map, fake, { maxVoices: MAX_VOICES });
  const { foley, clock } = one;
  const captions = new Set<number>();
  foley.onCaption(({ id, kind }) => {
    if (kind === 'gone') captions.delete(id);
    else captions.add(id);
  });
  const most = { queue: 0, voices: 0, emitters: 0, captions: 0 };
  await settled();
  for (let i = 0; i < PER_SECOND * SECONDS; i++) {
    clock.now = i / PER_SECOND;
    expect(() => emit(i, one)).not.toThrow();
    if (i % 100 !== 0) continue;
    await settled();
    const { queue, voices, emitters } = foley.inspect();
    most.queue = Math.max(most.queue, queue.length);
    most.voices = Math.max(most.voices, voices.playing);
    most.emitters = Math.max(most.emitters, emitters.length);
    most.captions = Math.max(most.captions, captions.size);
  }
  return { ...one, most, counted: total(foley.stats()) };
}

function total(stats: Partial<FoleyStats>): number {
  const { played = 0, absent = 0, suspended = 0, crowded = 0, failed = 0, cooledDown = 0 } = stats;
  return played + absent + suspended + crowded + failed + cooledDown;
}

const ALL = PER_SECOND * SECONDS;

function expectBounded({ queue, voices, emitters, captions }: Record<string, number>) {
  expect(queue).toBeLessThanOrEqual(8);
  expect(voices).toBeLessThanOrEqual(2 * MAX_VOICES); // with those that fade out
  expect(emitters).toBeLessThanOrEqual(256);
  expect(captions).toBeLessThanOrEqual(4);
}

describe('ten thousand events', () => {
  test('of one sound', async () => {
    const hit = sound('hit', { caption: 'hits', variations: 4, cooldown: 0.1 });
    const { most, counted, logger } = await storm(soundMap(hit), (_i, { adapter }) =>
      adapter.emit(collision()),
    );
    expectBounded(most);
    expect(counted).toBe(ALL);
    expect(logger.warnings.length).toBeLessThanOrEqual(1);
  });

  test('of a thousand sounds', async () => {
    const names = Array.from({ length: 1000 }, (_, i) => `sound ${i}`);
    const map = soundMap(
      ...names.map((name) => sound(name, { caption: name, on: [onEvent(name)] })),
    );
    const { most, counted, logger } = await storm(map, (i, { foley }) =>
      foley.trigger(`sound ${i % 1000}`),
    );
    expectBounded(most);
    expect(counted).toBe(ALL);
    expect(logger.warnings.length).toBeLessThanOrEqual(20);
  });

  test('of ten thousand materials and pairs', async () => {
    const hit = sound('hit', { prompt: 'hit of {a.material}', cooldown: 0.1 });
    const { most, counted, logger } = await storm(soundMap(hit), (i, { adapter }) =>
      adapter.emit(collision({ a: thing(`crate ${i}`, `material ${i}`) })),
    );
    expectBounded(most);
    expect(counted).toBe(ALL);
    expect(logger.warnings.length).toBeLessThanOrEqual(10);
  });

  test('of sounds that cannot be made', async () => {
    const hit = sound('hit', { prompt: 'hit of {a.material}' });
    const gate = () => Promise.reject(new Error('no model'));
    const { most, counted, foley, logger } = await storm(
      soundMap(hit),
      (i, { adapter }) => adapter.emit(collision({ a: thing('crate', `material ${i}`) })),
      { gate },
    );
    expectBounded(most);
    expect(counted).toBeGreaterThanOrEqual(ALL); // and the generations that failed
    expect(foley.stats()).toMatchObject({ played: 0, absent: ALL });
    expect(logger.warnings.length).toBeLessThanOrEqual(16);
  });

  test('with words that are not allowed', async () => {
    const hit = sound('hit', {
      prompt: 'hit of {what}',
      slots: new Map([['what', slot({ from: 'a.material', values: ['wood'] })]]),
    });
    const { counted, foley, logger } = await storm(soundMap(hit), (i, { adapter }) =>
      adapter.emit(collision({ a: thing('crate', `material ${i}`) })),
    );
    expect([counted, foley.stats().failed]).toEqual([ALL, ALL]);
    expect(logger.warnings.length).toBeLessThanOrEqual(8);
  });

  test('that last and never end', async () => {
    const engine = sound('engine', {
      loop: true,
      virtual: true,
      caption: 'engines',
      on: [onEvent('engine', { when: 'while' })],
    });
    const { most, foley, logger } = await storm(soundMap(engine), (_i, { foley }) => {
      foley.begin('engine').change({ rpm: 1 });
    });
    expectBounded(most);
    expect(foley.inspect().voices.virtual).toBeLessThanOrEqual(256);
    expect(foley.stats().crowded).toBe(ALL - 256);
    expect(logger.warnings.length).toBeLessThanOrEqual(1);
  });
});

test('before the audio runs: nothing queues up, one warning, and then silence', async () => {
  const hit = sound('hit');
  const { foley, adapter, logger, clock } = await setUp(soundMap(hit));
  await foley.ready();
  let running = false;
  Object.defineProperty(adapter, 'running', { get: () => running });
  for (let i = 0; i < ALL; i++) {
    clock.now = i / PER_SECOND;
    adapter.emit(collision());
  }
  running = true;
  await settled();
  expect(foley.inspect().voices.playing).toBe(0);
  expect(foley.stats()).toMatchObject({ played: 0, suspended: expect.any(Number) });
  expect(total(foley.stats())).toBe(ALL);
  expect(logger.warnings).toEqual([expect.stringMatching(/not running.*unlock/)]);
});
