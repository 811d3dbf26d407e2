/** Buses, ducking, range: a mixer on plain Web Audio, asserted from what is rendered. */
import { describe, expect, test } from 'vitest';
import { createWebAudioAdapter } from '../../plugin/engines/webaudio.ts';
import { createMixer, type PlaceParams, SPACE_DEFAULTS } from '../../plugin/mixer.ts';
import type { Point } from '../../plugin/scene-event.ts';
import type { BusDefinition } from '../../plugin/sound-definition.ts';
import { maxStep, renderWith, rms, SAMPLE_RATE } from './offline.ts';
import { installWebAudio } from './web-audio.ts';

installWebAudio();

const bus = (name: string, fields: Partial<BusDefinition> = {}): BusDefinition => ({
  name,
  volume: 1,
  parent: 'main',
  duck: null,
  ...fields,
});

function setUp(seconds: number, buses: BusDefinition[] = []) {
  const context = new OfflineAudioContext(2, seconds * SAMPLE_RATE, SAMPLE_RATE);
  const adapter = createWebAudioAdapter({ context });
  const warnings: string[] = [];
  const mixer = createMixer({ adapter, warn: (message) => warnings.push(message) });
  mixer.define({ buses, space: SPACE_DEFAULTS });
  /** A place with a direct current in it, so that a sample is the gain. */
  const place = (params: Partial<PlaceParams<Point>> = {}) => {
    const made = mixer.createPlace({ name: 'p', node: null, attenuation: null, ...params });
    const source = new ConstantSourceNode(context);
    if (made.input !== null) source.connect(made.input);
    source.start();
    made.place();
    return made;
  };
  return { context, adapter, mixer, place, warnings };
}

const at = (pcm: Float32Array, seconds: number) => pcm[Math.round(seconds * SAMPLE_RATE)] ?? 0;

describe('buses', () => {
  test('volumes of the map multiply from the sound to the output', async () => {
    const { context, place } = setUp(0.3, [
      bus('main', { parent: null, volume: 0.5 }),
      bus('steps', { parent: 'feet', volume: 0.5 }),
      bus('feet', { volume: 0.8 }),
    ]);
    place({ bus: 'steps' });
    const { left } = await renderWith(context, {});
    expect(at(left, 0.2)).toBeCloseTo(0.2, 4);
  });

  test("the player's volume multiplies, and outlives a new map", async () => {
    const { context, mixer, place } = setUp(0.6, [bus('steps', { volume: 0.5 })]);
    place({ bus: 'steps' });
    const { left } = await renderWith(context, {
      0.1: () => mixer.setBusVolume('steps', 0.5),
      0.3: () => mixer.define({ buses: [bus('steps', { volume: 1 })], space: SPACE_DEFAULTS }),
    });
    expect(at(left, 0.08)).toBeCloseTo(0.5, 4);
    expect(at(left, 0.2)).toBeCloseTo(0.25, 4);
    expect(at(left, 0.5)).toBeCloseTo(0.5, 4);
  });

  test('a new map moves a bus and lets go of those it no longer names', async () => {
    const { context, mixer, place } = setUp(0.6, [bus('a', { volume: 0.5 }), bus('b')]);
    place({ bus: 'b' });
    const { left } = await renderWith(context, {
      0.2: () => {
        const buses = [bus('a', { volume: 0.5 }), bus('b', { parent: 'a' })];
        mixer.define({ buses, space: SPACE_DEFAULTS });
      },
      0.4: () => mixer.define({ buses: [], space: SPACE_DEFAULTS }),
    });
    expect(at(left, 0.1)).toBeCloseTo(1, 4);
    expect(at(left, 0.35)).toBeCloseTo(0.5, 4);
    expect(at(left, 0.55)).toBeCloseTo(0.5, 4); // in use: it stays where it was
    expect(() => mixer.setBusVolume('none', 1)).toThrow(/"main", ("b", "a"|"a", "b")/);
  });

  test('a bus that nobody uses is gone with the map', () => {
    const { mixer } = setUp(0.1, [bus('a')]);
    mixer.define({ buses: [bus('b')], space: SPACE_DEFAULTS });
    expect(() => mixer.setBusVolume('a', 1)).toThrow(/"a".*"main", "b"/);
  });

  test.each([-1, Number.NaN, 101])('a volume of %d is refused', (volume) => {
    const { mixer } = setUp(0.1);
    expect(() => mixer.setBusVolume('main', volume)).toThrow(RangeError);
  });

  test('an unknown bus is main; a circle of parents leads to the output all the same', async () => {
    const { context, place } = setUp(0.3, [bus('a', { parent: 'b' }), bus('b', { parent: 'a' })]);
    place({ bus: 'nowhere' });
    place({ bus: 'a' }).setAudible(true);
    const { left } = await renderWith(context, {});
    expect(at(left, 0.2)).toBeGreaterThanOrEqual(1);
  });
});

