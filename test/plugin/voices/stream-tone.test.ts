import { describe, expect, test, vi } from 'vitest';
import type { StreamRequest } from '../../../plugin/voices/voice-request.ts';
import { createVoices } from '../../../plugin/voices.ts';
import type { SoundPart } from '../../../runtime/contract.ts';
import { pulse, sine } from '../fake-runtime.ts';
import { joinErrorDb, SIGNALS } from '../streamed.ts';
import { installWebAudio, maxStep, pulsesOf, renderWith, rms, SAMPLE_RATE } from '../web-audio.ts';
import { offlineVoices } from './offline-voices.ts';

installWebAudio();

function setUp(seconds: number, maxVoices?: number) {
  const { place, ...world } = offlineVoices(seconds, maxVoices);
  const stream = (parts: Float32Array[], fields: Partial<StreamRequest> = {}) =>
    world.voices.stream({ ...place, parts: parts.map(part), wait: 0, ...fields });
  return { ...world, stream };
}

const part = (pcm: Float32Array): SoundPart => ({
  pcm,
  sampleRate: SAMPLE_RATE,
  source: 'generated',
});

/** A pulse of the seed's height, then silence up to 0.1 s. */
function tenth(seed: number): Float32Array {
  const pcm = new Float32Array(0.1 * SAMPLE_RATE);
  pcm.set(pulse(seed));
  return pcm;
}

/** A 440 Hz sine moves by at most this between two samples; a fade of 5 ms adds 1/240. */
const NO_CLICK = (2 * Math.PI * 440) / SAMPLE_RATE + 1 / 240;
const SINE = sine(440, 0.4);
const QUARTERS = [0, 1, 2, 3].map((i) => SINE.subarray(i * 4800, (i + 1) * 4800));
/** Between asking and the first sample. */
const LEAD = 0.015;

describe('parts that come in time', () => {
  const cases = Object.keys(SIGNALS).flatMap((signal) => [
    { signal, sampleRate: 48000, pitch: 0 },
    { signal, sampleRate: 44100, pitch: 3 },
  ]);
  test.each([
    ...cases,
    { signal: 'noise', sampleRate: 44100, pitch: 0 },
    { signal: 'noise', sampleRate: 32000, pitch: -7 },
    { signal: 'noise', sampleRate: 48000, pitch: 12 },
  ])('are the unsplit sound at the joins: $signal, $sampleRate Hz, pitch $pitch', async (one) => {
    expect(await joinErrorDb({ ...one, pcm: SIGNALS[one.signal]! })).toBeLessThan(-120);
  });

  test('are not, each resampled by itself: the bound can fail', async () => {
    const one = { pcm: SIGNALS['a tone']!, sampleRate: 44100, pitch: 0, naive: true };
    expect(await joinErrorDb(one)).toBeGreaterThan(-20);
  });

  test('sound back to back from the first on, with volume, however many come at once', async () => {
    const { context, voices, stream } = setUp(1);
    const createSource = vi.spyOn(context, 'createBufferSource');
    const { left } = await renderWith(context, {
      0: () => {
        const voice = stream([tenth(0)], { volume: 0.5 });
        for (const seed of [1, 2, 3, 4, 5]) voice.push(part(tenth(seed)), 0);
        voice.close();
        expect(createSource).toHaveBeenCalledTimes(4);
      },
      0.128: () => {}, // the first source has ended, what waited is played
      0.25: () => expect(createSource).toHaveBeenCalledTimes(5),
    });
    const pulses = pulsesOf(left);
    expect(pulses.map(({ peak }) => Math.round(peak * 16))).toEqual([1, 2, 3, 4, 5, 6]);
    pulses.forEach(({ time }, i) => {
      expect(time).toBeCloseTo(LEAD + i * 0.1, 4);
    });
    expect(voices.starved).toBe(0);
  });

  test('may begin later, where that is asked for', async () => {
    const { context, stream } = setUp(0.5);
    const { left } = await renderWith(context, {
      0: () => stream([tenth(0)], { wait: 0.2 }).close(),
    });
    expect(pulsesOf(left)[0]?.time).toBeCloseTo(0.2, 4);
  });
});

