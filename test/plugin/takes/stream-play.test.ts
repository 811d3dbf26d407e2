import { describe, expect, test, vi } from 'vitest';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { createWebAudioAdapter } from '../../../plugin/engines/webaudio.ts';
import { createFoleyWith, type FoleyEvent, type FoleyOptions } from '../../../plugin/foley.ts';
import { type Belt, createBelt, createFakeRuntime, pulse, pulseHeight } from '../fake-runtime.ts';
import {
  installWebAudio,
  offlineContext,
  pulsesOf,
  renderWith,
  SAMPLE_RATE,
} from '../web-audio.ts';

installWebAudio();

const aborted = expect.objectContaining({ name: 'AbortError' });
const place = { x: -1, y: 0, z: 0 };

/** 0.1 s that begin with a pulse of the seed's height. */
function tenth(seed: number): Float32Array {
  const pcm = new Float32Array(0.1 * SAMPLE_RATE);
  pcm.set(pulse(seed));
  return pcm;
}

/** Parts of 'new …' come by hand, those of 'fast …' at once; the first sound of all has told the speed. */
async function setUp(options: Partial<FoleyOptions> = {}, adapter = createNullAdapter()) {
  const belts = new Map<string, Belt>();
  const beltOf = (prompt: string) => {
    const belt = belts.get(prompt) ?? createBelt();
    belts.set(prompt, belt);
    return belt;
  };
  const runtime = createFakeRuntime({
    parts: ({ prompt }) => (prompt.startsWith('fast') ? [tenth(0), tenth(1)] : beltOf(prompt)),
    pcm: ({ seed = 0 }) => tenth(seed + 4),
  });
  const foley = await createFoleyWith(adapter, { model: '/m/', runtime, ...options });
  const emitter = foley.emitter(place);
  await emitter.play('fast bell', { volume: 0 });
  await vi.waitFor(() => expect(foley.stats().generated).toBe(1));
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const facts = () => events.map(({ kind, source, take }) => [kind, source, take?.seed]);
  return { foley, emitter, runtime, events, facts, beltOf };
}

describe('a new sound', () => {
  test('begins at its first part; the take that follows serves later plays', async () => {
    const { foley, emitter, runtime, beltOf, events, facts } = await setUp();
    const playing = emitter.play('new door', { seed: 3 });
    beltOf('new door').push(tenth(0));
    const voice = await playing;
    expect([voice.refusal, voice.playing]).toEqual([null, true]);
    expect(facts()).toEqual([['played', 'generated', undefined]]);
    expect(events[0]).toMatchObject({ prompt: 'new door', seed: 3 });
    expect(events[0]?.latencyMs).toBeGreaterThanOrEqual(0);
    beltOf('new door').end();
    await vi.waitFor(() => expect(foley.stats().generated).toBe(2));
    await emitter.play('new door', { seed: 3 });
    expect(facts().slice(1)).toEqual([
      ['generated', 'generated', 3],
      ['played', 'memory', 3],
    ]);
    expect(runtime.requests).toHaveLength(2);
  });

  test('is heard part by part, at its place', async () => {
    const context = offlineContext(1);
    const adapter = createWebAudioAdapter({ context });
    const { emitter, beltOf } = await setUp({}, adapter as never);
    const belt = beltOf('new door');
    const arrive = (...parts: Float32Array[]) => {
      for (const pcm of parts) belt.push(pcm);
      return new Promise((resolve) => setTimeout(resolve, 5));
    };
    const { left } = await renderWith(context, {
      0.128: () => Promise.all([arrive(tenth(0)), emitter.play('new door', { volume: 0.5 })]),
      0.176: () => arrive(tenth(1)),
      0.256: () => arrive(tenth(2)),
    });
    const pulses = pulsesOf(left);
    pulses.forEach(({ peak, time }, i) => {
      expect(peak).toBeCloseTo(pulseHeight(i) / 2, 4);
      expect(time).toBeCloseTo(0.128 + 0.015 + i * 0.1, 3);
    });
    expect(pulses).toHaveLength(3);
  });

  test('that two ask for at once is made once and begins for both', async () => {
    const { foley, emitter, runtime, beltOf } = await setUp();
    const first = emitter.play('new door');
    beltOf('new door').push(tenth(0));
    expect((await first).playing).toBe(true);
    const other = await foley.emitter({ x: 2, y: 0, z: 0 }).play('new door');
    expect(other.playing).toBe(true);
    expect(runtime.requests).toHaveLength(2);
  });

  test('that was made elsewhere before it had parts is played whole', async () => {
    const { emitter, beltOf, facts } = await setUp();
    const playing = emitter.play('new door');
    beltOf('new door').end();
    expect((await playing).refusal).toBeNull();
    expect(facts()).toEqual([
      ['generated', 'generated', 0],
      ['played', 'generated', 0],
    ]);
  });

  test('the very first waits for its second part', async () => {
    const belt = createBelt();
    const runtime = createFakeRuntime({ parts: () => belt });
    const foley = await createFoleyWith(createNullAdapter(), { model: '/m/', runtime });
    let began = false;
    const playing = foley.emitter(place).play('door');
    void playing.then(() => {
      began = true;
    });
    belt.push(tenth(0));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(began).toBe(false);
    belt.push(tenth(1));
    expect((await playing).playing).toBe(true);
  });

  test('that must wait for a part is counted', async () => {
    let time = 0;
    const adapter = createNullAdapter({ now: () => time });
    const { foley, emitter, beltOf } = await setUp({}, adapter);
    const belt = beltOf('new door');
    belt.push(tenth(0));
    await emitter.play('new door');
    time = 1;
    belt.push(tenth(1));
    await vi.waitFor(() => expect(foley.stats().starved).toBe(1));
  });

  test('is refused while the audio is suspended, and made all the same', async () => {
    const adapter = { ...createNullAdapter() };
    const { foley, emitter } = await setUp({}, adapter);
    Object.assign(adapter, { running: false });
    expect((await emitter.play('fast door')).refusal).toBe('suspended');
    await vi.waitFor(() => expect(foley.stats()).toMatchObject({ suspended: 1, generated: 2 }));
  });
});

