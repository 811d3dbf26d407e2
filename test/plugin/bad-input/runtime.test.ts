/** A runtime that fails: now and then, for ever, or never says anything. */
import { describe, expect, test, vi } from 'vitest';
import { createWebAudioAdapter } from '../../../plugin/engines/webaudio.ts';
import { createFoleyWith } from '../../../plugin/foley.ts';
import { QueueFullError, WorkerLostError } from '../../../runtime/errors.ts';
import { binding, collision } from '../events.ts';
import { createFakeRuntime, createLog, sine } from '../fake-runtime.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';
import { installWebAudio, liveContext } from '../web-audio.ts';
import { aborted, settled, setUp } from './set-up.ts';

installWebAudio();

const lost = () => new WorkerLostError('client: the worker is gone: it stopped answering.');
const full = () => new QueueFullError('client: 64 requests are under way already.');
const whileEvent = (name: string) => [onEvent(name, { when: 'while' as const })];

const bell = sound('bell', { on: [onEvent('ring')] });
const hum = sound('hum', { loop: true, on: whileEvent('engine') });
const wind = sound('wind', { loop: true, ambience: { crossfade: 0.1 }, on: whileEvent('storm') });
const MAP = soundMap(bell, hum, wind);

/** Fails while `broken` is an error. */
function breakable() {
  const state: { broken: Error | null } = { broken: null };
  const gate = () => (state.broken === null ? Promise.resolve() : Promise.reject(state.broken));
  return { state, gate };
}

describe.each([
  ['a worker that dies', lost],
  ['a queue that is full', full],
])('%s', (_what, failure) => {
  test('rejects what is waited for by that error, and the next one is fine', async () => {
    const { state, gate } = breakable();
    const { foley, events } = await setUp(MAP, { gate });
    state.broken = failure();
    const { name } = state.broken;
    await expect(foley.play('bell')).rejects.toMatchObject({ name });
    await expect(foley.emitter({ x: 0, y: 0, z: 0 }).play('x')).rejects.toMatchObject({ name });
    await expect(foley.prefetch([{ prompt: 'y' }])).rejects.toMatchObject({ name });
    expect(events.map(({ kind }) => kind)).toEqual(['failed', 'failed']);
    state.broken = null;
    expect((await foley.play('bell')).playing).toBe(true);
  });

  test('leaves a loading screen done, with one warning', async () => {
    const { state, gate } = breakable();
    const { foley, logger } = await setUp(MAP, { gate });
    state.broken = failure();
    const told: string[] = [];
    await foley.ready(undefined, { onProgress: (done, total) => told.push(`${done}/${total}`) });
    expect(told.at(-1)).toBe('3/3');
    expect(logger.warnings).toEqual([expect.stringContaining('3 of 3')]);
  });

  test('keeps what lasts silent until it is back, without a flood', async () => {
    const { state, gate } = breakable();
    const { foley, logger, clock } = await setUp(MAP, { gate });
    state.broken = failure();
    foley.begin('engine');
    foley.begin('storm');
    for (let i = 0; i < 100; i++) {
      foley.trigger('ring');
      clock.now += 0.5;
      await settled();
    }
    expect(logger.warnings.length).toBeLessThanOrEqual(16);
    expect(foley.inspect().queue.length).toBeLessThanOrEqual(8);
    state.broken = null;
    clock.now += 6; // it is tried again after five seconds
    foley.trigger('ring');
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(2), 3000);
    foley.trigger('ring');
    expect(foley.inspect().voices.playing).toBe(3);
  });
});

test('a worker that dies while loops and ambiences play leaves them playing', async () => {
  const context = liveContext();
  const adapter = createWebAudioAdapter({ context });
  const logger = createLog();
  const { state, gate } = breakable();
  const runtime = createFakeRuntime({ gate, pcm: () => sine(440, 0.3) });
  const many = { ...wind, variations: 4 };
  const sounds = soundMap(bell, hum, many);
  const foley = await createFoleyWith(adapter, { model: '/m/', runtime, logger, sounds });
  await foley.ready();
  foley.begin('engine');
  foley.begin('storm');
  await vi.waitFor(() => expect(foley.inspect().voices.playing).toBeGreaterThanOrEqual(2), 3000);
  state.broken = lost();
  await new Promise((resolve) => setTimeout(resolve, 1000)); // several rounds of the ambience
  expect(foley.inspect().voices.playing).toBeGreaterThanOrEqual(2);
  expect(logger.warnings.length).toBeLessThanOrEqual(2);
  await foley.dispose();
  await context.close();
});

test('prefetch goes on after a worker was lost', async () => {
  const { state, gate } = breakable();
  state.broken = lost();
  const step = sound('step', { on: [binding()] });
  const { foley, logger, clock, runtime } = await setUp(
    soundMap(step),
    { gate },
    { prefetch: true },
  );
  await vi.waitFor(() => expect(logger.warnings).toHaveLength(1), 3000);
  const asked = runtime.requests.length;
  state.broken = null;
  clock.now += 60;
  await vi.waitFor(() => expect(runtime.requests.length).toBeGreaterThan(asked), 3000);
  await vi.waitFor(() => expect(foley.inspect().cache.takes).toBe(1), 3000);
  expect(logger.warnings).toHaveLength(1);
});

describe('a generation that never resolves', () => {
  const never = () => new Promise<void>(() => {});

  test('leaves ready, play and prefetch to their signals, and dispose to itself', async () => {
    const { foley, runtime } = await setUp(MAP, { gate: never });
    const signal = AbortSignal.timeout(20);
    await expect(foley.ready(undefined, { signal })).rejects.toMatchObject(aborted);
    await expect(foley.play('bell', { signal: AbortSignal.timeout(20) })).rejects.toMatchObject(
      aborted,
    );
    const pending = [foley.ready(), foley.play('hum'), foley.prefetch([{ prompt: 'p' }])];
    const settledAll = Promise.allSettled(pending);
    await foley.dispose();
    for (const one of await settledAll)
      expect(one).toMatchObject({ status: 'rejected', reason: aborted });
    expect(runtime.aborted).toHaveLength(runtime.requests.length);
  });

  test('leaves events silent: absent, one warning for each sound, a bounded queue', async () => {
    const { foley, adapter, logger } = await setUp(
      soundMap(sound('hit', { prompt: 'hit of {a.material}' })),
      { gate: never },
    );
    for (let i = 0; i < 100; i++) adapter.emit(collision());
    expect(foley.stats().absent).toBe(100);
    expect(logger.warnings).toHaveLength(1);
    expect(foley.inspect().queue).toHaveLength(1);
  });
});

test('a take without samples is silence, not an error', async () => {
  const context = liveContext();
  const adapter = createWebAudioAdapter({ context });
  const logger = createLog();
  const runtime = createFakeRuntime({ pcm: () => new Float32Array(0) });
  const foley = await createFoleyWith(adapter, { model: '/m/', runtime, logger, sounds: MAP });
  await foley.ready();
  foley.begin('engine');
  foley.begin('storm');
  foley.trigger('ring');
  await (await foley.play('bell')).ended;
  await foley.dispose();
  await context.close();
  expect(logger.warnings).toEqual([]);
});
