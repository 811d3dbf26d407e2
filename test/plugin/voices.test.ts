import { describe, expect, test } from 'vitest';
import { createVoices } from '../../plugin/voices.ts';
import { pulse, pulseHeight, sine } from './fake-runtime.ts';
import { requestsOf } from './voices/offline-voices.ts';
import { installWebAudio, maxStep, pulsesOf, renderWith, rms, SAMPLE_RATE } from './web-audio.ts';

installWebAudio();

/** Which takes were heard, by the heights of their pulses. */
function heard(pcm: Float32Array): number[] {
  return pulsesOf(pcm).map(({ peak }) => Math.round(peak * 8));
}

describe('what sounds', () => {
  test('each voice is heard once, when it was started', async () => {
    const { context, voices, request } = requestsOf(0.5);
    const { left } = await renderWith(context, {
      0: () => voices.start(request(pulse(0))),
      0.128: () => voices.start(request(pulse(1))),
      0.256: () => voices.start(request(pulse(2), { prepare: () => 0.1 })),
    });
    expect(heard(left)).toEqual([1, 2, 3]);
    const times = pulsesOf(left).map(({ time }) => time);
    [0, 0.128, 0.356].forEach((time, i) => {
      expect(times[i]).toBeCloseTo(time, 3);
    });
  });

  test('volume is linear', async () => {
    const { context, voices, request } = requestsOf(0.1);
    const { left } = await renderWith(context, {
      0: () => voices.start(request(pulse(3), { volume: 0.25 })),
    });
    expect(pulsesOf(left)[0]?.peak).toBeCloseTo(pulseHeight(3) * 0.25, 5);
  });

  test('twelve semitones are twice the speed', async () => {
    const { context, voices, request } = requestsOf(0.5);
    const two = new Float32Array(0.4 * SAMPLE_RATE);
    two.set(pulse(0), 0);
    two.set(pulse(1), 0.2 * SAMPLE_RATE);
    const { left } = await renderWith(context, {
      0: () => voices.start(request(two, { pitch: 12 })),
    });
    expect(heard(left)).toEqual([1, 2]);
    expect(pulsesOf(left)[1]?.time).toBeCloseTo(0.1, 3);
  });

  test('loop points repeat the part between them until the voice is stopped', async () => {
    const { context, voices, request } = requestsOf(0.5);
    const three = new Float32Array(0.15 * SAMPLE_RATE);
    [0, 1, 2].forEach((seed) => {
      three.set(pulse(seed), seed * 0.05 * SAMPLE_RATE);
    });
    const loop = { start: 0.05, end: 0.15 };
    const voice = voices.start(request(three, { loop }));
    const { left } = await renderWith(context, { 0.336: () => voice.stop() });
    expect(heard(left)).toEqual([1, 2, 3, 2, 3, 2, 3]);
  });
});

describe('when all voices are taken', () => {
  test('the quietest goes, by volume and distance', async () => {
    const { context, voices, request } = requestsOf(0.1, 3);
    await renderWith(context, {
      0: () => {
        const loud = voices.start(request(sine(440, 0.1)));
        const far = voices.start(request(sine(440, 0.1), { distanceGain: () => 0.1 }));
        const soft = voices.start(request(sine(440, 0.1), { volume: 0.2 }));
        voices.start(request(sine(440, 0.1)));
        expect([loud, far, soft].map((voice) => voice.playing)).toEqual([true, false, true]);
        expect(voices.stolen).toBe(1);
      },
    });
  });

  test('of equally loud ones the oldest goes', async () => {
    const { context, voices, request } = requestsOf(0.2, 2);
    const first = voices.start(request(sine(440, 0.2)));
    await renderWith(context, {
      0.0533: () => {
        const second = voices.start(request(sine(440, 0.1)));
        voices.start(request(sine(440, 0.1)));
        expect([first.playing, second.playing]).toEqual([false, true]);
      },
    });
  });

  test('priority counts before loudness, and a weaker newcomer does not start', async () => {
    const { context, voices, request } = requestsOf(0.1, 1);
    const important = voices.start(request(sine(440, 0.1), { priority: 1, volume: 0.1 }));
    expect(voices.start(request(sine(440, 0.1))).refusal).toBe('crowded');
    expect(important.playing).toBe(true);
    expect(voices.start(request(sine(440, 0.1), { priority: 2 })).refusal).toBeNull();
    expect(important.playing).toBe(false);
    await context.startRendering();
  });

  test('a quieter newcomer of the same priority does not start', () => {
    const { voices, request } = requestsOf(0.1, 1);
    voices.start(request(sine(440, 0.1)));
    expect(voices.start(request(sine(440, 0.1), { volume: 0.5 })).refusal).toBe('crowded');
  });

  test('the stolen voice fades within 10 ms without a click', async () => {
    const { context, voices, request } = requestsOf(0.3, 1);
    const silence = new Float32Array(0.1 * SAMPLE_RATE);
    const { left } = await renderWith(context, {
      0: () => voices.start(request(sine(440, 0.3))),
      0.1013: () => voices.start(request(silence)),
    });
    // A 440 Hz sine moves by at most 2π·440/48000 a sample; the fade adds 1/480.
    expect(maxStep(left)).toBeLessThan((2 * Math.PI * 440) / SAMPLE_RATE + 1 / 480);
    expect(rms(left, 0, 0.1)).toBeCloseTo(Math.SQRT1_2, 2);
    expect(rms(left, 0.115, 0.3)).toBe(0);
  });

  test('a sudden stop would click: the bound can fail', async () => {
    const { context, voices, request } = requestsOf(0.3, 1);
    const voice = voices.start(request(sine(440, 0.3)));
    const { left } = await renderWith(context, { 0.1013: () => voice.stop(0) });
    expect(maxStep(left)).toBeGreaterThan((2 * Math.PI * 440) / SAMPLE_RATE + 1 / 480);
  });

  test('a voice that has ended makes room without stealing', async () => {
    const { context, voices, request } = requestsOf(0.2, 1);
    const { left } = await renderWith(context, {
      0: () => voices.start(request(pulse(0))),
      0.1: () => voices.start(request(pulse(1))),
    });
    expect(heard(left)).toEqual([1, 2]);
    expect(voices.stolen).toBe(0);
  });

  test('a thousand starts at once leave at most twice the limit sounding', () => {
    const { voices, request } = requestsOf(0.1, 8);
    const refusals = Array.from({ length: 1000 }, () => voices.start(request(pulse(0))).refusal);
    expect(voices.sounding).toBe(16);
    expect(voices.stolen).toBe(8);
    expect(refusals.filter((refusal) => refusal === 'crowded')).toHaveLength(1000 - 16);
  });
});

