/** Numbers that are none and words that are no words, from the game or the scene. */
import { describe, expect, test, vi } from 'vitest';
import { collision, thing } from '../events.ts';
import { onEvent, slots, sound, soundMap } from '../sound-maps.ts';
import { settled, setUp } from './set-up.ts';

const NUMBERS = [Number.NaN, Infinity, -Infinity, -1, -0, 1e308, 5e-324];
const control = (by: string) => ({
  by,
  range: [0, 10] as const,
  pitch: [-12, 12] as const,
  volume: [0, 1] as const,
});
const steered = [control('rpm'), control('impulse'), control('speed')];
const engine = sound('engine', {
  loop: true,
  control: steered,
  on: [onEvent('engine', { when: 'while' })],
});
const bang = sound('bang', { control: steered });

describe.each(NUMBERS)('%d', (number) => {
  test('as what steers a loop leaves it playing, with finite volume and pitch', async () => {
    const { foley, logger } = await setUp(soundMap(engine));
    await foley.ready();
    const lasting = foley.begin('engine', { rpm: number });
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(1));
    for (const rpm of [number, 5, number]) lasting.change({ rpm });
    expect(foley.inspect().voices.playing).toBe(1);
    expect([foley.stats().failed, logger.warnings]).toEqual([0, []]);
  });

  test('as impulse, speed and data of a collision is a sound or none, and no error', async () => {
    const { foley, adapter, logger } = await setUp(soundMap(bang));
    await foley.ready();
    await settled();
    adapter.emit(collision({ impulse: number, speed: number, data: { rpm: number } }));
    expect(foley.stats()).toMatchObject({ failed: 0, played: number >= 0 ? 1 : 0 });
    expect(logger.warnings).toEqual([]);
  });

  test('as impulse and speed of what has a handler of its own is a sound', async () => {
    const { foley, adapter, logger } = await setUp(
      soundMap(sound('pick', { control: steered, on: [{ ...onEvent('x'), kind: 'action' }] })),
    );
    await foley.ready();
    await settled();
    adapter.emit(collision({ kind: 'action', name: 'x', impulse: number, speed: number }));
    expect(foley.stats()).toMatchObject({ failed: 0, played: 1 });
    expect(logger.warnings).toEqual([]);
  });

  test('as a place: one event that failed and one warning; at no place at all it is heard', async () => {
    const everywhere = sound('everywhere', { attenuation: null, on: [onEvent('ring')] });
    const { foley, events, logger } = await setUp(
      soundMap(sound('here', { on: [onEvent('ring')] }), everywhere),
    );
    await foley.ready();
    await settled();
    for (let i = 0; i < 3; i++) foley.trigger('ring', {}, { x: number, y: 0, z: i });
    const isPlace = Math.abs(number) < 1e30;
    expect(foley.stats()).toMatchObject({ played: isPlace ? 6 : 3, failed: isPlace ? 0 : 3 });
    expect(logger.warnings).toHaveLength(isPlace ? 0 : 1);
    expect(events.filter(({ sound }) => sound === 'everywhere')).toHaveLength(3);
  });
});

describe('words from the scene', () => {
  const hit = sound('hit', { prompt: 'hit of {a.material}' });
  const toldOf = async (material: string) => {
    const { foley, adapter, runtime, logger } = await setUp(soundMap(hit));
    expect(() => adapter.emit(collision({ a: thing('crate', material) }))).not.toThrow();
    await settled();
    return { prompts: runtime.requests.map(({ prompt }) => prompt), logger, stats: foley.stats() };
  };

  test.each([
    ['{a.name}', 'hit of {a.name}'],
    ['wood\n\n\tand\u0000 iron', 'hit of wood and iron'],
    ['<b onload="alert(1)">wood</b>', 'hit of <b onload="alert(1)">wood</b>'],
    ['🪵 дуб', 'hit of 🪵 дуб'],
    ['$& $1 $`', 'hit of $& $1 $`'],
    ['\ud800', 'hit of \ud800'],
  ])('%j is taken as it is, on one line, and never as a slot', async (material, prompt) => {
    const { prompts, logger } = await toldOf(material);
    expect(prompts).toEqual([prompt]);
    expect(logger.warnings).toEqual([expect.stringContaining(`no take yet of "${prompt}"`)]);
  });

  test('of 300 characters fail with one warning that can be read', async () => {
    const { prompts, logger, stats } = await toldOf('wood '.repeat(60).trim());
    expect([prompts, stats.failed]).toEqual([[], 1]);
    expect(logger.warnings).toEqual([expect.stringMatching(/"hit" is silent.*256 characters/)]);
    expect(logger.warnings[0]?.length).toBeLessThan(300);
  });

  test.each([{}, [], null, () => {}, Symbol('wood'), 10n, new Date(0)])(
    'that are no words (%s) count as none: the default',
    async (value) => {
      const map = soundMap(
        sound('ring', {
          prompt: '{size} bell',
          slots: slots({ size: { default: 'small' } }),
          on: [onEvent('ring')],
        }),
      );
      const { foley, adapter, runtime } = await setUp(map);
      const node = adapter.addNode({ x: 0, y: 0, z: 0 }, { data: { size: value } });
      foley.trigger('ring', { size: value } as never, node);
      await settled();
      expect(runtime.requests.map(({ prompt }) => prompt)).toEqual(['small bell']);
    },
  );
});