describe('when it cannot be made', () => {
  test('before it began, play rejects', async () => {
    const { emitter, beltOf, facts } = await setUp();
    beltOf('new door').end(new Error('worker gone'));
    await expect(emitter.play('new door')).rejects.toThrow('worker gone');
    expect(facts()).toEqual([['failed', null, undefined]]);
  });

  test('after it began, the voice stops and the failure is told', async () => {
    const { emitter, beltOf, facts, events } = await setUp();
    beltOf('new door').push(tenth(0));
    const voice = await emitter.play('new door');
    beltOf('new door').end(new Error('worker gone'));
    await voice.ended;
    expect(facts().map(([kind]) => kind)).toEqual(['played', 'failed']);
    expect(String(events[1]?.error)).toContain('worker gone');
  });
});

describe('taken back', () => {
  test('by its signal before it began, by nothing of it afterwards', async () => {
    const { emitter, runtime, beltOf } = await setUp();
    const stop = new AbortController();
    const playing = emitter.play('new door', { signal: stop.signal });
    await vi.waitFor(() => expect(runtime.streamed).toHaveLength(2));
    stop.abort();
    await expect(playing).rejects.toThrow(aborted);
    expect(runtime.aborted).toHaveLength(1);
    const late = new AbortController();
    beltOf('new bell').push(tenth(0));
    const voice = await emitter.play('new bell', { signal: late.signal });
    late.abort();
    await Promise.resolve();
    expect([voice.playing, runtime.aborted.length]).toEqual([true, 1]);
  });

  test('by stop, the voice fades and the work behind it ends', async () => {
    const { emitter, runtime, beltOf, facts } = await setUp();
    beltOf('new door').push(tenth(0));
    const voice = await emitter.play('new door');
    emitter.stop();
    expect(voice.playing).toBe(false);
    await voice.ended;
    await vi.waitFor(() => expect(runtime.aborted).toHaveLength(1));
    expect(facts().map(([kind]) => kind)).toEqual(['played']);
  });

  test('by dispose, in whatever state it is', async () => {
    const { foley, emitter, runtime, beltOf } = await setUp();
    beltOf('new door').push(tenth(0));
    const voice = await emitter.play('new door');
    const coming = emitter.play('new bell');
    const disposed = foley.dispose();
    await expect(coming).rejects.toThrow(aborted);
    await Promise.all([disposed, voice.ended]);
    await vi.waitFor(() => expect(runtime.aborted).toHaveLength(2));
  });
});

describe('not streamed', () => {
  test('is what a play or a foley does not want streamed, and no loop is', async () => {
    const { emitter, runtime } = await setUp();
    await emitter.play('fast door', { stream: false });
    await emitter.play('fast rain', { loop: true });
    expect(runtime.streamed.map(({ prompt }) => prompt)).toEqual(['fast bell']);
    const whole = await setUp({ stream: false });
    await whole.emitter.play('fast door', { stream: true });
    expect(whole.runtime.streamed.map(({ prompt }) => prompt)).toEqual(['fast door']);
  });

  test('is what is prefetched', async () => {
    const { foley, runtime } = await setUp();
    await foley.prefetch([{ prompt: 'fast door' }]);
    expect(runtime.streamed).toHaveLength(1);
  });
});