describe('ducking', () => {
  const duck = { under: 'voice', to: 0.25, attack: 0.1, release: 0.3 };
  const buses = [bus('music', { duck }), bus('voice'), bus('shout', { parent: 'voice' })];

  /** The music is heard left alone, what ducks it is silent. */
  async function ducked(steps: (quiet: ReturnType<typeof speaker>) => Record<number, () => void>) {
    const world = setUp(1.2, buses);
    world.place({ bus: 'music' });
    const { left } = await renderWith(world.context, steps(speaker(world)));
    return left;
  }

  function speaker({ mixer }: ReturnType<typeof setUp>) {
    const on = (name: string, params: Partial<PlaceParams<Point>> = {}) =>
      mixer.createPlace({ name, node: null, attenuation: null, bus: name, ...params });
    return { on };
  }

  test('depth, attack and release are those of the rule', async () => {
    const left = await ducked(({ on }) => {
      const voice = on('voice');
      return { 0.2: () => voice.setAudible(true), 0.6: () => voice.setAudible(false) };
    });
    expect(at(left, 0.19)).toBeCloseTo(1, 4);
    expect(at(left, 0.25)).toBeCloseTo(1 - 0.75 * 0.5, 2);
    expect(at(left, 0.31)).toBeCloseTo(0.25, 3);
    expect(at(left, 0.59)).toBeCloseTo(0.25, 3);
    expect(at(left, 0.75)).toBeCloseTo(0.25 + 0.75 * 0.5, 2);
    expect(at(left, 0.95)).toBeCloseTo(1, 3);
    expect(maxStep(left.subarray(4800))).toBeLessThan(1e-3);
  });

  test('lasts while any voice is heard, of a bus that leads there too', async () => {
    const left = await ducked(({ on }) => {
      const [voice, shout] = [on('voice'), on('shout')];
      return {
        0.1: () => voice.setAudible(true),
        0.3: () => shout.setAudible(true),
        0.4: () => voice.setAudible(false),
        0.7: () => shout.setAudible(false),
      };
    });
    expect(at(left, 0.69)).toBeCloseTo(0.25, 3);
    expect(at(left, 1.1)).toBeCloseTo(1, 3);
  });

  test('is not for what is out of range', async () => {
    const left = await ducked(({ on }) => {
      const voice = on('voice', { attenuation: { maxDistance: 10 } });
      const start = (x: number) => () => {
        voice.place({ x, y: 0, z: 0 });
        voice.setAudible(true);
      };
      return { 0.1: start(20), 0.4: () => voice.setAudible(false), 0.5: start(5) };
    });
    expect(at(left, 0.4)).toBeCloseTo(1, 4);
    expect(at(left, 0.7)).toBeCloseTo(0.25, 3);
  });

  test('a bus under main is ducked by others, not by its own voices', async () => {
    const own = bus('music', { duck: { ...duck, under: 'main' } });
    const world = setUp(1, [own, bus('voice')]);
    const music = world.place({ bus: 'music' });
    music.setAudible(true);
    const voice = world.mixer.createPlace({
      name: 'v',
      node: null,
      attenuation: null,
      bus: 'voice',
    });
    const { left } = await renderWith(world.context, { 0.4: () => voice.setAudible(true) });
    expect(at(left, 0.39)).toBeCloseTo(1, 4);
    expect(at(left, 0.6)).toBeCloseTo(0.25, 3);
  });

  test('a place that is disposed while it is heard lets go', async () => {
    const left = await ducked(({ on }) => {
      const voice = on('voice');
      return { 0.1: () => voice.setAudible(true), 0.4: () => voice.dispose() };
    });
    expect(at(left, 0.39)).toBeCloseTo(0.25, 3);
    expect(at(left, 0.8)).toBeCloseTo(1, 3);
  });
});

describe('range', () => {
  test('the place of a voice that starts out of range is silent from its first sample on', async () => {
    const { context, place } = setUp(0.3);
    place({ node: { x: -31, y: 0, z: 0 }, attenuation: {} });
    const { left } = await renderWith(context, {});
    expect(rms(left)).toBe(0);
  });

  test('the ear moves, the place does not: it is followed all the same', async () => {
    const { context, adapter, place } = setUp(0.6);
    place({ node: { x: -1, y: 0, z: 0 }, attenuation: { maxDistance: 10 } }).setAudible(true);
    const { left } = await renderWith(context, {
      0.3: () => {
        adapter.setListener({ x: 40, y: 0, z: 0 });
        adapter.update();
      },
    });
    expect(at(left, 0.2)).toBeCloseTo(1, 3);
    expect(at(left, 0.4)).toBe(0);
  });

  test('nothing is written for what has not moved, nor for what is not heard', () => {
    const { context, adapter, place } = setUp(0.1);
    const nodes = [1, 2].map((x) => ({ x, y: 0, z: 0 }));
    for (const node of nodes) place({ node, attenuation: {} });
    place({ node: nodes[0] ?? null, attenuation: {} }).setAudible(true);
    const writes = countWrites();
    for (let i = 0; i < 10; i++) adapter.update();
    Object.assign(nodes[1] ?? {}, { x: 29 }); // heard by nobody
    adapter.update();
    expect(writes.count).toBe(0);
    Object.assign(nodes[0] ?? {}, { x: 29 });
    adapter.update();
    expect(writes.count).toBeGreaterThan(0);
    writes.stop();
    expect(context.length).toBeGreaterThan(0);
  });
});

/** Of AudioParams, from now on. */
function countWrites() {
  const original = AudioParam.prototype.setValueAtTime;
  const writes = {
    count: 0,
    stop: () => void Object.assign(AudioParam.prototype, { setValueAtTime: original }),
  };
  AudioParam.prototype.setValueAtTime = function count(...args) {
    writes.count += 1;
    return original.apply(this, args);
  };
  return writes;
}
