/** A whole foley with packs in front of its runtime, and without one. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createEventHub } from '../../../plugin/engines/event-hub.ts';
import { createNullAdapter, type NullAdapter } from '../../../plugin/engines/null.ts';
import { createFoleyWith, type FoleyEvent, type FoleyOptions } from '../../../plugin/foley.ts';
import type { SoundDefinition } from '../../../plugin/sound-definition.ts';
import { binding, collision, thing } from '../events.ts';
import {
  createFakePlayer,
  type FakePlayer,
  type FakePlayerOptions,
  holding,
} from '../fake-player.ts';
import { createFakeRuntime, createLog } from '../fake-runtime.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';

const hit = sound('hit', {
  prompt: 'hit of {a.material}',
  variations: 3,
  lateness: 0.5,
  voices: { max: 64, steal: 'oldest', fade: 0 },
});
const bell = sound('bell', { variations: 3, on: [onEvent('ring')] });
const fire = sound('fire', { loop: true, on: [binding({ kind: 'particles', when: 'while' })] });

/** The model never answers unless it is said to. */
async function setUp(
  pack: FakePlayerOptions,
  {
    sounds = [bell] as SoundDefinition[],
    ...options
  }: Partial<Omit<FoleyOptions, 'sounds'>> & {
    sounds?: SoundDefinition[];
  } = {},
  gate = (): Promise<void> => new Promise(() => {}),
) {
  const player = createFakePlayer(pack);
  const runtime = createFakeRuntime({ gate });
  const logger = createLog();
  const adapter = createNullAdapter();
  const given = { model: '/m/', runtime, logger, baked: player, prefetch: false };
  const foley = await createFoleyWith(adapter, {
    ...given,
    ...options,
    sounds: soundMap(...sounds),
  });
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const told = () => events.map(({ kind, source, prompt }) => `${kind} ${source} ${prompt}`);
  return { foley, adapter, player, runtime, logger, events, told };
}

const playing = (count: number, foley: Awaited<ReturnType<typeof setUp>>['foley']) =>
  vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(count), { timeout: 3000 });

/** As an index tells that the bake took another seed for this one. */
function rolled(sound: string, asked: number, seed: number) {
  const spec = { prompt: sound, duration: 1, seed: asked, loop: false };
  return { sound, seed, spec } as unknown as FakePlayer['sounds'][number];
}

describe('packs first', () => {
  test('a sound of the map, a prompt and a loop are heard out of a pack; the model is not asked', async () => {
    const { foley, adapter, runtime, told } = await setUp({}, { sounds: [bell, fire] });
    await foley.play('bell');
    await foley.emitter({ x: 0, y: 0, z: 0 }).play('door');
    adapter.emit(collision({ kind: 'particles', phase: 'begin', a: thing('hearth'), impulse: 0 }));
    await vi.waitFor(() => expect(told()).toContain('played baked fire'));
    expect(told()).toEqual(
      expect.arrayContaining(['played baked bell', 'played baked door', 'played baked fire']),
    );
    expect(runtime.requests).toEqual([]);
    await foley.dispose();
  });

  test('ready() waits for no model where all is baked', async () => {
    const { foley, player, runtime } = await setUp({});
    const progress = vi.fn();
    await foley.ready(undefined, { onProgress: progress });
    expect(progress.mock.lastCall).toEqual([1, 1]);
    expect([player.taken.length, runtime.requests.length]).toEqual([1, 0]);
    expect(foley.inspect().cache.takes).toBe(1);
    await foley.dispose();
  });

  test('what is baked is prefetched while the model is still loading', async () => {
    const others = ['a', 'b', 'c'].map((name) => sound(name, { on: [onEvent(name)] }));
    const holds = ({ prompt }: { prompt: string }) => prompt === 'bell';
    const { foley, player, runtime } = await setUp(
      { holds },
      { sounds: [...others, bell], prefetch: true },
    );
    await vi.waitFor(() => expect(player.taken.map(({ seed }) => seed)).toEqual([0, 1, 2]), {
      timeout: 3000,
    });
    expect(runtime.requests.map(({ prompt }) => prompt)).toEqual(['a', 'b']);
    await foley.dispose();
  });

  test('a take is banned by the seed that is heard, though the pack has it for another', async () => {
    const seedOf = ({ seed = 0 }) => (seed === 1 ? 77 : seed);
    const { foley, events } = await setUp({ seedOf, sounds: [rolled('bell', 1, 77)] });
    const heard = async () => {
      for (let i = 0; i < 12; i++) await foley.play('bell');
      return new Set(events.splice(0).map(({ seed }) => seed));
    };
    expect(await heard()).toEqual(new Set([0, 77, 2]));
    foley.ban('bell', 77);
    expect(await heard()).toEqual(new Set([0, 2, 3]));
    expect(foley.sounds.sounds.get('bell')?.takes.ban).toEqual([1, 77]);
    await foley.dispose();
  });

  test('its own player is asked once and stays the game’s', async () => {
    const { foley, player } = await setUp({});
    await foley.play('bell');
    await foley.dispose();
    expect([player.loads, player.disposed]).toEqual([1, 0]);
  });
});

