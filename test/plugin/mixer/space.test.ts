/** Walls and Doppler's effect: a mixer on plain Web Audio, asserted from what is rendered. */
import { describe, expect, test } from 'vitest';
import { createOutlet } from '../../../plugin/emitter/outlet.ts';
import { createWebAudioAdapter } from '../../../plugin/engines/webaudio.ts';
import { createDoppler, dopplerShift } from '../../../plugin/mixer/doppler.ts';
import { createOcclusion, RAYS_PER_IMAGE } from '../../../plugin/mixer/occlusion.ts';
import { createMixer, type PlaceParams, SPACE_DEFAULTS } from '../../../plugin/mixer.ts';
import type { Point } from '../../../plugin/scene-event.ts';
import type { SpaceOptions } from '../../../plugin/sound-definition.ts';
import type { Playable } from '../../../plugin/takes.ts';
import { createVoices } from '../../../plugin/voices.ts';
import { watchGraph } from '../audio-graph.ts';
import { sine } from '../fake-runtime.ts';
import { maxStep, renderWith, SAMPLE_RATE } from '../offline.ts';
import { amplitudeOf, pitchOf } from '../spectrum.ts';
import { installWebAudio } from '../web-audio.ts';

installWebAudio();

function setUp(seconds: number, space: Partial<SpaceOptions>) {
  const graph = watchGraph();
  const context = new OfflineAudioContext(2, seconds * SAMPLE_RATE, SAMPLE_RATE);
  const rays: { node: Point | null }[] = [];
  const world = { wall: false };
  const isBlocked = (_ear: Point, _place: Point, node: Point | null) => {
    rays.push({ node });
    return world.wall;
  };
  const adapter = createWebAudioAdapter({ context, isBlocked });
  const now = () => context.currentTime;
  const clocked = Object.assign(Object.create(adapter) as typeof adapter, { now });
  const mixer = createMixer({ adapter: clocked, warn: () => {} });
  mixer.define({ buses: [], space: { ...SPACE_DEFAULTS, ...space } });
  const node = { x: 0, y: 0, z: 1 };
  const place = (params: Partial<PlaceParams<Point>> = {}) =>
    mixer.createPlace({ name: 'p', node, attenuation: {}, ...params });
  /** 300 Hz and 6 kHz, equally loud. */
  const play = (into: ReturnType<typeof place>) => {
    into.place();
    for (const frequency of [300, 6000]) {
      const source = new OscillatorNode(context, { frequency });
      if (into.input !== null) source.connect(into.input);
      source.start();
    }
    into.setAudible(true);
  };
  return { graph, context, adapter, mixer, place, play, node, rays, world };
}

function spectrum(pcm: Float32Array, from: number, to: number) {
  const part = pcm.subarray(from * SAMPLE_RATE, to * SAMPLE_RATE);
  return { low: amplitudeOf(part, 300), high: amplitudeOf(part, 6000) };
}

describe('a wall', () => {
  test('in the way makes it darker and softer, and without one it is as it was, without a click', async () => {
    const { context, adapter, place, play, world, graph } = setUp(2, { occlusion: true });
    play(place());
    const { left } = await renderWith(context, {
      0.5: () => {
        world.wall = true;
        adapter.update();
      },
      1.2: () => {
        world.wall = false;
        adapter.update();
      },
    });
    const [free, behind, again] = [
      spectrum(left, 0.1, 0.5),
      spectrum(left, 0.7, 1.2),
      spectrum(left, 1.5, 2),
    ];
    expect(free.low).toBeCloseTo(Math.SQRT1_2, 1);
    expect(behind.low / free.low).toBeGreaterThan(0.4);
    expect(behind.low / free.low).toBeLessThan(0.65);
    expect(behind.high / behind.low / (free.high / free.low)).toBeLessThan(0.1);
    expect(again.high / free.high).toBeCloseTo(1, 1);
    expect(maxStep(left)).toBeLessThan(0.75);
    graph.stop();
  });

  test('is there from the first sample of what begins behind it', async () => {
    const { context, place, play, world, graph } = setUp(0.5, { occlusion: true });
    world.wall = true;
    play(place());
    const { left } = await renderWith(context, {});
    expect(spectrum(left, 0.02, 0.1).high).toBeLessThan(0.05);
    graph.stop();
  });

  test('is asked for what is heard only, a few at a time, each in its turn', () => {
    const { adapter, place, rays, graph } = setUp(0.1, { occlusion: true });
    const nodes = Array.from({ length: 10 }, (_, i) => ({ x: i, y: 0, z: 1 }));
    const places = nodes.map((node) => place({ node }));
    adapter.update();
    expect(rays).toHaveLength(0);
    for (const one of places) one.setAudible(true);
    for (let image = 1; image <= 5; image++) {
      adapter.update();
      expect(rays).toHaveLength(image * RAYS_PER_IMAGE);
    }
    const asked = nodes.map((node) => rays.filter((ray) => ray.node === node).length);
    expect(asked).toEqual(nodes.map(() => 2));
    for (const one of places) one.dispose();
    adapter.update();
    expect(rays).toHaveLength(5 * RAYS_PER_IMAGE);
    graph.stop();
  });

  test('has no filter in the graph where the space has no occlusion, nor the sound', () => {
    const off = setUp(0.1, {});
    off.play(off.place());
    off.adapter.update();
    expect([off.graph.nodes('BiquadFilterNode'), off.rays.length]).toEqual([0, 0]);
    off.graph.stop();
    const on = setUp(0.1, { occlusion: true });
    on.play(on.place({ occlusion: false }));
    on.play(on.place({ attenuation: null }));
    expect(on.graph.nodes('BiquadFilterNode')).toBe(0);
    on.play(on.place());
    expect(on.graph.nodes('BiquadFilterNode')).toBe(1);
    on.graph.stop();
  });

  test('rays that starts have used are not there for the others', () => {
    const looked: string[] = [];
    const occlusion = createOcclusion<string>((name) => looked.push(name));
    for (const name of ['a', 'b', 'c', 'd', 'e']) occlusion.add(name);
    for (const name of ['x', 'y', 'z']) occlusion.lookNow(name);
    occlusion.update();
    expect(looked).toEqual(['x', 'y', 'z', 'a']);
    for (const name of ['1', '2', '3', '4', '5']) occlusion.lookNow(name);
    expect(looked.slice(4)).toEqual(['1', '2', '3', '4']);
  });
});

