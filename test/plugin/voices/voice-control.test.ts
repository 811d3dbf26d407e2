/** Louder and softer, higher and lower while it plays: asserted from what is rendered. */
import { describe, expect, test } from 'vitest';
import { createVoices } from '../../../plugin/voices.ts';
import { pulse, sine } from '../fake-runtime.ts';
import { pitchOf } from '../spectrum.ts';
import { installWebAudio, maxStep, pulsesOf, renderWith, rms, SAMPLE_RATE } from '../web-audio.ts';
import { requestsOf } from './offline-voices.ts';

installWebAudio();

const CLICK = (2 * Math.PI * 440) / SAMPLE_RATE;

describe('setVolume', () => {
  test('is reached in its time, evenly, without a click', async () => {
    const { context, voices, request } = requestsOf(0.8);
    const voice = voices.start(request(sine(440, 0.8)));
    const { left } = await renderWith(context, { 0.2: () => voice.setVolume(0.25, 0.2) });
    expect(rms(left, 0.1, 0.2)).toBeCloseTo(Math.SQRT1_2, 2);
    expect(rms(left, 0.29, 0.31)).toBeCloseTo(0.625 * Math.SQRT1_2, 1);
    expect(rms(left, 0.5, 0.8)).toBeCloseTo(0.25 * Math.SQRT1_2, 3);
    expect(maxStep(left)).toBeLessThan(CLICK + 1e-3);
  });

  test('at once is still no click', async () => {
    const { context, voices, request } = requestsOf(0.4);
    const voice = voices.start(request(sine(440, 0.4)));
    const { left } = await renderWith(context, { 0.2013: () => voice.setVolume(0, 0) });
    expect(rms(left, 0.22, 0.4)).toBe(0);
    expect(maxStep(left)).toBeLessThan(CLICK + 1 / 480);
  });

  test('as every rendered image sets it anew, it stays smooth', async () => {
    const { context, voices, request } = requestsOf(0.5);
    const voice = voices.start(request(sine(440, 0.5)));
    const steps: Record<number, () => void> = {};
    for (let i = 0; i < 20; i++) steps[0.1 + i / 60] = () => voice.setVolume(1 - i / 20, 0.1);
    const { left } = await renderWith(context, steps);
    expect(maxStep(left)).toBeLessThan(CLICK + 1e-3);
    expect(rms(left, 0.45, 0.5)).toBeLessThan(0.25);
  });

  test('a fade goes on from the volume there is', async () => {
    const { context, voices, request } = requestsOf(0.4);
    const voice = voices.start(request(sine(440, 0.4)));
    const { left } = await renderWith(context, {
      0.1: () => voice.setVolume(0.5, 0.01),
      0.2: () => voice.stop(0.1),
      0.22: () => voice.setVolume(1, 0.01),
    });
    expect(rms(left, 0.2, 0.21)).toBeLessThan(0.5 * Math.SQRT1_2 + 0.01);
    expect(rms(left, 0.31, 0.4)).toBe(0);
    expect(maxStep(left)).toBeLessThan(CLICK + 1e-3);
  });

  test('counts when the quietest has to go', () => {
    const { voices, request } = requestsOf(0.4, 2);
    const [a, b] = [voices.start(request(sine(440, 0.4))), voices.start(request(sine(440, 0.4)))];
    b.setVolume(0.1);
    voices.start(request(sine(440, 0.4)));
    expect([a.playing, b.playing]).toEqual([true, false]);
  });

  test.each([Number.NaN])('%d leaves it as it is, and throws nothing', async (volume) => {
    const { context, voices, request } = requestsOf(0.2);
    const voice = voices.start(request(sine(440, 0.2)));
    const { left } = await renderWith(context, {
      0.1: () => {
        voice.setVolume(volume);
        voice.setPitch(volume);
      },
    });
    expect(rms(left, 0.1, 0.2)).toBeCloseTo(Math.SQRT1_2, 2);
  });

  test('of a streamed voice, too, over its gaps', async () => {
    const { context, voices, place } = requestsOf(0.6);
    const part = (pcm: Float32Array) => ({
      pcm,
      sampleRate: SAMPLE_RATE,
      source: 'generated' as const,
    });
    const parts = [part(sine(440, 0.5))];
    const voice = voices.stream({ ...place, parts, wait: 0 });
    voice.close();
    const { left } = await renderWith(context, { 0.2: () => voice.setVolume(0.25, 0.1) });
    expect(rms(left, 0.1, 0.2)).toBeCloseTo(Math.SQRT1_2, 2);
    expect(rms(left, 0.32, 0.45)).toBeCloseTo(0.25 * Math.SQRT1_2, 2);
    expect(maxStep(left)).toBeLessThan(CLICK + 1e-3);
  });
});

