/** What a director makes of sounds that lie in a pack and are not decoded yet. */
import { describe, expect, test } from 'vitest';
import { createBakedFirst } from '../../../plugin/takes/baked-first.ts';
import { collision, thing } from '../events.ts';
import { createFakePlayer, type FakePlayerOptions, holding } from '../fake-player.ts';
import { slots, sound } from '../sound-maps.ts';
import { setUp } from './director-set-up.ts';

const hit = sound('hit', {
  prompt: '{weight} hit on {surface}',
  variations: 3,
  lateness: 0.5,
  slots: slots({
    weight: { from: 'intensity' },
    surface: { from: 'b.material', default: 'stone' },
  }),
});
const onWood = collision({ b: thing('floor', 'wood') });
const all = (prompt: string) => [0, 1, 2].map((seed) => ({ prompt, seed }));

/** The model never answers: what is heard is baked. */
async function heard(pack: FakePlayerOptions, { live = true, times = 1, fields = {} } = {}) {
  const player = createFakePlayer(pack);
  const world = setUp({ gate: () => new Promise(() => {}) }, 0, (runtime) =>
    createBakedFirst({
      player,
      runtime: live ? runtime : null,
      warn: (message) => void world.warnings.push(message),
    }),
  );
  await world.takes.known;
  world.director.sounds.add({ ...hit, ...fields });
  for (let i = 0; i < times; i++) {
    world.director.handle(onWood);
    await world.settle();
  }
  const asked = world.runtime.requests.map(({ prompt, seed }) => `${prompt} ${seed}`);
  const told = world.reports.map((report) => [
    report.kind === 'played' ? `${report.rung} ${report.source}` : report.kind,
    report.prompt,
  ]);
  return { ...world, player, asked, told };
}

describe('one that is not decoded yet', () => {
  test('is heard at its first event: the very take that was wanted', async () => {
    const { told, asked, starts, player } = await heard({});
    expect(told).toEqual([['exact baked', 'hard hit on wood']]);
    expect(starts.map(({ seed }) => seed)).toEqual([player.taken[0]?.seed]);
    expect(asked).toEqual([]);
  });

  test('another take of its prompt is heard where the wanted one is not baked', async () => {
    const holds = holding({ prompt: 'hard hit on wood', seed: 0 });
    const { told, asked, starts } = await heard({ holds }, { times: 3 });
    const rungs = new Set(told.map(([kind]) => kind));
    expect([...rungs].sort()).toEqual(['exact baked', 'variant baked']);
    expect(starts.map(({ seed }) => seed)).toEqual([0, 0, 0]);
    expect(asked).toEqual(['hard hit on wood 1']); // for the next time
  });

  test('what says less is heard where nothing of the prompt is baked, the last slot given up first', async () => {
    const less = [...all('hard hit on stone'), ...all('hit on stone')];
    const { told, asked } = await heard({ holds: holding(...less) });
    expect(told).toEqual([['coarser baked', 'hard hit on stone']]);
    expect(asked).toEqual(['hard hit on wood 0']);
  });

  test('comes too late to be heard where it may not be late at all', async () => {
    const { told, asked } = await heard({}, { fields: { lateness: 0 }, times: 2 });
    expect(told.map(([kind]) => kind)).toEqual(['missed', 'variant baked']);
    expect(asked).toEqual([]);
  });

  test('takes in turn are those that are wanted, never the same twice, also where the bake has rolled again', async () => {
    const seedOf = ({ seed = 0 }) => (seed === 1 ? 77 : seed);
    const { starts, told, takes } = await heard({ seedOf }, { times: 12 });
    const seeds = starts.map(({ seed }) => seed);
    expect(new Set(told.map(([kind]) => kind))).toEqual(new Set(['exact baked']));
    expect(new Set(seeds)).toEqual(new Set([0, 77, 2]));
    expect(seeds.filter((seed, i) => seed === seeds[i - 1])).toEqual([]);
    expect(takes.counts.takes).toBe(3);
  });
});

describe('without the model', () => {
  test('what is not baked is silence and one warning, and is not asked for', async () => {
    const { told, warnings, player } = await heard(
      { holds: () => false },
      { live: false, times: 3 },
    );
    expect(told).toEqual(new Array(3).fill(['missed', 'hard hit on wood']));
    expect(warnings).toEqual([expect.stringMatching(/"hard hit on wood" is in no pack/)]);
    expect(player.taken).toEqual([]);
  });

  test('a pool of which a few takes are baked makes do with them', async () => {
    const baked = all('hard hit on wood').slice(1);
    const { starts, warnings } = await heard(
      { holds: holding(...baked) },
      { live: false, times: 9 },
    );
    const seeds = starts.map(({ seed }) => seed);
    expect([...new Set(seeds)].sort()).toEqual([1, 2]);
    expect(seeds).toHaveLength(9);
    const later = seeds.slice(2); // both are decoded
    expect(later.filter((seed, i) => seed === later[i - 1])).toEqual([]);
    expect(warnings).toEqual([]);
  });
});
