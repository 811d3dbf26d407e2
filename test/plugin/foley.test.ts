import { describe, expect, test, vi } from 'vitest';
import { createEventHub } from '../../plugin/engines/event-hub.ts';
import { createNullAdapter } from '../../plugin/engines/null.ts';
import { createFoleyWith, type FoleyEvent, type FoleyOptions } from '../../plugin/foley.ts';
import { collision } from './events.ts';
import { createFakeRuntime, createLog, gateway } from './fake-runtime.ts';

const aborted = expect.objectContaining({ name: 'AbortError' });
const place = { x: 0, y: 0, z: -1 };

async function setUp(
  fake: Parameters<typeof createFakeRuntime>[0] = {},
  options: Partial<FoleyOptions> = {},
  adapter = createNullAdapter(),
) {
  const runtime = createFakeRuntime(fake);
  const logger = createLog();
  const foley = await createFoleyWith(adapter, { model: '/m/', runtime, logger, ...options });
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  return { foley, runtime, adapter, logger, events };
}

describe('emitter.play', () => {
  test('waits for the take, plays it and tells how', async () => {
    const { foley, events } = await setUp();
    const voice = await foley.emitter(place).play('  heavy \n door ', { seed: 7 });
    expect(voice.refusal).toBeNull();
    expect(events.map(({ kind, prompt, seed, source }) => [kind, prompt, seed, source])).toEqual([
      ['generated', 'heavy door', 7, 'generated'],
      ['played', 'heavy door', 7, 'generated'],
    ]);
    expect(events[1]?.take?.licence).toBe('MIT');
    expect(events[1]?.latencyMs).toBeGreaterThanOrEqual(0);
  });

  test('the same sound again comes from memory without the runtime', async () => {
    const { foley, runtime, events } = await setUp();
    await foley.emitter(place).play('door');
    await foley.emitter(place).play('door');
    expect(runtime.requests).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ kind: 'played', source: 'memory' });
  });

  test('hands all generation options on, and none of its own', async () => {
    const { foley, runtime } = await setUp();
    const generation = { duration: 2, seed: 3, guidanceScale: 4, loop: true, priority: 5 };
    await foley.emitter(place).play('rain', { ...generation, volume: 0.5, pitch: -2 });
    expect(runtime.requests).toEqual([{ prompt: 'rain', ...generation }]);
  });

  test.each([
    ['', {}],
    ['x'.repeat(257), {}],
    ['door', { volume: -1 }],
    ['door', { pitch: Number.NaN }],
  ])('rejects prompt %j with %o by a RangeError', async (prompt, options) => {
    const { foley } = await setUp();
    await expect(foley.emitter(place).play(prompt, options)).rejects.toThrow(RangeError);
  });

  test('a failed generation rejects and is told', async () => {
    const gate = () => Promise.reject(new Error('model.json not found'));
    const { foley, events } = await setUp({ gate });
    await expect(foley.emitter(place).play('door')).rejects.toThrow('model.json not found');
    expect(events).toMatchObject([{ kind: 'failed', prompt: 'door', source: null }]);
    expect(foley.stats().failed).toBe(1);
  });

  test('its signal takes it back, before and during the generation', async () => {
    const { foley, runtime } = await setUp({ gate: () => new Promise(() => {}) });
    const emitter = foley.emitter(place);
    await expect(emitter.play('door', { signal: AbortSignal.abort() })).rejects.toThrow(aborted);
    expect(runtime.requests).toHaveLength(0);
    const stop = new AbortController();
    const played = emitter.play('door', { signal: stop.signal });
    await vi.waitFor(() => expect(runtime.requests).toHaveLength(1));
    stop.abort();
    await expect(played).rejects.toThrow(aborted);
    expect(runtime.aborted).toHaveLength(1);
  });
});

