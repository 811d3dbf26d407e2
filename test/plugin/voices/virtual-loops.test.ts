/** Loops that go out of range, or are crowded out, and come back in time: asserted from what is rendered. */
import { expect, test } from 'vitest';
import type { VoiceRequest } from '../../../plugin/voices/voice-request.ts';
import { createVoices } from '../../../plugin/voices.ts';
import { pulse, sine } from '../fake-runtime.ts';
import { installWebAudio, maxStep, pulsesOf, renderWith, rms, SAMPLE_RATE } from '../web-audio.ts';
import { requestsOf } from './offline-voices.ts';

installWebAudio();

/** Four pulses a round of 0.2 s: heights 1, 2, 3, 4 eighths tell where in the loop it is. */
function rounds(): Float32Array {
  const pcm = new Float32Array(0.2 * SAMPLE_RATE);
  for (let i = 0; i < 4; i++) pcm.set(pulse(i), i * 0.05 * SAMPLE_RATE);
  return pcm;
}

const LOOP = { start: 0, end: 0.2 };

function setUp(seconds: number, maxVoices = 8) {
  const world = requestsOf(seconds, maxVoices);
  const told: boolean[] = [];
  let reach = 0;
  const loop = (pcm: Float32Array, fields: Partial<VoiceRequest> = {}) =>
    world.voices.start(
      world.request(pcm, {
        loop: { start: 0, end: pcm.length / SAMPLE_RATE },
        virtual: { reach: () => reach, onVirtual: (virtual) => told.push(virtual) },
        ...fields,
      }),
    );
  /** From now on that far away, as seen at the next look. */
  const go = (to: number) => () => {
    reach = to;
    world.voices.update();
  };
  return { ...world, loop, go, told };
}

/** What is heard on the grid of pulses: eighths, 0 for silence. */
function grid(pcm: Float32Array): number[] {
  const heard = new Map(
    pulsesOf(pcm).map(({ time, peak }) => [Math.round(time / 0.05), Math.round(peak * 8)]),
  );
  return Array.from(
    { length: Math.round(pcm.length / SAMPLE_RATE / 0.05) },
    (_, i) => heard.get(i) ?? 0,
  );
}

test('out of range it has no nodes, and it comes back where it would be', async () => {
  const { context, voices, loop, go, told } = setUp(1.2);
  const voice = loop(rounds());
  const { left } = await renderWith(context, {
    0.23: go(1.2),
    0.28: () => {
      expect([voice.virtual, voice.playing, voices.virtual]).toEqual([true, true, 1]);
    },
    0.72: go(0.9),
  });
  expect(grid(left)).toEqual([
    1, 2, 3, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4, 1, 2, 3, 4,
  ]);
  expect(told).toEqual([false, true, false]);
});

test('it comes back to the sample, against a loop that never went', async () => {
  const tone = sine(437, 0.2);
  const steady = setUp(1);
  steady.loop(tone);
  const { left: whole } = await renderWith(steady.context, {});
  const gone = setUp(1);
  gone.loop(tone);
  const { left } = await renderWith(gone.context, { 0.3: gone.go(2), 0.61: gone.go(0.5) });
  expect(rms(left, 0.35, 0.6)).toBe(0);
  let difference = 0;
  for (let i = 0.7 * SAMPLE_RATE; i < 0.99 * SAMPLE_RATE; i++) {
    difference = Math.max(difference, Math.abs((left[i] ?? 0) - (whole[i] ?? 9)));
  }
  expect(difference).toBeLessThan(1e-3);
});

test('its time runs at its pitch while it is away', async () => {
  const { context, loop, go } = setUp(1.2);
  const voice = loop(rounds());
  const { left } = await renderWith(context, {
    0.21: go(2),
    0.3: () => voice.setPitch(12, 0.01), // one round takes 0.1 s from here on
    0.71: go(0),
  });
  const back = pulsesOf(left).filter(({ time }) => time > 0.7 && time < 1);
  const gaps = back.slice(1).map(({ time }, i) => time - (back[i]?.time ?? 0));
  for (const gap of gaps) expect(gap).toBeCloseTo(0.025, 3);
  // At 0.3 it was at 0.1 of its round; the ramp of 10 ms took half of the gain. The first pulses are still faded.
  const { time, peak } = back[3] ?? { time: 0, peak: 0 };
  const position = 0.1 + (time - 0.3) * 2 - 0.005;
  expect((position / 0.05) % 4).toBeCloseTo(Math.round(peak * 8) - 1, 0);
});

test('between range and a tenth more it stays what it is', async () => {
  const { context, loop, go, told } = setUp(1);
  loop(rounds());
  await renderWith(context, {
    0.1: go(1.05),
    0.3: go(1.2),
    0.5: go(1.05),
    0.7: go(0.99),
  });
  expect(told).toEqual([false, true, false]);
});

