/** Rooms: their impulse responses by the numbers, and what is heard of them. */
import { describe, expect, test } from 'vitest';
import { createWebAudioAdapter } from '../../../plugin/engines/webaudio.ts';
import { createImpulseResponse } from '../../../plugin/mixer/impulse-response.ts';
import { createMixer, type PlaceParams, SPACE_DEFAULTS } from '../../../plugin/mixer.ts';
import type { Point } from '../../../plugin/scene-event.ts';
import type { NodeSelector, ZoneDefinition } from '../../../plugin/sound-definition.ts';
import { watchGraph } from '../audio-graph.ts';
import { renderWith, rms, SAMPLE_RATE } from '../offline.ts';
import { lowPassed, reverbTime } from '../spectrum.ts';
import { installWebAudio } from '../web-audio.ts';

installWebAudio();

describe('an impulse response', () => {
  const options = { seconds: 1, damping: 0, sampleRate: SAMPLE_RATE, seed: 1 };

  test.each([0.3, 1, 2.5])('decays by 60 dB in %d s, within a fifth', (seconds) => {
    for (const channel of createImpulseResponse({ ...options, seconds })) {
      expect(reverbTime(channel) / seconds).toBeGreaterThan(0.8);
      expect(reverbTime(channel) / seconds).toBeLessThan(1.2);
    }
  });

  test('with damping the lows decay as ever, the highs sooner', () => {
    const [left] = createImpulseResponse({ ...options, damping: 1 });
    const lows = lowPassed(lowPassed(left, 300), 300);
    const muffled = lowPassed(left, 8000);
    const highs = left.map((value, i) => value - (muffled[i] ?? 0));
    const darkness = (from: number, to: number) => rms(lows, from, to) / rms(highs, from, to);
    expect(darkness(0.3, 0.4) / darkness(0, 0.02)).toBeGreaterThan(8);
  });

  test('has an energy of 1 in each ear, and other noise in the other', () => {
    const [left, right] = createImpulseResponse({ ...options, damping: 0.5 });
    const energy = (pcm: Float32Array) => pcm.reduce((sum, x) => sum + x * x, 0);
    expect(energy(left)).toBeCloseTo(1, 4);
    expect(energy(right)).toBeCloseTo(1, 4);
    const common = left.reduce((sum, x, i) => sum + x * (right[i] ?? 0), 0);
    expect(Math.abs(common)).toBeLessThan(0.1);
  });

  test('same seed, same room; another seed, another', () => {
    expect(createImpulseResponse(options)).toEqual(createImpulseResponse(options));
    expect(createImpulseResponse({ ...options, seed: 2 })).not.toEqual(
      createImpulseResponse(options),
    );
  });

  test('of a minute is cut at ten seconds, of nothing is one sample', () => {
    expect(createImpulseResponse({ ...options, seconds: 60 })[0]).toHaveLength(10 * SAMPLE_RATE);
    const [shortest] = createImpulseResponse({ ...options, seconds: 1e-9 });
    expect(shortest).toHaveLength(1);
    expect(Number.isFinite(shortest[0])).toBe(true);
  });
});

const ANY: NodeSelector = { name: null, tag: null, material: null, data: null };
const hall: ZoneDefinition = {
  name: 'hall',
  node: { ...ANY, name: ['hall'] },
  sounds: null,
  reverb: { seconds: 0.5, damping: 0, level: 0.5 },
};
const outside: ZoneDefinition = { ...hall, name: 'outside', node: null, reverb: null };

async function setUp(seconds: number, space = { ...SPACE_DEFAULTS, reverb: true }) {
  const graph = watchGraph();
  const context = new OfflineAudioContext(2, seconds * SAMPLE_RATE, SAMPLE_RATE);
  const adapter = createWebAudioAdapter({ context });
  const bounds = { min: { x: -5, y: -5, z: -5 }, max: { x: 5, y: 5, z: 5 } };
  adapter.addNode({ x: 0, y: 0, z: 0 }, { name: 'hall' }, bounds);
  const before = graph.connections;
  const mixer = createMixer({ adapter, warn: () => {} });
  await mixer.define({ buses: [], zones: [hall, outside], space });
  const place = (params: Partial<PlaceParams<Point>> = {}) =>
    mixer.createPlace({ name: 'p', node: null, attenuation: null, reverb: 1, ...params });
  /** A click of one sample. */
  const click = (into: ReturnType<typeof place>) => {
    const source = new AudioBufferSourceNode(context);
    const buffer = context.createBuffer(1, 1, SAMPLE_RATE);
    buffer.copyToChannel(Float32Array.of(1), 0);
    source.buffer = buffer;
    if (into.input !== null) source.connect(into.input);
    into.place();
    into.setAudible(true);
    source.start(context.currentTime);
  };
  const goTo = (x: number) => {
    adapter.setListener({ x, y: 0, z: 0 });
    adapter.update();
  };
  return { graph, context, adapter, mixer, place, click, goTo, before };
}