describe('emitter', () => {
  test('is the same for the same node, until disposed', async () => {
    const { foley } = await setUp();
    const emitter = foley.emitter(place);
    expect(foley.emitter(place)).toBe(emitter);
    emitter.dispose();
    emitter.dispose();
    expect(foley.emitter(place)).not.toBe(emitter);
    await expect(emitter.play('door')).rejects.toThrow(aborted);
  });

  test('stop ends what sounds, takes back what is coming, and leaves it usable', async () => {
    const { open, opened } = gateway();
    const gate = ({ prompt }: { prompt: string }) =>
      prompt === 'slow' ? opened : Promise.resolve();
    const { foley } = await setUp({ gate });
    const emitter = foley.emitter(place);
    const voice = await emitter.play('fast', { loop: true });
    const coming = emitter.play('slow');
    emitter.stop();
    expect(voice.playing).toBe(false);
    await expect(coming).rejects.toThrow(aborted);
    open();
    expect((await emitter.play('fast')).playing).toBe(true);
  });

  test.each([{ refDistance: 0 }, { refDistance: 2, maxDistance: 1 }, { rolloff: Number.NaN }])(
    'with %o is refused',
    async (options) => {
      const { foley } = await setUp();
      expect(() => foley.emitter({ ...place }, options)).toThrow(RangeError);
    },
  );
});

describe('rules and events', () => {
  test('prefetched, a collision sounds at once', async () => {
    const { foley, adapter, events } = await setUp();
    await foley.prefetch([{ prompt: ' hard hit  of wood ' }]);
    foley.addRule({ prompt: '{intensity} hit of {a.material}' });
    await Promise.resolve(); // emitters are made
    adapter.emit(collision());
    expect(events.at(-1)).toMatchObject({ kind: 'played', source: 'memory', seed: 0 });
  });

  test('missed and played events are counted', async () => {
    const { foley, adapter } = await setUp();
    foley.addRule({ prompt: 'hit', takes: 1, cooldown: 0 });
    adapter.emit(collision());
    await vi.waitFor(() => expect(foley.stats().generated).toBe(1));
    adapter.emit(collision());
    expect(foley.stats()).toMatchObject({ absent: 1, played: 1, failed: 0 });
  });

  test('a listener that throws is logged and disturbs nobody', async () => {
    const { foley, logger } = await setUp();
    const heard: string[] = [];
    const forget = foley.onEvent(() => {
      throw new Error('panel broke');
    });
    foley.onEvent(({ kind }) => heard.push(kind));
    await foley.emitter(place).play('door');
    forget();
    expect(heard).toEqual(['generated', 'played']);
    expect(logger.warnings[0]).toContain('panel broke');
  });

  test('a thousand collisions at once make four voices, where four are allowed, and no requests', async () => {
    const atOnce = createNullAdapter({ now: () => 0 });
    const { foley, adapter, runtime } = await setUp({}, { maxVoices: 4 }, atOnce);
    await foley.prefetch([{ prompt: 'hit' }]);
    foley.addRule({ prompt: 'hit', takes: 1, cooldown: 0 });
    await Promise.resolve();
    for (let i = 0; i < 1000; i++) adapter.emit(collision());
    expect(foley.stats()).toMatchObject({ played: 4, crowded: 996, absent: 0, stolen: 0 });
    expect(runtime.requests).toHaveLength(1);
  });
});

describe('prefetch', () => {
  const seeds = [0, 1, 2, 3, 4];
  const requests = seeds.map((seed) => ({ prompt: 'hit', seed }));

  test('asks for two at a time, in order', async () => {
    let open = 0;
    let most = 0;
    const gate = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve));
      open--;
    };
    const { foley, runtime } = await setUp({ gate });
    await foley.prefetch(requests);
    expect(runtime.requests.map(({ seed }) => seed)).toEqual(seeds);
    expect(most).toBe(2);
  });

  test('is less urgent than what is played, unless it says otherwise', async () => {
    const { foley, runtime } = await setUp();
    await foley.prefetch([{ prompt: 'hit' }, { prompt: 'bell', priority: 3 }]);
    await foley.prefetch([{ prompt: 'rain', priority: undefined }]);
    await foley.emitter(place).play('door');
    expect(runtime.requests.map(({ priority = 0 }) => priority)).toEqual([-1, 3, -1, 0]);
  });

  test('throws the first error, and makes the others', async () => {
    const gate = ({ seed }: { seed?: number | undefined }) =>
      seed === 1 ? Promise.reject(new Error('broken')) : Promise.resolve();
    const { foley, runtime } = await setUp({ gate });
    await expect(foley.prefetch(requests)).rejects.toThrow('broken');
    await vi.waitFor(() => expect(runtime.requests).toHaveLength(5));
    await vi.waitFor(() => expect(foley.stats().generated).toBe(4));
  });

  test('a bad prompt is refused before anything is made', async () => {
    const { foley, runtime } = await setUp();
    await expect(foley.prefetch([{ prompt: 'hit' }, { prompt: '' }])).rejects.toThrow(RangeError);
    expect(runtime.requests).toEqual([]);
  });
});