/** Ninety hits of three materials, with time for each: which takes are heard. */
async function takesHeard(baked: FakePlayerOptions | null): Promise<unknown[]> {
  const { foley, adapter, events, runtime } = await setUp(
    baked ?? { holds: () => false },
    { sounds: [hit], sessionSeed: 5, maxVoices: 64 },
    async () => {},
  );
  const materials = ['wood', 'metal', 'stone'];
  const prompts = materials.map((material) => `hit of ${material}`);
  const all = prompts.flatMap((prompt) => [0, 1, 2].map((seed) => ({ prompt, seed, duration: 1 })));
  if (baked === null) await foley.prefetch(all);
  for (let i = 0; i < 90; i++) {
    adapter.emit(collision({ a: thing(`crate ${i}`, materials[i % 3]), impulse: 1 + (i % 9) }));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await vi.waitFor(() => expect(events.filter(({ kind }) => kind === 'played')).toHaveLength(90));
  await foley.dispose();
  if (baked !== null) expect(runtime.requests).toEqual([]);
  const heard = events.filter(({ kind }) => kind === 'played');
  return heard.map(({ prompt, seed, rung }) => `${prompt} ${seed} ${rung}`);
}

test('the same seed and the same events are the same takes, out of a complete pack as out of the model', async () => {
  const made = await takesHeard(null);
  expect(new Set(made).size).toBe(9);
  expect(await takesHeard({})).toEqual(made);
});

describe('without the model', () => {
  const live = { live: false };

  test('nothing else is ever asked of the runtime, whatever the game does', async () => {
    const holds = holding({ prompt: 'bell', seed: 0, duration: 1 });
    const sounds = [bell, fire, hit];
    const { foley, adapter, runtime, player } = await setUp(
      { holds },
      { ...live, sounds, prefetch: true },
    );
    await foley.ready();
    await foley.play('bell');
    await expect(foley.emitter({ x: 0, y: 0, z: 0 }).play('door')).rejects.toThrow(RangeError);
    await expect(foley.prefetch([{ prompt: 'door' }])).rejects.toThrow(RangeError);
    adapter.emit(collision({ a: thing('crate', 'wood'), impulse: 5 }));
    adapter.emit(collision({ kind: 'particles', phase: 'begin', a: thing('hearth'), impulse: 0 }));
    await new Promise((resolve) => setTimeout(resolve, 300)); // a tick of the prefetcher
    expect([runtime.requests, player.taken.length]).toEqual([[], 1]);
    await foley.dispose();
  });

  test('its own runtime is none: packs sound, the scene is watched, what is asked of it rejects', async () => {
    let time = 0;
    const renderFrames = createEventHub<void>();
    const adapter = {
      ...createNullAdapter({ now: () => time }),
      onRenderFrame: renderFrames.subscribe,
    };
    const [logger, baked] = [createLog(), createFakePlayer({})];
    const options = { ...live, baked, logger, model: '/m/', prefetch: false };
    const foley = await createFoleyWith(adapter, { ...options, sounds: soundMap(bell) });
    await foley.play('bell');
    for (; time < 5; time += 1 / 60) renderFrames.emit();
    expect(foley.inspect().queue).toEqual([]);
    await expect(foley.runtime.load()).rejects.toThrow('live: false');
    await expect(foley.runtime.generate({ prompt: 'door' })).rejects.toThrow('live: false');
    await foley.dispose();
    await foley.dispose();
    expect(logger.warnings).toEqual([]);
  });

  test('of each prompt that is not baked there is one warning, of loops too', async () => {
    const { foley, adapter, logger } = await setUp(
      { holds: () => false },
      { ...live, sounds: [fire, hit] },
    );
    const burn = () => collision({ kind: 'particles', a: thing('hearth'), impulse: 0 });
    for (let i = 0; i < 3; i++) {
      adapter.emit(collision({ a: thing(`crate ${i}`, 'wood'), impulse: 5 }));
      adapter.emit({ ...burn(), phase: 'begin' });
      await new Promise((resolve) => setTimeout(resolve, 10));
      adapter.emit({ ...burn(), phase: 'end' });
    }
    expect(logger.warnings.map((words) => /"(.*)" is in no pack/.exec(words)?.[1]).sort()).toEqual([
      'fire',
      'hit of wood',
    ]);
    await foley.dispose();
  });

  test('an ambience goes on with what is baked', async () => {
    const rain = sound('rain', {
      ...fire,
      name: 'rain',
      prompt: 'rain',
      variations: 2,
      ambience: { crossfade: 0.01 },
    });
    const { foley, adapter, logger, runtime, player } = await setUp(
      { holds: ({ seed = 0 }) => seed < 2 },
      { ...live, sounds: [rain] },
    );
    adapter.emit(collision({ kind: 'particles', phase: 'begin', a: thing('cloud'), impulse: 0 }));
    await playing(1, foley);
    await vi.waitFor(() => expect(player.taken.map(({ seed }) => seed)).toEqual([0, 1]), {
      timeout: 3000,
    });
    expect([runtime.requests, logger.warnings]).toEqual([[], []]);
    await foley.dispose();
  });

  test('with nothing baked either is a mistake', async () => {
    const made = createFoleyWith(createNullAdapter(), { model: '/m/', live: false });
    await expect(made).rejects.toThrow(/nothing is baked/);
  });

  test('packs that cannot be opened are one warning and silence', async () => {
    const opened = Promise.reject(new Error('truncated at byte 12'));
    const { foley, logger, runtime } = await setUp({ opened }, live);
    await expect(foley.play('bell')).rejects.toThrow(RangeError);
    foley.trigger('ring');
    expect(logger.warnings[0]).toMatch(/packs cannot be opened.*byte 12/);
    expect(runtime.requests).toEqual([]);
    await foley.dispose();
  });
});

/** @returns workers that are running; they never answer. */
function watchWorkers(): ReadonlySet<object> {
  const running = new Set<object>();
  class SilentWorker extends EventTarget {
    constructor() {
      super();
      running.add(this);
    }
    postMessage(): void {}
    terminate(): void {
      running.delete(this);
    }
  }
  vi.stubGlobal('Worker', SilentWorker);
  return running;
}

describe('a foley that cannot be made', () => {
  const packs = { model: 'https://game.test/m/', baked: 'https://game.test/sounds.foley' };
  const cannot = (): never => {
    throw new TypeError('the engine is gone');
  };
  afterEach(() => vi.unstubAllGlobals());

  test('its packs’ worker is the one thing that runs, until it is disposed', async () => {
    const running = watchWorkers();
    const foley = await createFoleyWith(createNullAdapter(), packs);
    expect(running.size).toBe(1);
    await foley.dispose();
    expect(running.size).toBe(0);
  });

  test('for a bad number leaves no worker', async () => {
    const running = watchWorkers();
    const making = createFoleyWith(createNullAdapter(), { ...packs, maxVoices: 0 });
    await expect(making).rejects.toThrow('maxVoices must be a whole number from 1, got 0');
    expect(running.size).toBe(0);
  });

  test.each<keyof NullAdapter>(['createBus', 'onRenderFrame', 'onSceneEvent'])(
    'because the engine’s %s throws leaves no worker',
    async (method) => {
      const running = watchWorkers();
      const adapter = { ...createNullAdapter(), [method]: cannot };
      await expect(createFoleyWith(adapter, packs)).rejects.toThrow('the engine is gone');
      expect(running.size).toBe(0);
    },
  );
});
