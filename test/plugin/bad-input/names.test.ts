/** Names that nothing has: an error with those that are near, and events that nobody is bound to are nothing. */
import { describe, expect, test } from 'vitest';
import { onEvent, sound, soundMap } from '../sound-maps.ts';
import { setUp } from './set-up.ts';

const zone = { name: 'hall', node: null, sounds: null, reverb: null };
const music = { name: 'music', volume: 1, parent: null, duck: null };
const MAP = {
  ...soundMap(sound('footstep', { on: [onEvent('step')] })),
  zones: new Map([['hall', zone]]),
  buses: new Map([['music', music]]),
};

describe('a name that is nearly right is refused with the one that was meant', () => {
  test.each([
    ['play', 'footstp', 'footstep'],
    ['lock', 'fotstep', 'footstep'],
    ['ban', 'Footsteps', 'footstep'],
    ['ready', 'hal', 'hall'],
    ['setBusVolume', 'musik', 'music'],
  ] as const)('%s("%s")', async (method, got, near) => {
    const { foley, events, logger } = await setUp(MAP);
    const call = async (): Promise<unknown> => {
      if (method === 'play') return foley.play(got);
      if (method === 'ready') return foley.ready(got);
      return foley[method](got, 1);
    };
    const error = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toContain(`"${got}"`);
    expect(String(error)).toContain(`Did you mean "${near}"?`);
    expect([events, logger.warnings]).toEqual([[], []]);
  });
});

test.each(['', '__proto__', 'constructor', '👟', 'x'.repeat(10_000)])(
  'a name that is far from all is refused with what there is, in a line that can be read: %#',
  async (name) => {
    const { foley } = await setUp(MAP);
    const error = await foley.play(name).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect(String(error)).toContain('There are: "footstep".');
    expect(String(error).length).toBeLessThan(200);
    expect(() => foley.setBusVolume(name, 1)).toThrow(RangeError);
    await expect(foley.ready(name)).rejects.toThrow(RangeError);
  },
);

test('a thousand sounds do not all stand in the message', async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `sound number ${i}`);
  const { foley } = await setUp(soundMap(...names.map((name) => sound(name))));
  const error = await foley.play('bell').catch((thrown: unknown) => thrown);
  expect(String(error).length).toBeLessThan(400);
});

test.each([Number.NaN, -1, 101, Number.POSITIVE_INFINITY])(
  'bus volume %d is refused',
  async (volume) => {
    const { foley } = await setUp(MAP);
    expect(() => foley.setBusVolume('music', volume)).toThrow(/volume must be 0 to 100/);
  },
);

test('events that nobody is bound to are nothing: no event, no warning, no request', async () => {
  const { foley, runtime, events, logger } = await setUp(MAP);
  for (let i = 0; i < 1000; i++) {
    foley.trigger(`stp ${i}`, { i });
    const lasting = foley.begin(`engine ${i}`);
    lasting.change({ i });
    lasting.end();
  }
  expect([events, logger.warnings, runtime.requests]).toEqual([[], [], []]);
  expect(foley.stats()).toMatchObject({ played: 0, absent: 0, failed: 0 });
});
