import { describe, expect, test, vi } from 'vitest';
import { createNullAdapter } from '../../../plugin/engines/null.ts';
import { createWebAudioAdapter } from '../../../plugin/engines/webaudio.ts';
import { createFoleyWith, type FoleyEvent } from '../../../plugin/foley.ts';
import type { SceneEvent } from '../../../plugin/scene-event.ts';
import type { SoundDefinition } from '../../../plugin/sound-definition.ts';
import { binding, collision, thing } from '../events.ts';
import { createFakeRuntime, createLog, gateway, sine } from '../fake-runtime.ts';
import { onEvent, slots, sound, soundMap } from '../sound-maps.ts';
import { installWebAudio, maxStep, offlineContext, renderWith, rms } from '../web-audio.ts';

installWebAudio();

const lasts = binding({ kind: 'particles', when: 'while' });
const fire = sound('fire', { prompt: 'fire', loop: true, on: [lasts] });
const burning = (phase: SceneEvent['phase'], fields: Partial<SceneEvent> = {}): SceneEvent => {
  return collision({
    kind: 'particles',
    a: thing('fireplace'),
    impulse: 0,
    ...(phase && { phase }),
    ...fields,
  });
};

async function setUp(
  sounds: SoundDefinition[],
  fake: Parameters<typeof createFakeRuntime>[0] = {},
  own: object = {},
) {
  const runtime = createFakeRuntime(fake);
  const logger = createLog();
  const adapter = Object.defineProperties(
    createNullAdapter(),
    Object.getOwnPropertyDescriptors(own),
  );
  const given = { model: '/m/', runtime, logger, sounds: soundMap(...sounds), prefetch: false };
  const foley = await createFoleyWith(adapter, given);
  const events: FoleyEvent[] = [];
  foley.onEvent((event) => events.push(event));
  const told = () =>
    events
      .filter(({ kind }) => kind !== 'generated')
      .map(({ kind, rung, reason }) => rung ?? reason ?? kind);
  const playing = () => foley.inspect().voices.playing;
  const plays = (count = 1) => vi.waitFor(() => expect(playing()).toBe(count));
  return { foley, runtime, adapter, logger, told, playing, plays };
}