describe('reverb', () => {
  test('rings on as long as its zone says, in both ears differently, at the level of send × zone', async () => {
    const { context, place, click, graph } = await setUp(1.2);
    const { left, right } = await renderWith(context, { 0.4: () => click(place({ reverb: 0.8 })) });
    const tail = left.subarray(0.41 * SAMPLE_RATE);
    expect(reverbTime(tail) / 0.5).toBeGreaterThan(0.8);
    expect(reverbTime(tail) / 0.5).toBeLessThan(1.2);
    const energy = left
      .subarray(0.4 * SAMPLE_RATE + 200)
      .reduce((sum, value) => sum + value * value, 0);
    expect(Math.sqrt(energy)).toBeGreaterThan(0.4 * 0.9);
    expect(Math.sqrt(energy)).toBeLessThan(0.4 * 1.1);
    expect(rms(left.map((value, i) => value - (right[i] ?? 0)))).toBeGreaterThan(0);
    graph.stop();
  });

  test('is that of the zone with the ear in it, and goes when the ear goes', async () => {
    const { context, place, click, goTo, graph } = await setUp(2);
    const sound = place();
    const { left } = await renderWith(context, {
      0.4: () => click(sound),
      0.5: () => goTo(50),
      0.95: () => click(sound),
      1.4: () => goTo(0),
      1.75: () => click(sound),
    });
    expect(rms(left, 0.41, 0.5)).toBeGreaterThan(1e-4);
    expect(rms(left, 0.97, 1.4)).toBeLessThan(1e-6);
    expect(rms(left, 1.76, 2)).toBeGreaterThan(1e-4);
    graph.stop();
  });

  test('has a convolver while its zone is heard, and none when that has rung out', async () => {
    const { context, place, click, goTo, graph } = await setUp(2);
    const sound = place();
    const counts: number[] = [];
    const count = () => counts.push(graph.nodes('ConvolverNode'));
    await renderWith(context, {
      0.1: () => {
        click(sound);
        count();
        goTo(50);
      },
      0.5: () => {
        goTo(51);
        count();
      },
      1.5: () => {
        goTo(52);
        count();
      },
    });
    expect(counts).toEqual([1, 1, 0]);
    graph.stop();
  });

  test("a bus's volume goes for its reverb, too", async () => {
    const bus = { name: 'steps', volume: 0, parent: 'main', duck: null };
    const { context, mixer, place, click, graph } = await setUp(1);
    const space = { ...SPACE_DEFAULTS, reverb: true };
    await mixer.define({ buses: [bus], zones: [hall], space });
    const { left } = await renderWith(context, { 0.4: () => click(place({ bus: 'steps' })) });
    expect(rms(left)).toBe(0);
    graph.stop();
  });

  test('falls half as fast with distance as the sound itself', async () => {
    const tailAt = async (z: number) => {
      const { context, place, click, graph } = await setUp(1);
      const sound = place({ node: { x: 0, y: 0, z }, attenuation: {} });
      const { left } = await renderWith(context, { 0.4: () => click(sound) });
      graph.stop();
      return rms(left, 0.41, 1);
    };
    expect((await tailAt(4)) / (await tailAt(1))).toBeCloseTo(0.5, 2);
    expect(await tailAt(31)).toBeLessThan(1e-6);
  });

  test('is not in the graph where the space has none, nor for sounds that send nothing', async () => {
    const dry = await setUp(0.1, SPACE_DEFAULTS);
    dry.click(dry.place());
    dry.goTo(1);
    expect(dry.graph.nodes('ConvolverNode')).toBe(0);
    const lone = dry.graph.connections;
    dry.graph.stop();
    const wet = await setUp(0.1);
    wet.click(wet.place({ reverb: 0 }));
    wet.goTo(1);
    expect(wet.graph.connections).toBeGreaterThan(lone);
    wet.graph.stop();
  });

  test('leaves nothing connected when it is disposed', async () => {
    const { graph, mixer, place, goTo, before } = await setUp(0.1);
    const places = [place(), place({ attenuation: {} }), place({ bus: 'nowhere' })];
    goTo(1);
    for (const one of places) one.dispose();
    mixer.dispose();
    mixer.dispose();
    expect(graph.connections).toBe(before);
    graph.stop();
  });
});