describe("Doppler's effect", () => {
  test.each([
    [0, -34.3, 12 * Math.log2(1 / 0.9)],
    [0, 34.3, 12 * Math.log2(1 / 1.1)],
    [34.3, 0, 12 * Math.log2(1.1)],
    [0, 0, 0],
    [0, -2000, 12],
    [-2000, 0, -12],
  ])('ear %d m/s towards, place %d m/s away: %d semitones', (toward, away, semitones) => {
    expect(dopplerShift(toward, away)).toBeCloseTo(semitones, 9);
  });

  test('a car that passes bends from high to low, in cents of theory', () => {
    const doppler = createDoppler(1);
    const speed = 20;
    const bends = new Map<number, number>();
    for (let i = -120; i <= 120; i++) {
      const time = i / 60;
      const place = { x: speed * time, y: 0, z: 1 };
      bends.set(i, doppler.look({ x: 0, y: 0, z: 0 }, place, time));
    }
    const cents = (i: number) => 100 * (bends.get(i) ?? 99);
    const theory = (away: number) => -1200 * Math.log2(1 + away / 343);
    expect(Math.abs(cents(-60) - theory(-speed))).toBeLessThan(5);
    expect(Math.abs(cents(100) - theory(speed))).toBeLessThan(5);
  });

  test('what stands still is not bent, nor what jumps across the scene', () => {
    const doppler = createDoppler(1);
    const ear = { x: 0, y: 0, z: 0 };
    const at = (x: number) => ({ x, y: 0, z: 0 });
    expect([doppler.look(ear, at(5), 0), doppler.look(ear, at(5), 0.1)]).toEqual([0, 0]);
    expect(doppler.look(ear, at(500), 0.2)).toBe(0);
  });

  test('is told to the voices of what is heard and moves, and taken back when it stands', async () => {
    const { context, adapter, place, play, node, graph } = setUp(1, { doppler: 1 });
    const bends: number[] = [];
    const sound = place();
    sound.onBend((semitones) => bends.push(semitones));
    play(sound);
    const steps: Record<number, () => void> = {};
    for (let i = 1; i <= 55; i++) {
      steps[i / 60] = () => {
        if (i <= 20) node.z += 20 / 60;
        adapter.update();
      };
    }
    await renderWith(context, steps);
    expect(Math.min(...bends)).toBeCloseTo(-12 * Math.log2(1 + 20 / 343), 1);
    expect(bends.at(-1)).toBeCloseTo(0, 1);
    graph.stop();
  });

  test('is heard in cents of theory, of a voice that goes away at 20 m/s', async () => {
    const { context, adapter, place, node, graph } = setUp(2, { doppler: 1 });
    const voices = createVoices({ context, maxVoices: 4, isRunning: () => true, now: () => 0 });
    const outlet = createOutlet(place({ attenuation: { maxDistance: 100 } }), voices);
    const buffer = context.createBuffer(1, 2 * SAMPLE_RATE, SAMPLE_RATE);
    buffer.copyToChannel(sine(440, 2) as Float32Array<ArrayBuffer>, 0);
    const playable = { take: {}, buffer, duration: 2 } as Playable;
    outlet.start(playable, { volume: 1, pitch: 0, priority: 0, loop: false });
    const steps: Record<number, () => void> = {};
    for (let i = 1; i < 110; i++) {
      steps[i / 60] = () => {
        node.z += 20 / 60;
        adapter.update();
      };
    }
    const { left } = await renderWith(context, steps);
    const cents = 1200 * Math.log2(pitchOf(left, 0.8, 1.7) / 440);
    expect(Math.abs(cents - 1200 * Math.log2(343 / 363))).toBeLessThan(5);
    graph.stop();
  });

  test('is not computed where the space has none', () => {
    const { adapter, place, play, node, graph } = setUp(0.1, {});
    const sound = place();
    let told = 0;
    sound.onBend(() => told++);
    play(sound);
    for (let i = 0; i < 10; i++) {
      node.z += 5;
      adapter.update();
    }
    expect(told).toBe(0);
    graph.stop();
  });
});

test('everything on, and disposed: nothing stays connected', () => {
  const { graph, adapter, mixer, place } = setUp(0.1, { occlusion: true, doppler: 1 });
  const before = graph.connections; // main bus
  const places = Array.from({ length: 20 }, () => place());
  for (const one of places) one.setAudible(true);
  adapter.update();
  expect(graph.connections).toBeGreaterThan(before + 60);
  for (const one of places) one.dispose();
  expect(graph.connections).toBe(before);
  mixer.dispose();
  expect(graph.connections).toBe(before - 1);
  graph.stop();
});