describe('the pace', () => {
  /** A foley whose game takes 33 ms a render frame while something is generated, 17 ms otherwise. */
  async function suffering() {
    let time = 0;
    const renderFrames = createEventHub<void>();
    const adapter = {
      ...createNullAdapter({ now: () => time }),
      onRenderFrame: renderFrames.subscribe,
    };
    const { foley, runtime } = await setUp({}, {}, adapter);
    for (let i = 0; i < 400; i++) {
      runtime.busy = i > 200;
      time += runtime.busy ? 1 / 30 : 1 / 60;
      renderFrames.emit();
    }
    return { foley, runtime, renderFrames };
  }

  test('falls when the render frames suffer, and is full again for others after dispose', async () => {
    const { foley, runtime, renderFrames } = await suffering();
    expect(runtime.paces).toEqual(['eased', 'slow']);
    await foley.dispose();
    expect(runtime.paces).toEqual(['eased', 'slow', 'full']);
    expect(renderFrames.size).toBe(0);
  });
});

describe('dispose', () => {
  test('rejects what is pending with AbortError and stops the work behind it', async () => {
    const { foley, runtime } = await setUp({ gate: () => new Promise(() => {}) });
    const played = foley.emitter(place).play('door');
    const fetched = foley.prefetch([{ prompt: 'bell' }]);
    await vi.waitFor(() => expect(runtime.requests).toHaveLength(2));
    const disposed = foley.dispose();
    await expect(played).rejects.toThrow(aborted);
    await expect(fetched).rejects.toThrow(aborted);
    await disposed;
    expect(runtime.aborted).toHaveLength(2);
  });

  test('twice is fine, and it can be called before anything was done', async () => {
    const { foley, runtime } = await setUp();
    const first = foley.dispose();
    expect(foley.dispose()).toBe(first);
    await first;
    expect(runtime.disposed).toBe(0); // it was handed in, so it is not ours to end
  });

  test('afterwards everything asked for is refused with AbortError, and events are ignored', async () => {
    const { foley, adapter, events } = await setUp();
    foley.addRule({ prompt: 'hit' });
    const emitter = foley.emitter(place);
    await foley.dispose();
    adapter.emit(collision());
    await expect(emitter.play('door')).rejects.toThrow(aborted);
    await expect(foley.prefetch([{ prompt: 'door' }])).rejects.toThrow(aborted);
    await expect(foley.unlock()).rejects.toThrow(aborted);
    expect(() => foley.emitter(place)).toThrow(aborted);
    expect(events).toEqual([]);
  });

  test('a pending unlock is let go', async () => {
    const runtime = createFakeRuntime();
    const adapter = { ...createNullAdapter(), unlock: () => new Promise<void>(() => {}) };
    const foley = await createFoleyWith(adapter, { model: '/m/', runtime });
    const unlocked = foley.unlock();
    void foley.dispose();
    await expect(unlocked).rejects.toThrow(aborted);
  });

  test('ends a runtime of its own', async () => {
    const workerFactory = () => {
      throw new Error('no worker is needed to dispose');
    };
    const options = { model: 'http://localhost/m/', workerFactory };
    const foley = await createFoleyWith(createNullAdapter(), options);
    await foley.dispose();
    await expect(foley.runtime.generate({ prompt: 'door' })).rejects.toThrow(aborted);
  });
});

test('options are not changed', async () => {
  const options = Object.freeze({ seed: 1, volume: 0.5 });
  const { foley } = await setUp();
  await expect(
    foley.emitter(Object.freeze({ ...place })).play('door', options),
  ).resolves.toBeDefined();
});