describe('stop', () => {
  test('fades out, and twice is fine', async () => {
    const { context, voices, request } = requestsOf(0.3);
    const voice = voices.start(request(sine(440, 0.3)));
    const { left } = await renderWith(context, {
      0.1013: () => {
        voice.stop(0.1);
        expect(voice.playing).toBe(false);
      },
      0.1547: () => voice.stop(),
    });
    expect(maxStep(left)).toBeLessThan((2 * Math.PI * 440) / SAMPLE_RATE + 1 / 480);
    expect(rms(left, 0.14, 0.15)).toBeGreaterThan(0.2);
    expect(rms(left, 0.17, 0.3)).toBe(0);
  });

  test('before the first sample leaves silence', async () => {
    const { context, voices, request } = requestsOf(0.2);
    const voice = voices.start(request(pulse(0), { prepare: () => 0.1 }));
    const { left } = await renderWith(context, { 0.05: () => voice.stop() });
    expect(heard(left)).toEqual([]);
  });

  test('ended resolves when the last sample is out', async () => {
    const { context, voices, request } = requestsOf(0.1);
    const voice = voices.start(request(pulse(0)));
    await context.startRendering();
    await voice.ended;
    expect([voice.playing, voices.sounding]).toEqual([false, 0]);
  });
});

test('a suspended context starts nothing and keeps nothing', async () => {
  const { context, voices, request, suspend } = requestsOf(0.2);
  suspend();
  const all = Array.from({ length: 50 }, () => voices.start(request(pulse(0))));
  expect(new Set(all.map((voice) => voice.refusal))).toEqual(new Set(['suspended']));
  expect(voices.sounding).toBe(0);
  await Promise.all(all.map((voice) => voice.ended));
  const { left } = await renderWith(context, {});
  expect(heard(left)).toEqual([]);
});

test('a refused voice is not prepared', () => {
  const { voices, request, suspend } = requestsOf(0.1, 1);
  let prepared = 0;
  const prepare = () => {
    prepared += 1;
    return 0;
  };
  voices.start(request(pulse(0), { prepare }));
  voices.start(request(pulse(0), { prepare, priority: -1 }));
  suspend();
  voices.start(request(pulse(0), { prepare }));
  expect(prepared).toBe(1);
});

test('without a context voices last as long as they would', async () => {
  let time = 0;
  const voices = createVoices({
    context: null,
    maxVoices: 1,
    isRunning: () => true,
    now: () => time,
  });
  const { request } = requestsOf(0.1);
  const silent = { ...request(pulse(0)), buffer: null, destination: null };
  const voice = voices.start({ ...silent, duration: 2 });
  time = 1;
  expect(voice.playing).toBe(true);
  voice.stop();
  await voice.ended;
  expect(voices.sounding).toBe(0);
});

test.each([
  { volume: -1 },
  { volume: Number.NaN },
  { volume: Infinity },
  { pitch: 49 },
  { pitch: Number.NaN },
  { priority: Infinity },
])('%o is refused with a RangeError that names it', (fields) => {
  const { voices, request } = requestsOf(0.1);
  const start = () => voices.start(request(pulse(0), fields));
  expect(start).toThrow(RangeError);
  expect(start).toThrow(Object.keys(fields)[0]);
});

test.each([0, 1.5, Number.NaN])('maxVoices %d is refused', (maxVoices) => {
  const options = { context: null, isRunning: () => true, now: () => 0, maxVoices };
  expect(() => createVoices(options)).toThrow(RangeError);
});