describe('setPitch', () => {
  test('goes up twelve semitones in its time, without a click', async () => {
    const { context, voices, request } = requestsOf(1);
    const voice = voices.start(request(sine(440, 2)));
    const { left } = await renderWith(context, { 0.2: () => voice.setPitch(12, 0.3) });
    expect(pitchOf(left, 0.05, 0.2)).toBeCloseTo(440, 0);
    expect(pitchOf(left, 0.34, 0.36)).toBeCloseTo(660, -1);
    expect(pitchOf(left, 0.55, 0.95)).toBeCloseTo(880, 0);
    expect(maxStep(left)).toBeLessThan(2 * CLICK + 1e-3);
  });

  test('and bend add up', async () => {
    const { context, voices, request } = requestsOf(0.6);
    const voice = voices.start(request(sine(440, 2)));
    const { left } = await renderWith(context, {
      0.1: () => voice.setPitch(12),
      0.2: () => voice.bend(-24),
    });
    expect(pitchOf(left, 0.3, 0.6)).toBeCloseTo(220, 0);
  });

  test('moves the end of the clip', async () => {
    const { context, voices, request } = requestsOf(0.6);
    const clip = new Float32Array(0.4 * SAMPLE_RATE);
    clip.set(pulse(0), 0.38 * SAMPLE_RATE);
    const voice = voices.start(request(clip));
    const { left } = await renderWith(context, {
      0.1: () => voice.setPitch(12, 0.01),
      0.2: () => expect(voice.playing).toBe(true),
      0.27: () => expect(voice.playing).toBe(false),
    });
    expect(pulsesOf(left)[0]?.time).toBeCloseTo(0.1 + 0.01 * 0.25 + 0.28 / 2, 2);
  });

  test('without a context it moves the end, too', async () => {
    let time = 0;
    const options = { context: null, maxVoices: 4, isRunning: () => true, now: () => time };
    const voices = createVoices(options);
    const { request } = requestsOf(0.1);
    const silent = { ...request(pulse(0)), buffer: null, destination: null };
    const voice = voices.start({ ...silent, duration: 4 });
    time = 1;
    voice.setPitch(12);
    time = 2.4;
    expect(voice.playing).toBe(true);
    time = 2.6;
    expect(voice.playing).toBe(false);
  });
});

test('a fade in begins in silence and does not click', async () => {
  const { context, voices, request } = requestsOf(0.4);
  const cosine = sine(440, 0.4).map((_, i) => Math.cos((2 * Math.PI * 440 * i) / SAMPLE_RATE));
  voices.start(request(cosine, { fadeIn: 0.1 }));
  const { left } = await renderWith(context, {});
  expect(Math.abs(left[0] ?? 1)).toBeLessThan(1e-3);
  expect(rms(left, 0.045, 0.055)).toBeCloseTo(0.5 * Math.SQRT1_2, 1);
  expect(rms(left, 0.15, 0.4)).toBeCloseTo(Math.SQRT1_2, 2);
  expect(maxStep(left)).toBeLessThan(CLICK + 1e-3);
});

test('an offset skips the beginning', async () => {
  const { context, voices, request } = requestsOf(0.4);
  const clip = new Float32Array(0.4 * SAMPLE_RATE);
  clip.set(pulse(0), 0.1 * SAMPLE_RATE);
  clip.set(pulse(1), 0.3 * SAMPLE_RATE);
  const voice = voices.start(request(clip, { offset: 0.2 }));
  const { left } = await renderWith(context, {
    0.19: () => expect(voice.playing).toBe(true),
    0.21: () => expect(voice.playing).toBe(false),
  });
  expect(pulsesOf(left).map(({ time }) => Math.round(time * 100) / 100)).toEqual([0.1]);
});
