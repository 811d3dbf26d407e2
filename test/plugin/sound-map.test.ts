import type * as v from 'valibot';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { SoundDefinition } from '../../plugin/sound-definition.ts';
import type { SoundDefaultsInput } from '../../plugin/sound-map/input.ts';
import type {
  SoundDefaultsSchema,
  SoundMapSchema,
  SoundSchema,
} from '../../plugin/sound-map/schema.ts';
import {
  completeSound,
  loadSoundMap,
  parseSoundMap,
  type SoundInput,
  type SoundMapInput,
} from '../../plugin/sound-map.ts';
import { fakeFetch, problemsOf } from './sound-map/sound-maps.ts';

/** DESIGN.md's example. */
const FOOTSTEP = `sounds:
  footstep:
    prompt: "{weight} footstep on {surface}"
    slots: { surface: [wood, gravel, metal, snow], weight: { default: light, from: intensity } }
    duration: 0.5
    variations: 4          # seeds in the pool; never the same twice in a row
    cooldown: 0.15         # seconds
    voices: { max: 3, steal: quietest }
    attenuation: { model: inverse, refDistance: 1, maxDistance: 30 }
    caption: footsteps
    on: { animationEvent: step }
`;

async function soundOf(yaml: string): Promise<SoundDefinition> {
  const map = await parseSoundMap(`sounds:\n  it: { prompt: a hum, ${yaml} }\n`);
  const sound = map.sounds.get('it');
  if (sound === undefined) throw new Error('no sound');
  return sound;
}

