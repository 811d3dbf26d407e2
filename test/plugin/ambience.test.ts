import { describe, expect, test } from 'vitest';
import { type AmbienceParts, createAmbience } from '../../plugin/ambience.ts';
import { createOutlet } from '../../plugin/emitter/outlet.ts';
import type { SoundPlace } from '../../plugin/mixer/sound-place.ts';
import { createTakeLibrary } from '../../plugin/takes.ts';
import { createVoices } from '../../plugin/voices.ts';
import type { SoundRequestInput } from '../../runtime/contract.ts';
import { highestRepeat } from '../reference/autocorrelation.ts';
import { uniform } from '../reference/philox.ts';
import { noise } from '../reference/seeded.ts';
import { createFakeRuntime, type FakeRuntimeOptions } from './fake-runtime.ts';
import { offlineVoices } from './voices/offline-voices.ts';
import { installWebAudio, maxStep, renderWith, rms, SAMPLE_RATE } from './web-audio.ts';

installWebAudio();

/** Of the takes: less than the context's, so that long renderings are cheap. */
const RATE = 8000;
const LENGTH = 4;
const DEFINITION = {
  duration: LENGTH,
  variations: 6,
  ambience: { crossfade: 1 },
  volume: 1,
  pitch: 0,
  priority: 0,
};
const noiseOf = ({ seed = 0 }: SoundRequestInput) => noise(LENGTH * RATE, seed + 1, 0.3);

interface World {
  runtime?: FakeRuntimeOptions;
  parts?: Partial<AmbienceParts>;
  maxVoices?: number;
}

