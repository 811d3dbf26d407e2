import { describe, expect, test, vi } from 'vitest';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { createFoleyWith, type FoleyEvent, type FoleyOptions } from '../../../plugin/foley.ts';
import type { EventBinding, SoundMap, ZoneDefinition } from '../../../plugin/sound-definition.ts';
import { binding, collision, named, thing } from '../events.ts';
import { createFakeRuntime, createLog } from '../fake-runtime.ts';
import { onEvent, slots, sound, soundMap } from '../sound-maps.ts';

const aborted = expect.objectContaining({ name: 'AbortError' });

async function setUp(
  sounds: SoundMap,
  fake: Parameters<typeof createFakeRuntime>[0] = {},
  options: Partial<FoleyOptions> = {},
) {
  const runtime = createFakeRuntime(fake);
  const logger = createLog();
  const watched: (readonly EventBinding[])[] = [];
  const adapter = {
    ...createNullAdapter(),
    watch: (all: readonly EventBinding[]) => void watched.push(all),
  };
  const given = { model: '/m/', runtime, logger, sounds, prefetch: false, ...options };
  const foley = await createFoleyWith(adapter, given);
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const told = () => events.filter(({ kind }) => kind !== 'generated');
  return { foley, runtime, adapter, logger, events, told, watched };
}

const made = (foley: { stats(): { generated: number } }, count: number) =>
  vi.waitFor(() => expect(foley.stats().generated).toBe(count));

describe('a sound map', () => {
  test('makes events of the scene sound, and the log says which sound, event, place and rung', async () => {
    const { foley, adapter, told } = await setUp(
      soundMap(sound('hit', { prompt: 'hit of {a.material}' })),
    );
    adapter.emit(collision());
    await made(foley, 1);
    adapter.emit(collision({ point: { x: 1, y: 2, z: 3 } }));
    expect(told()).toMatchObject([
      { kind: 'missed', reason: 'absent', sound: 'hit', event: 'collision' },
      {
        kind: 'played',
        sound: 'hit',
        event: 'collision',
        point: { x: 1, y: 2, z: 3 },
        rung: 'exact',
        prompt: 'hit of wood',
      },
    ]);
  });

  test('tells the engine which events are wanted, again whenever that changes', async () => {
    const bell = sound('bell', { on: [onEvent('ring')] });
    const { foley, watched } = await setUp(soundMap(bell));
    const remove = foley.addRule({ prompt: 'hit' });
    await foley.setSounds(soundMap());
    remove();
    expect(watched.map((all) => all.map(({ kind }) => kind))).toEqual([
      ['event'],
      ['event', 'collision'],
      ['collision'],
      [],
    ]);
  });

  test('that is refused leaves the one before', async () => {
    const { foley } = await setUp(soundMap(sound('hit')));
    foley.addRule({ prompt: 'mine' });
    const bad = soundMap(sound('fine'), sound('bad', { prompt: 'a {nonsense}' }));
    await expect(foley.setSounds(bad)).rejects.toThrow(/unknown slot \{nonsense\}/);
    expect([...foley.sounds.sounds.keys()]).toEqual(['hit', 'rule 1']);
  });

  test('that is refused at the beginning leaves nothing behind', async () => {
    const bad = soundMap(sound('bad', { prompt: 'a {nonsense}' }));
    const adapter = createNullAdapter();
    const dispose = vi.spyOn(adapter, 'dispose');
    const runtime = createFakeRuntime();
    const foley = createFoleyWith(adapter, { model: '/m/', runtime, sounds: bad });
    await expect(foley).rejects.toThrow(RangeError);
    expect(dispose).toHaveBeenCalled();
  });

  test('of two that load at once the later one counts', async () => {
    const { foley } = await setUp(soundMap());
    const early = foley.setSounds(soundMap(sound('early')));
    const late = foley.setSounds(soundMap(sound('late')));
    await expect(early).rejects.toThrow(aborted);
    await late;
    expect([...foley.sounds.sounds.keys()]).toEqual(['late']);
  });

  test('loading when everything is disposed is aborted', async () => {
    const { foley } = await setUp(soundMap());
    const loading = foley.setSounds(soundMap(sound('hit')));
    const disposed = foley.dispose();
    await expect(loading).rejects.toThrow(aborted);
    await disposed;
    await expect(foley.setSounds(soundMap())).rejects.toThrow(aborted);
  });
});

