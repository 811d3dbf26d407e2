import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SoundMap } from '../../../plugin/sound-definition.ts';
import { diffSoundMaps, watchSoundMap } from '../../../plugin/sound-map/tools.ts';
import { loadSoundMap, type SoundMapInput } from '../../../plugin/sound-map.ts';

const mapOf = (prompt: string) => `sounds:\n  hum: { prompt: ${prompt} }\n`;

// Loading the parser takes real time, which fake timers do not wait for.
beforeAll(() => import('../../../plugin/sound-map/yaml-text.ts'));
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A file that is edited, and what a game hears of it. */
function watched() {
  const file = { text: mapOf('hum'), status: 200, caches: new Set<unknown>(), asked: 0 };
  const maps: SoundMap[] = [];
  const errors: Error[] = [];
  const fetch = (_: unknown, init?: RequestInit) => {
    file.asked++;
    file.caches.add(init?.cache);
    return Promise.resolve(new Response(file.text, { status: file.status }));
  };
  const stop = watchSoundMap(
    '/sounds.yaml',
    (map) => maps.push(map),
    (error) => errors.push(error),
    { fetch, interval: 500 },
  );
  const look = (times = 1) => vi.advanceTimersByTimeAsync(500 * times);
  return { file, maps, errors, stop, look };
}

describe('watchSoundMap', () => {
  test('what was there at first and what stays the same is not told', async () => {
    const { file, maps, errors, stop, look } = watched();
    await look(5);
    expect([maps.length, errors.length]).toEqual([0, 0]);
    expect(file.asked).toBeGreaterThan(3);
    expect([...file.caches]).toEqual(['no-cache']);
    stop();
  });

  test('an edit is told once', async () => {
    const { file, maps, stop, look } = watched();
    await look();
    file.text = mapOf('a deep hum');
    await look(4);
    expect(maps.map(({ sounds }) => sounds.get('hum')?.prompt)).toEqual(['a deep hum']);
    stop();
  });

  test('an edit that is no sound map is told once, and the next one that is one comes', async () => {
    const { file, maps, errors, stop, look } = watched();
    await look();
    file.text = 'sounds: {';
    await look(3);
    expect([maps.length, errors.map(({ name }) => name)]).toEqual([0, ['SoundMapError']]);
    file.text = mapOf('whirr');
    await look();
    expect([maps.length, errors.length]).toEqual([1, 1]);
    stop();
  });

  test('a server that is gone is told once each time', async () => {
    const { file, maps, errors, stop, look } = watched();
    await look();
    for (const status of [500, 200, 500]) {
      file.status = status;
      await look(3);
    }
    expect([maps.length, errors.length]).toEqual([0, 2]);
    stop();
  });

  test('once stopped, nothing is asked or told', async () => {
    const { file, maps, stop, look } = watched();
    await look();
    file.text = mapOf('whirr');
    stop();
    stop();
    const asked = file.asked;
    await look(5);
    expect([maps.length, file.asked, vi.getTimerCount()]).toEqual([0, asked, 0]);
  });

  test('an interval that would flood the server is refused', () => {
    const nothing = () => {};
    expect(() => watchSoundMap('/x', nothing, nothing, { interval: 5 })).toThrow(RangeError);
  });
});

describe('diffSoundMaps', () => {
  const before: SoundMapInput = {
    sounds: {
      a: {
        prompt: '{x} a',
        slots: { x: ['p', 'q'] },
        on: { event: 'e', a: { data: { r: 1, s: 2 } } },
      },
      b: { prompt: 'b' },
      c: { prompt: 'c' },
    },
  };
  const diffOf = async (after: SoundMapInput) =>
    diffSoundMaps(await loadSoundMap(before), await loadSoundMap(after));
  const NONE = { added: [], removed: [], changed: [], buses: false, zones: false, space: false };

  test('the order of fields makes no difference', async () => {
    const a = {
      on: { a: { data: { s: 2, r: 1 } }, event: 'e' },
      slots: { x: ['p', 'q'] },
      prompt: '{x} a',
    };
    expect(await diffOf({ sounds: { ...before.sounds, a } })).toEqual(NONE);
  });

  test('sounds that are new, gone, and other than before', async () => {
    const { a, c } = before.sounds;
    const after = {
      sounds: { a: a ?? { prompt: '' }, c: { ...c, prompt: 'c', volume: 0.5 }, d: { prompt: 'd' } },
    };
    expect(await diffOf(after)).toEqual({ ...NONE, added: ['d'], removed: ['b'], changed: ['c'] });
  });

  test('a word of a slot, in another place', async () => {
    const a = { ...before.sounds.a, prompt: '{x} a', slots: { x: ['q', 'p'] } };
    expect((await diffOf({ sounds: { ...before.sounds, a } })).changed).toEqual(['a']);
  });

  test('defaults change every sound that inherits them', async () => {
    expect((await diffOf({ ...before, defaults: { volume: 2 } })).changed).toEqual(['a', 'b', 'c']);
  });

  test('buses, zones, space', async () => {
    const all = { ...before, buses: { fx: 1 }, zones: { z: {} }, space: { doppler: 1 } };
    expect(await diffOf(all)).toEqual({ ...NONE, buses: true, zones: true, space: true });
  });
});
