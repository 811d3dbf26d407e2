/** An audio context that does not run: not yet, not now, never again. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createWebAudioAdapter } from '../../../plugin/engines/webaudio.ts';
import { createFoleyWith } from '../../../plugin/foley.ts';
import { watchGraph } from '../audio-graph.ts';
import { useFoleyScene } from '../engines/babylon/foley-scene.ts';
import { createFakeRuntime, createLog, sine } from '../fake-runtime.ts';
import { onEvent, sound, soundMap } from '../sound-maps.ts';
import { installWebAudio, liveContext } from '../web-audio.ts';

installWebAudio();
const world = useFoleyScene();

const bell = sound('bell', { on: [onEvent('ring')] });
const hum = sound('hum', { loop: true, on: [onEvent('engine', { when: 'while' })] });
const wind = sound('wind', {
  loop: true,
  ambience: { crossfade: 0.1 },
  on: [onEvent('storm', { when: 'while' })],
});

let ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending) await end();
  ending = [];
});

async function setUp() {
  const context = liveContext();
  const adapter = createWebAudioAdapter({ context });
  const logger = createLog();
  const runtime = createFakeRuntime({ pcm: () => sine(440, 0.5) });
  const options = { model: '/m/', runtime, logger, sounds: soundMap(bell, hum, wind) };
  const foley = await createFoleyWith(adapter, { ...options, prefetch: false });
  ending.push(
    () => foley.dispose(),
    async () => context.state !== 'closed' && context.close(),
  );
  await foley.ready();
  return { foley, context, logger, adapter };
}

type One = Awaited<ReturnType<typeof setUp>>;

function tellAll({ foley }: One): void {
  for (let i = 0; i < 5; i++) foley.trigger('ring');
  foley.begin('engine');
  foley.begin('storm');
}

const playing = ({ foley }: One) => foley.inspect().voices.playing;

describe('a context that is suspended', () => {
  test('before the unlock: what lasts is heard after it, what happened once is not', async () => {
    const one = await setUp();
    const { foley, context, logger } = one;
    await context.suspend();
    tellAll(one);
    expect(await foley.play('bell')).toMatchObject({ refusal: 'suspended', playing: false });
    expect(playing(one)).toBe(0);
    await foley.unlock();
    await vi.waitFor(() => expect(playing(one)).toBe(2), 3000);
    expect(foley.stats()).toMatchObject({ suspended: 7, played: 2 });
    expect(logger.warnings).toHaveLength(1);
  });

  test('by the browser later: what lasts goes on after it, what began meanwhile too', async () => {
    const one = await setUp();
    const { foley, context, logger } = one;
    foley.begin('engine');
    await vi.waitFor(() => expect(playing(one)).toBe(1), 3000);
    await context.suspend();
    tellAll(one);
    expect(playing(one)).toBe(1);
    await context.resume();
    await vi.waitFor(() => expect(playing(one)).toBe(3), 3000);
    expect(foley.stats().suspended).toBe(6);
    expect(logger.warnings).toHaveLength(1);
  });

  test('when all is disposed: every promise is kept, and no node is left', async () => {
    const graph = watchGraph();
    const one = await setUp();
    const { foley, context } = one;
    const voices = [await foley.play('hum'), await foley.emitter({ x: 0, y: 0, z: 1 }).play('x')];
    tellAll(one);
    await context.suspend();
    await foley.dispose();
    await Promise.all(voices.map(({ ended }) => ended));
    graph.stop();
    expect(graph.connections).toBe(0);
  });
});

describe('a context that is closed', () => {
  test('is one warning that says so, and nothing else', async () => {
    const one = await setUp();
    const { foley, context, logger } = one;
    foley.begin('engine');
    await vi.waitFor(() => expect(playing(one)).toBe(1), 3000);
    await context.close();
    for (let i = 0; i < 100; i++) tellAll(one);
    expect((await foley.play('bell')).refusal).toBe('suspended');
    await foley.unlock();
    await new Promise((resolve) => setTimeout(resolve, 600)); // two ticks
    expect(logger.warnings).toEqual([expect.stringMatching(/closed/)]);
  });

  test('when all is disposed: every promise is kept, and no node is left', async () => {
    const graph = watchGraph();
    const one = await setUp();
    const { foley, context } = one;
    const voice = await foley.play('hum');
    tellAll(one);
    await context.close();
    await foley.dispose();
    await voice.ended;
    graph.stop();
    expect(graph.connections).toBe(0);
  });

  test('with Babylon’s audio engine: nothing throws, while the scene renders or later', async () => {
    const logger = createLog();
    const given = { sounds: soundMap(bell, hum), prefetch: false, logger };
    const { foley, audioEngine } = await world.offline(undefined, given);
    await foley.ready();
    foley.begin('engine', {}, world.nodeAt(0, 0, 1));
    await vi.waitFor(() => expect(foley.inspect().voices.playing).toBe(1));
    audioEngine.dispose();
    for (let i = 0; i < 20; i++) {
      foley.trigger('ring');
      foley.begin('engine', {}, world.nodeAt(0, 0, 1));
      expect(() => world.scene.render()).not.toThrow();
    }
    await new Promise((resolve) => setTimeout(resolve, 300)); // one tick
    await foley.dispose();
    expect(logger.warnings.length).toBeLessThanOrEqual(1);
  });
});