describe('addSound', () => {
  test('is what a sound map says, in code; it stays when the map changes, until it is taken back', async () => {
    const { foley, adapter, told } = await setUp(soundMap());
    const remove = await foley.addSound(
      'clank',
      { prompt: 'clank of {a.material}', on: { collision: true } },
      { when: ({ a }) => a.material === 'wood' },
    );
    await foley.setSounds({ sounds: { bell: { prompt: 'bell', on: { event: 'ring' } } } });
    adapter.emit(collision());
    adapter.emit(collision({ a: thing('can', 'metal') }));
    await vi.waitFor(() => expect(told().map(({ sound }) => sound)).toEqual(['clank']));
    remove();
    remove();
    adapter.emit(collision());
    expect(told()).toHaveLength(1);
  });

  test('refuses what a sound map would refuse, and a name that is taken', async () => {
    const { foley } = await setUp(soundMap(sound('bell')));
    await expect(foley.addSound('a', { prompt: '' })).rejects.toThrow(/prompt/);
    await expect(foley.addSound('a', { prompt: 'a', fallback: 'bel' })).rejects.toThrow(/"bell"/);
    await expect(foley.addSound('bell', { prompt: 'a' })).rejects.toThrow(/already/);
    expect([...foley.sounds.sounds.keys()]).toEqual(['bell']);
  });
});

describe('trigger', () => {
  const bell = sound('bell', {
    prompt: '{size} bell',
    slots: slots({ size: { values: ['small', 'large'] } }),
    on: [onEvent('ring')],
  });

  test('is an event of the game, whose data fills slots', async () => {
    const { foley, told } = await setUp(soundMap(bell));
    foley.trigger('ring', { size: 'large' });
    await made(foley, 1);
    foley.trigger('ring', { size: 'large' }, { x: 3, y: 0, z: 0 });
    expect(told().at(-1)).toMatchObject({
      kind: 'played',
      prompt: 'large bell',
      event: 'event',
      point: { x: 3, y: 0, z: 0 },
    });
  });

  test('with a word that is not allowed is silent, and one warning says what is', async () => {
    const { foley, told, logger } = await setUp(soundMap(bell));
    for (let i = 0; i < 3; i++) foley.trigger('ring', { size: 'huge' });
    expect(told().map(({ kind }) => kind)).toEqual(['failed', 'failed', 'failed']);
    expect(logger.warnings).toHaveLength(1);
    expect(logger.warnings[0]).toMatch(/"bell".*\{size\}.*"huge".*small, large/);
  });

  test('of which no sound knows is nothing', async () => {
    const { foley, events } = await setUp(soundMap(bell));
    foley.trigger('rong');
    expect(events).toEqual([]);
  });

  test('at a node of the scene, its words fill slots', async () => {
    const { foley, adapter, runtime } = await setUp(soundMap(bell));
    const node = adapter.addNode({ x: 0, y: 0, z: -2 }, { data: { size: 'small' } });
    foley.trigger('ring', {}, node);
    await made(foley, 1);
    expect(runtime.requests[0]?.prompt).toBe('small bell');
  });
});

describe('play by name', () => {
  test('waits for the take and plays it, whatever the sound is bound to', async () => {
    const { foley, told } = await setUp(soundMap(sound('bell', { on: [] })));
    const voice = await foley.play('bell', { at: { x: 1, y: 0, z: 0 } });
    expect(voice.refusal).toBeNull();
    expect(told()).toMatchObject([{ kind: 'played', sound: 'bell', prompt: 'bell' }]);
  });

  test('of an unknown name is refused with those that are near', async () => {
    const { foley } = await setUp(soundMap(sound('footstep'), sound('bell')));
    await expect(foley.play('footstp')).rejects.toThrow(
      /no sound "footstp".*Did you mean "footstep"\?/,
    );
    await expect(foley.play('footstp')).rejects.toThrow(RangeError);
  });

  test('is taken back by its signal, and by dispose', async () => {
    const gate = () => new Promise<void>(() => {});
    const { foley, runtime } = await setUp(soundMap(sound('bell')), { gate });
    const stop = new AbortController();
    const first = foley.play('bell', { signal: stop.signal });
    const second = foley.play('bell');
    await vi.waitFor(() => expect(runtime.requests).toHaveLength(1));
    stop.abort();
    await expect(first).rejects.toThrow(aborted);
    const disposed = foley.dispose();
    await expect(second).rejects.toThrow(aborted);
    await disposed;
    expect(runtime.aborted).toHaveLength(1);
  });

  test('a loop plays until its voice is stopped', async () => {
    const { foley, runtime } = await setUp(soundMap(sound('hum', { loop: true, duration: 0.1 })));
    const voice = await foley.play('hum');
    expect(runtime.requests[0]).toMatchObject({ loop: true, duration: 0.1 });
    await new Promise((resolve) => setTimeout(resolve, 50)); // longer than the take's 20 ms
    expect(voice.playing).toBe(true);
    voice.stop();
    await voice.ended;
  });
});