function setUp(seconds: number, { runtime: options, parts, maxVoices }: World = {}) {
  const { context, voices, place, suspend } = offlineVoices(seconds, maxVoices);
  const runtime = createFakeRuntime({ sampleRate: RATE, pcm: noiseOf, ...options });
  const takes = createTakeLibrary({ maker: runtime, context, onTake: () => {} });
  const handle = placeInto(context.destination);
  const failures: unknown[] = [];
  const ambience = createAmbience({
    definition: DEFINITION,
    prompt: 'rain',
    takes,
    outlet: createOutlet(handle, voices),
    context,
    now: () => context.currentTime,
    seedOf: (n) => n,
    draw: (turn) => Math.floor(uniform(7, turn, 0) * 2 ** 32),
    onFailed: (_, error) => failures.push(error),
    ...parts,
  });
  ambience.start();
  return { context, voices, runtime, ambience, failures, place, suspend };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Renders with an update every `every` seconds, and steps of one's own. */
async function render(
  world: ReturnType<typeof setUp>,
  { every = 0.5, steps = {} }: { every?: number; steps?: Record<number, () => unknown> } = {},
) {
  const { context, ambience } = world;
  const seconds = context.length / SAMPLE_RATE;
  const ticks = Array.from({ length: Math.floor(seconds / every) }, (_, i) => i * every);
  const update = async (own?: () => unknown) => {
    await own?.();
    ambience.update();
    await settled(); // a take that is asked for comes
    ambience.update();
  };
  const all = ticks.map((time) => [time, () => update(steps[time])] as const);
  await settled();
  return (await renderWith(context, Object.fromEntries(all))).left;
}

/** RMS of each quarter of a second, dB below the first second that is given. */
function levels(pcm: Float32Array, from: number, to: number): number[] {
  const count = Math.floor((to - from) * 4);
  const parts = Array.from({ length: count }, (_, i) => from + i / 4);
  const whole = rms(pcm, from, to);
  return parts.map((at) => 20 * Math.log10(rms(pcm, at, at + 0.25) / whole));
}

/** Every sixth sample: the takes hold no more. */
const thinned = (pcm: Float32Array) => pcm.filter((_, i) => i % 6 === 0);

describe('for minutes', () => {
  test('the level is the same within 1.5 dB all the way, crossfades included', async () => {
    const pcm = await render(setUp(60));
    const off = levels(pcm, 1.5, 59).map(Math.abs);
    expect(Math.max(...off)).toBeLessThan(1.5);
  });

  test('nothing repeats: no peak of the autocorrelation like one loop’s', async () => {
    const world = setUp(120);
    const pcm = thinned(await render(world));
    expect(highestRepeat(pcm, RATE / 2)).toBeLessThan(0.15);
    const loop = noiseOf({ prompt: 'rain' });
    const looped = Float32Array.from(pcm, (_, i) => loop[i % loop.length] ?? 0);
    expect(highestRepeat(looped, RATE / 2)).toBeGreaterThan(0.9);
  });

  test('takes are made one ahead until the pool is full, then one for every six turns', async () => {
    const world = setUp(60);
    await render(world);
    const seeds = world.runtime.requests.map(({ seed }) => seed);
    expect(seeds).toEqual(seeds.map((_, n) => n));
    // A turn lasts 3 s: 20 of them; 6 takes at once, and one after each 6.
    expect(seeds.length).toBeGreaterThanOrEqual(8);
    expect(seeds.length).toBeLessThanOrEqual(9);
    expect(world.runtime.requests.map(({ priority }) => priority).slice(0, 3)).toEqual([0, -1, -1]);
    expect(world.runtime.requests.every(({ loop }) => loop)).toBe(true);
  });
});

test('the same session plays the same, twice', async () => {
  const [one, other] = [await render(setUp(20)), await render(setUp(20))];
  expect(one).toEqual(other);
});

describe('when takes do not come in time', () => {
  const never = new Promise<void>(() => {});

  test('two go on by turns, and it never falls silent', async () => {
    const gate = ({ seed = 0 }: SoundRequestInput) => (seed < 2 ? Promise.resolve() : never);
    const world = setUp(40, { runtime: { gate } });
    const pcm = await render(world);
    expect(Math.min(...levels(pcm, 1.5, 39))).toBeGreaterThan(-1.5);
    expect(highestRepeat(thinned(pcm), RATE / 2)).toBeLessThan(0.4);
    expect(world.runtime.requests).toHaveLength(3);
  });

  test('it begins when the first is there', async () => {
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const pcm = await render(setUp(6, { runtime: { gate: () => opened } }), {
      steps: { 3: () => open() },
    });
    expect(rms(pcm, 0, 3)).toBe(0);
    expect(rms(pcm, 4.5, 6)).toBeGreaterThan(0.1);
  });

  test('one that cannot be made is told, and tried again after five seconds', async () => {
    const gate = () => Promise.reject(new Error('no model'));
    const world = setUp(12, { runtime: { gate } });
    const pcm = await render(world);
    expect(rms(pcm)).toBe(0);
    expect(world.failures).toHaveLength(3);
  });
});

describe('out of hearing', () => {
  test('nothing sounds and nothing is made; back in range it fades in', async () => {
    let audible = true;
    const world = setUp(20, { parts: { isAudible: () => audible } });
    const made: number[] = [];
    const turn = (to: boolean) => () => {
      audible = to;
      made.push(world.runtime.requests.length);
    };
    const pcm = await render(world, { every: 0.25, steps: { 1: turn(false), 12: turn(true) } });
    expect(rms(pcm, 0.5, 1)).toBeGreaterThan(0.05);
    expect(rms(pcm, 1.25, 12)).toBe(0);
    expect(made[1]).toBe(made[0]);
    expect(rms(pcm, 13.5, 20)).toBeGreaterThan(0.1);
    expect(maxStep(pcm.subarray(11.9 * SAMPLE_RATE, 12.05 * SAMPLE_RATE))).toBeLessThan(0.05);
  });

  test('in and out and in again is smooth', async () => {
    let audible = true;
    const flip = () => {
      audible = !audible;
    };
    const parts = { isAudible: () => audible };
    const world = setUp(8, {
      runtime: { pcm: () => new Float32Array(LENGTH * RATE).fill(0.5) },
      parts,
    });
    const times = [0.3, 0.5, 3.2, 3.4, 3.5, 3.7];
    const steps = Object.fromEntries(times.map((time) => [time, flip]));
    const pcm = await render(world, { every: 0.1, steps });
    expect(maxStep(pcm)).toBeLessThan(0.002);
    expect(rms(pcm, 5.5, 6)).toBeCloseTo(0.5, 2);
  });

  test('what was being made is taken back', async () => {
    let audible = true;
    const gate = () => new Promise<void>(() => {});
    const world = setUp(2, { runtime: { gate }, parts: { isAudible: () => audible } });
    await render(world, {
      steps: {
        1: () => {
          audible = false;
        },
      },
    });
    expect(world.runtime.aborted).toHaveLength(1);
  });
});

describe('volume, pitch, stop', () => {
  const steady = { pcm: () => new Float32Array(LENGTH * RATE).fill(0.25) };

  test('volume is linear and goes smoothly', async () => {
    const world = setUp(6, { runtime: steady });
    const pcm = await render(world, { steps: { 2: () => world.ambience.setVolume(0.5, 1) } });
    expect(rms(pcm, 1.5, 1.9)).toBeCloseTo(0.25, 2);
    expect(rms(pcm, 2.45, 2.55)).toBeCloseTo(0.25 * 0.75, 2);
    expect(rms(pcm, 3.05, 3.1)).toBeLessThan(0.25 * 0.5 * 1.42);
    expect(rms(pcm, 4.5, 4.9)).toBeCloseTo(0.125, 2);
  });

  test('stop fades out, and nothing is made after it', async () => {
    const world = setUp(6);
    const pcm = await render(world, { steps: { 3: () => world.ambience.stop(0.5) } });
    const made = world.runtime.requests.length;
    expect(rms(pcm, 3.1, 3.2)).toBeGreaterThan(0.03);
    expect(rms(pcm, 3.51, 6)).toBe(0);
    world.ambience.update();
    world.ambience.start();
    world.ambience.update();
    expect(world.runtime.requests).toHaveLength(made);
    await world.ambience.ended;
    expect([world.ambience.playing, world.voices.sounding]).toEqual([false, 0]);
  });

  test('dispose in any state leaves nothing, twice is fine', async () => {
    for (const at of [0, 0.5, 3.5]) {
      const world = setUp(5);
      const disposals = { [at]: () => world.ambience.dispose() };
      const pcm = await render(world, { steps: disposals });
      expect(rms(pcm, at + 0.02, 5)).toBe(0);
      world.ambience.dispose();
      await world.ambience.ended;
      expect(world.voices.sounding).toBe(0);
    }
  });
});

describe('places for voices', () => {
  test('at most two at once, one between crossfades', async () => {
    const world = setUp(20);
    const sounding: number[] = [];
    const look = () => void sounding.push(world.voices.sounding);
    await render(world, { steps: Object.fromEntries([2, 5, 8, 11, 14].map((at) => [at, look])) });
    expect(Math.max(...sounding)).toBeLessThanOrEqual(2);
    expect(Math.min(...sounding)).toBe(1);
  });

  test('while the audio is suspended nothing begins, and then it does', async () => {
    const world = setUp(4);
    world.suspend();
    const pcm = await render(world);
    expect(rms(pcm)).toBe(0);
    expect(world.failures).toEqual([]);
  });

  test('whoever takes its voice has it; it comes back', async () => {
    const world = setUp(8, { maxVoices: 2 });
    const crowd = () => {
      const buffer = world.context.createBuffer(1, SAMPLE_RATE, SAMPLE_RATE);
      const silent = { ...world.place, buffer, duration: 1, loop: null, priority: 9 };
      for (let i = 0; i < 2; i++) world.voices.start(silent);
    };
    const pcm = await render(world, { steps: { 2: crowd } });
    expect(rms(pcm, 2.1, 3)).toBe(0);
    expect(rms(pcm, 5, 8)).toBeGreaterThan(0.1);
  });
});

test('without a context takes have their turns all the same', async () => {
  let time = 0;
  const voices = createVoices({
    context: null,
    maxVoices: 4,
    isRunning: () => true,
    now: () => time,
  });
  const runtime = createFakeRuntime({ sampleRate: RATE, pcm: noiseOf });
  const handle = placeInto(null);
  const ambience = createAmbience({
    definition: DEFINITION,
    prompt: 'rain',
    takes: createTakeLibrary({ maker: runtime, context: null, onTake: () => {} }),
    outlet: createOutlet(handle, voices),
    context: null,
    now: () => time,
    seedOf: (n) => n,
    draw: () => 0,
    onFailed: () => {},
  });
  ambience.start();
  await settled();
  for (; time < 30; time += 0.25) {
    ambience.update();
    await settled();
  }
  expect(ambience.playing).toBe(true);
  expect(runtime.requests.length).toBeGreaterThan(6);
  ambience.dispose();
  await ambience.ended;
  expect(voices.sounding).toBe(0);
});

test('an outlet that cannot be made ends it', async () => {
  const outlet = { ready: Promise.reject(new Error('no emitter')), input: null };
  outlet.ready.catch(() => {});
  const { ambience } = setUp(1, { parts: { outlet: outlet as never } });
  await ambience.ended;
  expect(ambience.playing).toBe(false);
});

/** A metre from the ear, and ready. */
function placeInto(input: AudioNode | null): SoundPlace {
  return {
    input,
    ready: Promise.resolve(),
    place: () => 0,
    setAudible: () => {},
    distance: () => 1,
    distanceGain: () => 1,
    reach: () => 0,
    onBend: () => {},
    dispose: () => {},
  };
}