describe('the written form', () => {
  test('the example of the design is complete', async () => {
    const footstep = (await parseSoundMap(FOOTSTEP)).sounds.get('footstep');
    expect(footstep).toEqual({
      name: 'footstep',
      prompt: '{weight} footstep on {surface}',
      slots: new Map([
        ['surface', { from: null, values: ['wood', 'gravel', 'metal', 'snow'], default: null }],
        ['weight', { from: 'intensity', values: [], default: 'light' }],
      ]),
      duration: 0.5,
      variations: 4,
      takes: { lock: null, ban: [] },
      cooldown: 0.15,
      minImpulse: 0.5,
      lateness: 0.12,
      volume: 1,
      pitch: 0,
      jitter: { pitch: 0, volume: 0 },
      voices: { max: 3, steal: 'quietest', fade: 0.02 },
      priority: 0,
      virtual: false,
      attenuation: {
        model: 'inverse',
        refDistance: 1,
        maxDistance: 30,
        rolloff: 1,
        panningModel: 'equalpower',
        cone: null,
      },
      bus: 'main',
      reverb: 1,
      occlusion: true,
      loop: false,
      ambience: null,
      control: [],
      caption: 'footsteps',
      fallback: null,
      on: [{ kind: 'animationEvent', name: 'step', when: 'begin', a: null, b: null, at: [] }],
    } satisfies SoundDefinition);
  });

  test.each([
    ['voices: 3', { voices: { max: 3, steal: 'oldest', fade: 0.02 } }],
    ['jitter: { pitch: 2 }', { jitter: { pitch: 2, volume: 0 } }],
    ['attenuation: none', { attenuation: null }],
    ['ambience: true, duration: 4', { loop: true, virtual: true, ambience: { crossfade: 1 } }],
    ['ambience: { crossfade: 0.5 }', { loop: true, ambience: { crossfade: 0.5 } }],
    ['ambience: false', { loop: false, ambience: null }],
    ['loop: true', { loop: true, virtual: true }],
    ['loop: true, virtual: false', { virtual: false }],
    ['caption:', { caption: null }],
    ['takes: { lock: 3, ban: [1] }', { takes: { lock: 3, ban: [1] } }],
    [
      'control: { by: speed, range: [0, 5], pitch: [-12, 7] }',
      { control: [{ by: 'speed', range: [0, 5], pitch: [-12, 7], volume: null }] },
    ],
    [
      'control: [{ by: a, range: [0, 1], volume: [0, 1] }]',
      { control: [{ by: 'a', range: [0, 1], pitch: null, volume: [0, 1] }] },
    ],
    [
      'attenuation: { cone: { inner: 60, outer: 90 } }',
      { attenuation: { cone: { inner: 60, outer: 90, outerGain: 0.25 } } },
    ],
  ])('%s', async (yaml, expected) => {
    expect(await soundOf(yaml)).toMatchObject(expected);
  });

  test.each([
    ['collision: true', 'collision', null, 'begin'],
    ['contact: scrape', 'contact', 'scrape', 'begin'],
    ['contact: any, when: lasts', 'contact', null, 'while'],
    ['trigger: enter', 'trigger', null, 'begin'],
    ['trigger: exit', 'trigger', null, 'end'],
    ['trigger: inside', 'trigger', null, 'while'],
    ['collide: true', 'collide', null, 'begin'],
    ['action: doublePick', 'action', 'doublePick', 'begin'],
    ['animationEvent: step*', 'animationEvent', 'step*', 'begin'],
    ['animationGroup: open*', 'animationGroup', 'open*', 'begin'],
    ['animationGroup: open, when: loops', 'animationGroup', 'open', 'change'],
    ['animationGroup: open, when: playing', 'animationGroup', 'open', 'while'],
    ['node: appears', 'node', null, 'begin'],
    ['node: vanishes', 'node', null, 'end'],
    ['node: present', 'node', null, 'while'],
    ['particles: emits, name: rain', 'particles', 'rain', 'while'],
    ['event: machine', 'event', 'machine', 'begin'],
    ['event: machine, when: changes', 'event', 'machine', 'change'],
  ])('on: { %s }', async (yaml, kind, name, when) => {
    const { on } = await soundOf(`on: { ${yaml} }`);
    expect(on).toEqual([{ kind, name, when, a: null, b: null, at: [] }]);
  });

  test.each([
    ['event: machine', 'while'],
    ['contact: roll', 'while'],
    ['animationGroup: wheel', 'while'],
  ])('a loop sounds as long as { %s } lasts', async (yaml, when) => {
    expect((await soundOf(`loop: true, on: { ${yaml} }`)).on).toMatchObject([{ when }]);
  });

  test('marks of an animation group, one or many', async () => {
    const { on } = await soundOf(
      'on: [{ animationGroup: x, at: 1 }, { animationGroup: x, at: [0.25, 0.75] }]',
    );
    expect(on.map(({ at }) => at)).toEqual([[1], [0.25, 0.75]]);
  });

  test('selectors: a word, words, fields', async () => {
    const { on } = await soundOf(
      'on: { collision: true, a: crate*, b: { material: [stone, metal], tag: floor, data: { wet: true } } }',
    );
    const none = { name: null, tag: null, material: null, data: null };
    expect(on[0]?.a).toEqual({ ...none, name: ['crate*'] });
    expect(on[0]?.b).toEqual({
      ...none,
      material: ['stone', 'metal'],
      tag: ['floor'],
      data: { wet: true },
    });
  });

  test('buses, zones and space', async () => {
    const map = await parseSoundMap(`
version: 1
sounds: { a: { prompt: wind, bus: ambience } }
buses:
  effects: 0.5
  ambience: { volume: 0.8, duck: { under: effects } }
zones:
  hall: { node: hall*, sounds: [a], reverb: 1.2 }
  all: {}
space: { occlusion: true, doppler: true }
`);
    expect([...map.buses.values()]).toEqual([
      { name: 'main', volume: 1, parent: null, duck: null },
      { name: 'effects', volume: 0.5, parent: 'main', duck: null },
      {
        name: 'ambience',
        volume: 0.8,
        parent: 'main',
        duck: { under: 'effects', to: 0.4, attack: 0.05, release: 0.5 },
      },
    ]);
    expect([...map.zones.values()]).toEqual([
      {
        name: 'hall',
        node: { name: ['hall*'], tag: null, material: null, data: null },
        sounds: ['a'],
        reverb: { seconds: 1.2, damping: 0.5, level: 0.3 },
      },
      { name: 'all', node: null, sounds: null, reverb: null },
    ]);
    expect(map.space).toEqual({ occlusion: true, reverb: false, doppler: 1 });
  });

  test('sounds inherit from defaults what they do not say, and only the slots that they use', async () => {
    const map = await parseSoundMap(`
defaults: { volume: 0.5, voices: 2, fallback: thud, slots: { surface: [wood, stone], size: [small] } }
sounds:
  thud: { prompt: thud, volume: 2 }
  step: { prompt: "{gait} step on {surface}", slots: { gait: [slow] } }
`);
    const [thud, step] = [map.sounds.get('thud'), map.sounds.get('step')];
    expect([thud?.volume, step?.volume]).toEqual([2, 0.5]);
    expect([thud?.fallback, step?.fallback]).toEqual([null, 'thud']);
    expect(step?.voices.max).toBe(2);
    expect([...(step?.slots.keys() ?? [])]).toEqual(['gait', 'surface']);
    expect(thud?.slots.size).toBe(0);
  });

  test('what is written is what the types say', () => {
    expectTypeOf<v.InferOutput<typeof SoundMapSchema>>().toEqualTypeOf<SoundMapInput>();
    expectTypeOf<v.InferOutput<typeof SoundSchema>>().toEqualTypeOf<SoundInput>();
    expectTypeOf<v.InferOutput<typeof SoundDefaultsSchema>>().toEqualTypeOf<SoundDefaultsInput>();
  });
});