describe('takes', () => {
  const bell = sound('bell', { variations: 3 });
  const seeds = async (
    foley: { play(name: string): Promise<unknown> },
    told: () => FoleyEvent[],
  ) => {
    for (let i = 0; i < 16; i++) {
      await foley.play('bell');
      await new Promise((resolve) => setTimeout(resolve)); // the next take is made
    }
    return new Set(
      told()
        .slice(-12)
        .map(({ seed }) => seed),
    );
  };

  test('a locked one plays alone, until it is unlocked', async () => {
    const { foley, told } = await setUp(soundMap(bell));
    foley.lock('bell', 7);
    expect(await seeds(foley, told)).toEqual(new Set([7]));
    expect(foley.sounds.sounds.get('bell')?.takes).toEqual({ lock: 7, ban: [] });
    foley.lock('bell', null);
    expect(await seeds(foley, told)).toEqual(new Set([0, 1, 2]));
  });

  test('a banned one never plays again, and the pool stays as large', async () => {
    const { foley, told } = await setUp(soundMap(bell));
    foley.ban('bell', 1);
    expect(await seeds(foley, told)).toEqual(new Set([0, 2, 3]));
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('seed %d is refused', async (seed) => {
    const { foley } = await setUp(soundMap(bell));
    expect(() => foley.lock('bell', seed)).toThrow(RangeError);
    expect(() => foley.ban('bell', seed)).toThrow(RangeError);
    expect(() => foley.lock('bel', 1)).toThrow(/Did you mean "bell"/);
  });
});

describe('ready', () => {
  const hall = { name: 'hall', node: named('hall'), sounds: null, reverb: null };
  const bells = { name: 'bells', node: null, sounds: ['bell'], reverb: null };
  const hit = sound('hit', {
    prompt: '{a.material} hit',
    variations: 3,
    on: [binding({ a: { name: null, tag: ['crate'], material: null, data: null } })],
  });
  const map = {
    ...soundMap(hit, sound('bell', { on: [onEvent('ring')] })),
    zones: new Map<string, ZoneDefinition>([
      ['hall', hall],
      ['bells', bells],
    ]),
  };

  async function setUpHall(fake: Parameters<typeof createFakeRuntime>[0] = {}) {
    const world = await setUp(map, fake);
    const { adapter } = world;
    const long = { min: { x: -40, y: 0, z: -5 }, max: { x: 40, y: 4, z: 5 } };
    adapter.addNode({ x: 0, y: 0, z: 0 }, { name: 'hall' }, long);
    adapter.addNode({ x: 39, y: 0, z: 0 }, { tags: ['crate'], material: 'wood' });
    adapter.addNode({ x: 0, y: 0, z: 6 }, { tags: ['crate'], material: 'metal' }); // within its sphere, not its walls
    return world;
  }

  test.each([
    [undefined, ['bell', 'metal hit', 'wood hit']],
    ['hall', ['bell', 'wood hit']],
    ['bells', ['bell']],
  ])('%s makes the first take of each prompt that can be needed there', async (zone, prompts) => {
    const { foley, runtime } = await setUpHall();
    const told: [number, number][] = [];
    await foley.ready(zone, { onProgress: (done, total) => told.push([done, total]) });
    expect(runtime.requests.map(({ prompt }) => prompt).sort()).toEqual(prompts);
    expect(runtime.requests.every(({ seed }) => seed === 0)).toBe(true);
    expect(told).toEqual(Array.from({ length: prompts.length + 1 }, (_, i) => [i, prompts.length]));
  });

  test('then the first event of each is heard at once', async () => {
    const { foley, adapter, told } = await setUpHall();
    await foley.ready();
    const a = { ...thing('crate', 'metal'), tags: ['crate'] };
    adapter.emit(collision({ a }));
    expect(told()).toMatchObject([{ kind: 'played', prompt: 'metal hit' }]);
  });

  test('a zone that is not there is refused with one that is near', async () => {
    const { foley } = await setUpHall();
    await expect(foley.ready('hal')).rejects.toThrow(/no zone "hal".*"hall"/);
  });

  test('what cannot be made counts as done, with one warning', async () => {
    const { foley, logger } = await setUpHall({
      gate: () => Promise.reject(new Error('no model')),
    });
    await foley.ready();
    expect(logger.warnings).toEqual([expect.stringContaining('3 of 3')]);
  });

  test('is taken back by its signal, and by dispose', async () => {
    const { foley, runtime } = await setUpHall({ gate: () => new Promise(() => {}) });
    const stop = new AbortController();
    const first = foley.ready('hall', { signal: stop.signal });
    stop.abort();
    await expect(first).rejects.toThrow(aborted);
    const second = foley.ready();
    const disposed = foley.dispose();
    await expect(second).rejects.toThrow(aborted);
    await disposed;
    expect(runtime.aborted).toHaveLength(runtime.requests.length);
    await expect(foley.ready()).rejects.toThrow(aborted);
  });
});