describe('a part that is late', () => {
  const render = (at: number, wait: number) => {
    const { context, voices, stream } = setUp(1);
    const voice = stream(QUARTERS.slice(0, 1));
    const steps = {
      [at]: () => {
        voice.push(part(SINE.subarray(4800)), wait);
        voice.close();
      },
    };
    return renderWith(context, steps).then(({ left }) => ({ left, voices, voice }));
  };

  test('is waited for in silence, with fades and no click, and counted', async () => {
    const { left, voices, voice } = await render(0.2, 0);
    expect(maxStep(left)).toBeLessThan(NO_CLICK);
    expect(rms(left, 0.02, 0.105)).toBeCloseTo(Math.SQRT1_2, 1);
    expect(rms(left, 0.12, 0.21)).toBe(0);
    expect(rms(left, 0.23, 0.5)).toBeCloseTo(Math.SQRT1_2, 1);
    expect(voices.starved).toBe(1);
    await voice.ended;
  });

  test('goes on as much later as is asked for', async () => {
    const { left } = await render(0.2, 0.1);
    expect(rms(left, 0.12, 0.3)).toBe(0);
    expect(rms(left, 0.31, 0.6)).toBeCloseTo(Math.SQRT1_2, 1);
  });

  test('by little is no click either', async () => {
    for (const at of [0.0907, 0.0987, 0.1067, 0.1147, 0.1227]) {
      const { left } = await render(at, 0);
      expect(maxStep(left)).toBeLessThan(NO_CLICK);
      expect(rms(left)).toBeGreaterThan(0.4);
    }
  });

  test('in time by 25 ms leaves no trace', async () => {
    const { left, voices } = await render(0.088, 0);
    expect(rms(left, 0.02, 0.41)).toBeCloseTo(Math.SQRT1_2, 3);
    expect(voices.starved).toBe(0);
  });
});

describe('stop', () => {
  test('in the middle fades, and what comes later is silent', async () => {
    const { context, voices, stream } = setUp(0.6);
    const voice = stream(QUARTERS.slice(0, 2));
    const { left } = await renderWith(context, {
      0.1013: () => {
        voice.stop();
        expect(voice.playing).toBe(false);
        voice.push(part(SINE), 0);
        voice.close();
      },
    });
    expect(maxStep(left)).toBeLessThan(NO_CLICK);
    expect(rms(left, 0.02, 0.1)).toBeCloseTo(Math.SQRT1_2, 2);
    expect(rms(left, 0.12, 0.6)).toBe(0);
    await voice.ended;
    expect([voices.sounding, voices.starved]).toEqual([0, 0]);
  });

  test('with a fade longer than what is there ends with it, without a click', async () => {
    const { context, stream } = setUp(0.6);
    const voice = stream(QUARTERS.slice(0, 1));
    const { left } = await renderWith(context, { 0.048: () => voice.stop(2) });
    expect(maxStep(left)).toBeLessThan(NO_CLICK);
    expect(rms(left, 0.12, 0.6)).toBe(0);
    await voice.ended;
  });

  test('while it waits for a part, or before it begins, ends at once', async () => {
    const { context, voices, stream } = setUp(0.6);
    const waiting = stream(QUARTERS.slice(0, 1));
    const early = stream(QUARTERS.slice(0, 1), { wait: 0.5 });
    const { left } = await renderWith(context, {
      0.3: () => {
        waiting.stop();
        early.stop();
        expect(voices.sounding).toBe(0);
      },
    });
    expect(rms(left, 0.12, 0.6)).toBe(0);
    await Promise.all([waiting.ended, early.ended]);
  });
});

describe('among other voices', () => {
  test('a streamed voice is stolen with a fade, and steals', async () => {
    const { context, voices, stream } = setUp(0.5, 1);
    const { left } = await renderWith(context, {
      0: () => stream(QUARTERS),
      0.1013: () => {
        expect(stream([new Float32Array(4800)], { volume: 0.1 }).refusal).toBe('crowded');
        stream([new Float32Array(4800)]).close();
      },
    });
    expect(voices.stolen).toBe(1);
    expect(maxStep(left)).toBeLessThan(NO_CLICK);
    expect(rms(left, 0.12, 0.5)).toBe(0);
  });

  test('refused, it takes parts and makes nothing of them', async () => {
    const { context, voices, stream, suspend } = setUp(0.2);
    suspend();
    const voice = stream(QUARTERS);
    expect(voice.refusal).toBe('suspended');
    voice.push(part(SINE), 0);
    voice.close();
    await voice.ended;
    expect(rms((await renderWith(context, {})).left)).toBe(0);
    expect(voices.sounding).toBe(0);
  });

  test('it plays until its last part is out', async () => {
    const { context, voices, stream } = setUp(0.6);
    const voice = stream(QUARTERS.slice(0, 1));
    await renderWith(context, {
      0.3: () => {
        expect(voice.playing).toBe(true);
        voice.close();
        expect([voice.playing, voices.sounding]).toEqual([false, 0]);
      },
    });
    await voice.ended;
  });
});

test('without a context it lasts and waits as it would', async () => {
  let time = 0;
  const now = () => time;
  const voices = createVoices({ context: null, maxVoices: 1, isRunning: () => true, now });
  const tenthOfSecond = part(new Float32Array(4800));
  const place = { destination: null, volume: 1, pitch: 0, priority: 0 };
  const request = { ...place, prepare: () => 0, distanceGain: () => 1, wait: 0 };
  const voice = voices.stream({ ...request, parts: [tenthOfSecond] });
  time = 0.05;
  voice.push(tenthOfSecond, 0);
  expect(voices.starved).toBe(0);
  time = 0.3;
  voice.push(tenthOfSecond, 0.1);
  expect(voices.starved).toBe(1);
  voice.close();
  time = 0.45;
  expect(voice.playing).toBe(true);
  time = 0.51;
  expect(voice.playing).toBe(false);
  voice.stop();
  await voice.ended;
});