test('it goes and comes back without a click', async () => {
  const { context, loop, go } = setUp(1);
  loop(sine(440, 0.5));
  const { left } = await renderWith(context, { 0.2013: go(2), 0.5027: go(0) });
  expect(maxStep(left)).toBeLessThan((2 * Math.PI * 440) / SAMPLE_RATE + 1 / 480);
});

test('crowded out it comes back when there is room', async () => {
  const { context, voices, loop, request, go } = setUp(1.2, 1);
  const voice = loop(rounds(), { volume: 0.5 });
  const { left } = await renderWith(context, {
    0.23: () => voices.start(request(new Float32Array(0.3 * SAMPLE_RATE))),
    0.35: () => {
      go(0)();
      expect(voice.virtual).toBe(true);
    },
    0.57: go(0),
  });
  expect(voice.virtual).toBe(false);
  expect(voices.stolen).toBe(0);
  const heights = grid(left.map((x) => 2 * x));
  expect(heights.slice(0, 5)).toEqual([1, 2, 3, 4, 1]);
  expect(heights.slice(5, 12)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(heights.slice(12)).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
});

test('of two equal loops and one place, they do not change places for ever', async () => {
  const { context, voices, loop, told } = setUp(1, 1);
  loop(rounds());
  loop(rounds());
  const steps: Record<number, () => void> = {};
  for (let i = 1; i < 9; i++) steps[i / 10] = () => voices.update();
  await renderWith(context, steps);
  expect(voices.virtual).toBe(1);
  expect(told.length).toBeLessThanOrEqual(3);
});

test('one that comes clearly nearer takes the place of one that is far', async () => {
  const { context, voices, loop } = setUp(1, 1);
  let distanceGain = 0.1;
  const first = loop(rounds(), { distanceGain: () => 0.4 });
  const second = loop(rounds(), { distanceGain: () => distanceGain });
  await renderWith(context, {
    0.2: () => voices.update(),
    0.4: () => {
      expect([first.virtual, second.virtual]).toEqual([false, true]);
      distanceGain = 1;
      voices.update();
      expect([first.virtual, second.virtual]).toEqual([true, false]);
    },
  });
});

test('stopped while it is virtual it ends at once and never comes back', async () => {
  const { context, voices, loop, go } = setUp(0.6);
  const voice = loop(rounds());
  const { left } = await renderWith(context, {
    0.12: go(2),
    0.3: () => voice.stop(),
    0.42: go(0),
  });
  await voice.ended;
  expect([voice.playing, voice.virtual, voices.virtual]).toEqual([false, false, 0]);
  expect(grid(left).slice(4)).toEqual(Array(8).fill(0));
});

test('begun out of range, or before the audio runs, it is heard once both are past', async () => {
  const { context, voices, loop, go } = setUp(0.8);
  go(3)();
  const voice = loop(rounds());
  expect([voice.refusal, voice.virtual, voices.sounding]).toEqual([null, true, 0]);
  const { left } = await renderWith(context, { 0.31: go(0.5) });
  expect(grid(left)).toEqual([0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
});

test('a suspended context holds it until it runs', () => {
  let running = false;
  let time = 0;
  const options = { context: null, maxVoices: 4, isRunning: () => running, now: () => time };
  const voices = createVoices(options);
  const { place } = requestsOf(0.1);
  const virtual = { reach: () => 0, onVirtual: () => {} };
  const silent = { ...place, destination: null, buffer: null, duration: 0.2, loop: LOOP };
  const voice = voices.start({ ...silent, virtual });
  expect([voice.refusal, voice.virtual]).toEqual([null, true]);
  running = true;
  time = 0.2;
  voices.update();
  expect([voice.virtual, voices.sounding]).toEqual([false, 1]);
});

test('without leave to be virtual a crowded loop is refused, and a stolen one ends', () => {
  const { voices, request } = requestsOf(0.2, 1);
  const voice = voices.start(request(rounds(), { loop: LOOP, volume: 0.5 }));
  voices.start(request(rounds(), { loop: LOOP }));
  expect([voice.playing, voice.virtual, voices.stolen]).toEqual([false, false, 1]);
  expect(voices.start(request(rounds(), { loop: LOOP, volume: 0.1 })).refusal).toBe('crowded');
});

test('three hundred of them leave no more voices than there may be', () => {
  const { voices, loop } = setUp(0.2, 8);
  for (let i = 0; i < 300; i++) loop(rounds());
  expect(voices.sounding).toBeLessThanOrEqual(16);
  expect(voices.virtual).toBeLessThanOrEqual(256);
});

test('stopAll ends them, heard or not', async () => {
  const { context, voices, loop } = setUp(0.3, 1);
  const all = [loop(rounds()), loop(rounds())];
  await renderWith(context, { 0.1: () => void voices.stopAll() });
  await Promise.all(all.map((voice) => voice.ended));
  expect([voices.virtual, voices.sounding]).toEqual([0, 0]);
});