describe('a loop', () => {
  test('begins when its take is there, goes on, and ends with its event', async () => {
    const { adapter, runtime, told, playing, plays } = await setUp([fire]);
    adapter.emit(burning('begin'));
    await plays();
    expect(runtime.requests).toMatchObject([{ prompt: 'fire', loop: true }]);
    await new Promise((resolve) => setTimeout(resolve, 60)); // three rounds of its 20 ms
    expect(playing()).toBe(1);
    adapter.emit(burning('end'));
    await plays(0);
    expect(told()).toEqual(['absent', 'exact']);
  });

  test('whose event is over before its take is there is never heard', async () => {
    const { open, opened } = gateway();
    const { adapter, foley, told, playing } = await setUp([fire], { gate: () => opened });
    adapter.emit(burning('begin'));
    adapter.emit(burning('end'));
    open();
    await vi.waitFor(() => expect(foley.stats().generated).toBe(1));
    await new Promise((resolve) => setTimeout(resolve));
    expect([told(), playing()]).toEqual([['absent'], 0]);
  });

  test('of a thing that begins twice is one; of two things are two', async () => {
    const { adapter, plays, playing } = await setUp([fire]);
    adapter.emit(burning('begin'));
    adapter.emit(burning('begin'));
    await plays();
    adapter.emit(burning('begin', { a: thing('torch') }));
    await plays(2);
    adapter.emit(burning('end'));
    await plays(1);
    expect(playing()).toBe(1);
  });

  test('begins with a change where its beginning was missed', async () => {
    const { adapter, plays } = await setUp([fire]);
    adapter.emit(burning('change'));
    await plays();
  });

  test('that may not begin before the audio is unlocked begins then, if its event lasts', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    try {
      let running = false;
      const own = {
        get running() {
          return running;
        },
      };
      const { adapter, foley, told, playing, plays } = await setUp([fire], {}, own);
      await foley.ready();
      adapter.emit(burning('begin'));
      vi.advanceTimersByTime(1000);
      expect(playing()).toBe(0);
      running = true;
      vi.advanceTimersByTime(250);
      await plays();
      expect(told()).toEqual(['suspended', 'exact']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('falls back on another sound that is ready, until its next beginning', async () => {
    const gate = ({ prompt }: { prompt: string }) =>
      prompt === 'fire' ? new Promise<void>(() => {}) : Promise.resolve();
    const crackle = sound('crackle', { loop: true, on: [] });
    const { adapter, foley, told, plays } = await setUp(
      [{ ...fire, fallback: 'crackle' }, crackle],
      { gate },
    );
    (await foley.play('crackle')).stop();
    adapter.emit(burning('begin'));
    await plays();
    expect(told().at(-1)).toBe('fallback');
    expect(foley.inspect().emitters).toMatchObject([
      { id: 'fireplace', sound: 'fire', state: 'fallback' },
    ]);
  });

  test('which cannot be made is warned of and leaves the others', async () => {
    const gate = ({ prompt }: { prompt: string }) =>
      prompt === 'fire' ? Promise.reject(new Error('no model')) : Promise.resolve();
    const hum = sound('hum', { loop: true, on: [lasts] });
    const { adapter, logger, plays } = await setUp([fire, hum], { gate });
    adapter.emit(burning('begin'));
    await plays();
    expect(logger.warnings).toEqual([expect.stringContaining('no model')]);
  });
});

describe('what plays once while something lasts', () => {
  test('ends by itself, and begins no later than its lateness', async () => {
    let time = 0;
    const { open, opened } = gateway();
    const jingle = { ...fire, loop: false, lateness: 1 };
    const { adapter, foley, told, plays } = await setUp(
      [jingle],
      { gate: () => opened, pcm: () => new Float32Array(9600) },
      { now: () => time },
    );
    adapter.emit(burning('begin'));
    time = 1.2;
    open();
    await vi.waitFor(() => expect(foley.stats().generated).toBe(1));
    await new Promise((resolve) => setTimeout(resolve));
    expect(told()).toEqual(['absent']);
    adapter.emit(burning('end'));
    adapter.emit(burning('begin'));
    await plays();
    await plays(0); // while its event goes on
    expect(told()).toEqual(['absent', 'exact']);
  });
});

describe('when the sounds change', () => {
  test('what has not changed goes on, what is gone ends, what is new begins', async () => {
    const hum = sound('hum', { loop: true, on: [lasts] });
    const { adapter, foley, told, plays } = await setUp([fire, hum]);
    adapter.emit(burning('begin'));
    await plays(2);
    const before = told().length;
    await foley.setSounds(soundMap({ ...fire }, sound('crackle', { loop: true, on: [lasts] })));
    await vi.waitFor(() => expect(told().slice(before)).toEqual(['absent', 'exact'])); // the crackle
    await plays(2); // the hum has faded
    adapter.emit(burning('end'));
    await plays(0);
  });

  test('a sound that is added to what lasts already begins', async () => {
    const { foley, plays } = await setUp([]);
    const rain = foley.begin('rain');
    await foley.addSound('rain', { prompt: 'rain', loop: true, on: { event: 'rain' } });
    await plays();
    rain.end();
    rain.end();
    await plays(0);
  });
});

test('two that the game begins under one name are two', async () => {
  const alarm = sound('alarm', { loop: true, on: [onEvent('alarm', { when: 'while' })] });
  const { foley, plays } = await setUp([alarm]);
  const one = foley.begin('alarm');
  const other = foley.begin('alarm');
  await plays(2);
  one.end();
  await plays(1);
  other.end();
  await plays(0);
});

test('a thousand at once: as many as are bounded want a take, nothing throws', async () => {
  const { open, opened } = gateway();
  const { adapter, runtime, foley, told } = await setUp([fire], { gate: () => opened });
  for (let i = 0; i < 1000; i++) adapter.emit(burning('begin', { a: thing(`${i}`) }));
  expect(told().filter((reason) => reason === 'crowded')).toHaveLength(1000 - 256);
  await vi.waitFor(() => expect(runtime.requests).toHaveLength(1));
  open();
  await foley.dispose();
});

test('disposed while loops play and others wait, nothing is left', async () => {
  const gate = ({ prompt }: { prompt: string }) =>
    prompt === 'hum' ? new Promise<void>(() => {}) : Promise.resolve();
  const hum = sound('hum', { loop: true, on: [lasts] });
  const { adapter, foley, runtime, plays, playing, logger } = await setUp([fire, hum], { gate });
  adapter.emit(burning('begin'));
  await plays();
  await foley.dispose();
  expect(playing()).toBe(0);
  expect(runtime.aborted.map(({ prompt }) => prompt)).toEqual(['hum']);
  expect(logger.warnings.filter((text) => !text.includes('no take yet'))).toEqual([]);
});

test('its numbers are heard: louder and higher as they grow, without a click, silent after its end', async () => {
  const context = offlineContext(1);
  const adapter = createWebAudioAdapter({ context });
  const runtime = createFakeRuntime({ pcm: () => sine(480, 0.1) });
  const engine = sound('engine', {
    loop: true,
    attenuation: null,
    on: [onEvent('engine', { when: 'while' })],
    control: [{ by: 'rpm', range: [0, 1000], pitch: [0, 12], volume: [0.1, 1] }],
  });
  const foley = await createFoleyWith(adapter, { model: '/m/', runtime, sounds: soundMap(engine) });
  await foley.ready();
  let lasting = foley.begin('engine', { rpm: 0 });
  lasting.end();
  const { left } = await renderWith(context, {
    0: () => {
      lasting = foley.begin('engine', { rpm: 0 });
    },
    0.3: () => lasting.change({ rpm: 1000 }),
    0.6: () => lasting.end(),
  });
  expect(rms(left, 0.4, 0.6) / rms(left, 0.1, 0.3)).toBeCloseTo(10, 0);
  expect(crossings(left, 0.1, 0.3) / 0.2).toBeCloseTo(960, -1.5);
  expect(crossings(left, 0.4, 0.6) / 0.2).toBeCloseTo(1920, -1.5);
  expect(maxStep(left)).toBeLessThan(2 * Math.PI * (960 / 48000) * 1.1);
  expect(rms(left, 0.8, 1)).toBe(0);
  await foley.dispose();
});

function crossings(pcm: Float32Array, from: number, to: number): number {
  let count = 0;
  for (let i = Math.round(from * 48000) + 1; i < to * 48000; i++) {
    if (Math.sign(pcm[i] ?? 0) !== Math.sign(pcm[i - 1] ?? 0)) count += 1;
  }
  return count;
}

test('a slot without a word is one warning, at every change too', async () => {
  const drag = sound('drag', {
    prompt: '{surface} drag',
    slots: slots({ surface: { from: 'b.material', values: ['wood'] } }),
    loop: true,
    on: [lasts],
  });
  const { adapter, logger } = await setUp([drag]);
  adapter.emit(burning('begin'));
  for (let i = 0; i < 10; i++) adapter.emit(burning('change'));
  expect(logger.warnings).toEqual([expect.stringMatching(/"drag".*\{surface\}.*"stone".*wood/)]);
});