describe('completeSound', () => {
  test('undefined means default, and the input is left as it is', () => {
    const input: SoundInput = { prompt: 'hum', volume: undefined, on: { collision: true } };
    const before = structuredClone(input);
    expect(completeSound('hum', input)).toMatchObject({ name: 'hum', volume: 1 });
    expect(input).toEqual(before);
  });

  test('a bus of no map is an error only where there is a map', async () => {
    const map = await loadSoundMap({ sounds: {}, buses: { effects: 1 } });
    expect(completeSound('a', { prompt: 'hum', bus: 'efects' }).bus).toBe('efects');
    expect(() => completeSound('a', { prompt: 'hum', bus: 'efects' }, map)).toThrow(
      'code: sounds.a.bus must be the name of a bus, got "efects". Did you mean "effects"?',
    );
  });

  test('problems have the name of the sound', () => {
    expect(() => completeSound('a', { prompt: '' })).toThrow('code: sounds.a.prompt must be text');
  });
});

describe('loadSoundMap', () => {
  test('objects, complete maps and addresses give the same map', async () => {
    const json = JSON.stringify({ sounds: { hum: { prompt: 'hum' } } });
    const options = { fetch: fakeFetch(json) };
    const fromObject = await loadSoundMap(JSON.parse(json));
    const fromUrl = await loadSoundMap(new URL('https://game.example/sounds.json'), options);
    expect({ ...fromUrl, source: '' }).toEqual({ ...fromObject, source: '' });
    expect(fromUrl.source).toBe('https://game.example/sounds.json');
    expect(await loadSoundMap(fromUrl)).toBe(fromUrl);
  });

  test.each([
    ['not there', fakeFetch('no', { status: 404 }), 'the server answered 404'],
    ['a page', fakeFetch('<!doctype html><title>x</title>'), 'is a page, no sound map'],
    [
      'announced as too large',
      fakeFetch('', { headers: { 'content-length': '10000000' } }),
      'more than 1000000 bytes',
    ],
    ['too large', fakeFetch('# '.padEnd(1_100_000, 'x')), 'more than 1000000 bytes'],
    ['no server', () => Promise.reject(new TypeError('fetch failed')), 'TypeError: fetch failed'],
  ])('%s', async (_, fetch, message) => {
    const [problem] = await problemsOf(() => loadSoundMap('/sounds.yaml', { fetch }));
    expect(problem).toContain(`/sounds.yaml: `);
    expect(problem).toContain(message);
  });

  test('what was hardly meant is a warning', async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message) };
    const sounds = { a: { prompt: 'x', bus: 'fx' } };
    const buses = { fx: { parent: 'all' }, all: 1, spare: 1 };
    const zones = { hall: { reverb: 1 } };
    await loadSoundMap({ sounds, buses, zones }, { logger });
    await loadSoundMap({ sounds: {}, space: { reverb: true } }, { logger });
    await loadSoundMap({ sounds, buses: { fx: 1 }, zones, space: { reverb: true } }, { logger });
    expect(warnings).toEqual([
      'sound-map: sounds: zones.hall.reverb is not heard: write space: { reverb: true }.',
      'sound-map: sounds: buses.spare has no sound.',
      'sound-map: sounds: space.reverb is on, but no zone has a reverb.',
    ]);
  });

  test('an abort stays one, whatever the server does', async () => {
    const abort = new AbortController();
    const fetch = () => new Promise<Response>(() => {});
    const loading = loadSoundMap('/sounds.yaml', { fetch, signal: abort.signal });
    abort.abort();
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
