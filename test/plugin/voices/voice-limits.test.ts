/** Limits of a sound, counted by what is heard: each take is a tone of its own height. */
import { describe, expect, test } from 'vitest';
import type { StealRule } from '../../../plugin/sound-definition.ts';
import type { Voice } from '../../../plugin/voices.ts';
import { pulse, sine } from '../fake-runtime.ts';
import { installWebAudio, maxStep, pulsesOf, renderWith, rms } from '../web-audio.ts';
import { requestsOf } from './offline-voices.ts';

installWebAudio();

const limit = (steal: StealRule, max = 2, fade = 0.01) => ({
  group: { name: 'footstep', limit: { max, steal, fade } },
});

/** A pulse every 50 ms for a second: eighths of full scale, so that each step on the way tells who is still there. */
function beacon(seed: number): Float32Array {
  const pcm = new Float32Array(48000);
  for (let i = 0; i < 20; i++) pcm.set(pulse(seed), i * 2400);
  return pcm;
}

/** Sum of the pulses that are heard together, in eighths, at each beat. */
function beats(pcm: Float32Array): number[] {
  return pulsesOf(pcm).map(({ peak }) => Math.round(peak * 8));
}

describe('of the voices of one sound', () => {
  test('the oldest gives way', async () => {
    const { context, voices, request } = requestsOf(0.3, 8);
    const { left } = await renderWith(context, {
      0: () => voices.start(request(beacon(0), limit('oldest'))),
      0.1: () => voices.start(request(beacon(1), limit('oldest'))),
      0.2: () => voices.start(request(beacon(3), limit('oldest'))),
    });
    // 0 alone, 0 and 1, then 1 and 3.
    expect(beats(left).slice(0, 2)).toEqual([1, 1]);
    expect(rms(left, 0.1, 0.2)).toBeGreaterThan(rms(left, 0, 0.1));
    expect(voices.stolen).toBe(1);
  });

  test.each([
    ['quietest', [1, 0.1, 0.5], [true, false, true]],
    ['oldest', [1, 0.1, 0.5], [false, true, true]],
  ] as const)(
    '%s: of those with volumes %o, the third being new, %o play',
    async (rule, volumes, playing) => {
      const { context, voices, request } = requestsOf(0.3, 8);
      const started: Voice[] = [];
      const start = (volume: number) => () =>
        started.push(voices.start(request(sine(440, 0.3), { volume, ...limit(rule) })));
      await renderWith(context, {
        0: start(volumes[0]),
        0.1: start(volumes[1]),
        0.2: () => {
          start(volumes[2])();
          expect(started.map((voice) => voice.playing)).toEqual(playing);
        },
      });
    },
  );

  test('the farthest gives way, and a newcomer that is farther is left out', () => {
    const { voices, request } = requestsOf(0.3, 8);
    const at = (metres: number) =>
      voices.start(request(sine(440, 0.3), { distance: () => metres, ...limit('farthest') }));
    const [near, far] = [at(2), at(20)];
    expect(at(30).refusal).toBe('crowded');
    expect(at(10).refusal).toBeNull();
    expect([near.playing, far.playing]).toEqual([true, false]);
  });

  test('none gives way: the newcomer is left out', () => {
    const { voices, request } = requestsOf(0.3, 8);
    const start = () => voices.start(request(sine(440, 0.3), limit('none')));
    const refusals = [start(), start(), start()].map((voice) => voice.refusal);
    expect(refusals).toEqual([null, null, 'crowded']);
    expect(voices.stolen).toBe(0);
  });

  test('another sound has a limit of its own', () => {
    const { voices, request } = requestsOf(0.3, 8);
    const start = (name: string) => {
      const group = { ...limit('none', 1).group, name };
      return voices.start(request(sine(440, 0.3), { group })).refusal;
    };
    expect([start('a'), start('b'), start('a'), start('b')]).toEqual([
      null,
      null,
      'crowded',
      'crowded',
    ]);
  });

  test('the limit of all voices counts on top', () => {
    const { voices, request } = requestsOf(0.3, 2);
    const start = (name: string) => {
      const group = { ...limit('oldest', 4).group, name };
      return voices.start(request(sine(440, 0.3), { group }));
    };
    const [a, b, c] = [start('a'), start('b'), start('c')];
    expect([a, b, c].map((voice) => voice?.playing)).toEqual([false, true, true]);
  });

  test('the fade is the one of its limit, and does not click', async () => {
    const { context, voices, request } = requestsOf(0.4, 8);
    const silence = new Float32Array(4800);
    const { left } = await renderWith(context, {
      0: () => voices.start(request(sine(440, 0.4), limit('oldest', 1, 0.1))),
      0.1: () => voices.start(request(silence, limit('oldest', 1, 0.1))),
    });
    expect(rms(left, 0.14, 0.16)).toBeCloseTo(0.5 * Math.SQRT1_2, 1);
    expect(rms(left, 0.21, 0.4)).toBe(0);
    expect(maxStep(left)).toBeLessThan((2 * Math.PI * 440) / 48000 + 1 / 4800);
  });

  test('a thousand in one instant leave twice the limit, fading or not', () => {
    const { voices, request } = requestsOf(0.1, 32);
    for (let i = 0; i < 1000; i++) voices.start(request(pulse(0), limit('oldest', 3)));
    expect(voices.sounding).toBe(6);
    expect(voices.stolen).toBe(3);
  });

  test('a limit of less than one voice is refused by name', () => {
    const { voices, request } = requestsOf(0.1);
    expect(() => voices.start(request(pulse(0), limit('oldest', 0)))).toThrow(/voices\.max/);
  });
});

test('the same starts steal the same voices, twice', () => {
  const run = () => {
    const { voices, request } = requestsOf(0.5, 4);
    return Array.from({ length: 40 }, (_, i) => {
      const fields = { volume: ((i * 7) % 5) / 5 + 0.1, priority: (i * 3) % 4 };
      const group = { name: `${i % 3}`, limit: limit('quietest', 2).group.limit };
      return voices.start(request(sine(440, 0.5), { ...fields, group })).refusal;
    });
  };
  expect(run()).toEqual(run());
  expect(new Set(run()).size).toBe(2);
});
