import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { MAX_TAKES, planBake } from '../../../bake/bake/plan.ts';
import { createPool } from '../../../plugin/director/pool.ts';
import { compilePrompt, fillPrompt } from '../../../plugin/prompt.ts';
import type { SlotDefinition } from '../../../plugin/sound-definition.ts';
import { parseSoundMap } from '../../../plugin/sound-map.ts';
import { collision, thing } from '../../plugin/events.ts';
import { sound, soundMap } from '../../plugin/sound-maps.ts';

const MODEL = {
  modelHash: 'a'.repeat(64),
  arithmetic: 'wasm-1',
  gate: null,
  sampling: { guidanceScale: 3, temperature: 1, topK: 128, topP: 0 },
  codebookSize: 1024,
};

const slot = (fields: Partial<SlotDefinition> = {}): SlotDefinition => ({
  from: null,
  values: [],
  default: null,
  ...fields,
});
const promptsOf = (plan: ReturnType<typeof planBake>) => [
  ...new Set(plan.jobs.map(({ spec }) => spec.prompt)),
];

describe('a plan', () => {
  test('has every combination of the slots’ values and defaults, as often as there are variations', () => {
    const slots = new Map([
      ['weight', slot({ values: ['light', 'heavy'] })],
      ['surface', slot({ values: ['wood', 'snow'], default: 'stone' })],
    ]);
    const prompt = '{weight} step on {surface}';
    const plan = planBake(soundMap(sound('step', { prompt, slots, variations: 3 })), MODEL);
    expect(promptsOf(plan)).toEqual([
      'light step on wood',
      'light step on snow',
      'light step on stone',
      'heavy step on wood',
      'heavy step on snow',
      'heavy step on stone',
    ]);
    expect(plan.jobs.length).toBe(18);
    expect(plan.notes).toEqual([]);
  });

  test('asks for the very requests of the plugin’s pools', () => {
    const door = sound('door', { prompt: 'a door', duration: 0.7, loop: true, variations: 2 });
    const { jobs } = planBake(soundMap(door), MODEL);
    const requests = createPool(door, 'a door').requests;
    const asked = requests.map(({ prompt, seed, duration, loop }) => ({
      ...{ prompt, seed, duration, loop, ...MODEL.sampling },
    }));
    expect(jobs.map(({ spec }) => spec)).toEqual(asked);
  });

  test('a locked seed is the only take; banned ones are left out', () => {
    const locked = sound('a', { takes: { lock: 7, ban: [] }, variations: 4 });
    const banned = sound('b', { takes: { lock: null, ban: [0, 2] }, variations: 3 });
    const { jobs } = planBake(soundMap(locked, banned), MODEL);
    expect(jobs.map(({ spec, isLocked }) => [spec.seed, isLocked])).toEqual([
      ...[[7, true]],
      ...[1, 3, 4].map((seed) => [seed, false]),
    ]);
  });

  test('what any event with known words asks for is in it', () => {
    const slots = new Map([
      ['thing', slot({ from: 'a.material', values: ['wood', 'metal'], default: 'wood' })],
      ['hardness', slot({ from: 'intensity' })],
    ]);
    const prompt = '{hardness} hit of {thing} on {b.material|stone}';
    const plan = planBake(soundMap(sound('hit', { prompt, slots })), MODEL);
    const prompts = new Set(promptsOf(plan));
    const template = compilePrompt(prompt, slots);
    for (const material of ['wood', 'Metal', 'glass', '']) {
      for (const impulse of [0, 3, 20]) {
        const event = collision({ a: thing('it', material), b: thing('floor'), impulse });
        expect(prompts).toContain(fillPrompt(template, event));
      }
    }
  });

  test('intensity has the words that the sound’s least impulse leaves', () => {
    const prompt = '{intensity} bang';
    const all = planBake(soundMap(sound('bang', { prompt })), MODEL);
    expect(promptsOf(all)).toEqual(['soft bang', 'medium bang', 'hard bang']);
    const hard = planBake(soundMap(sound('bang', { prompt, minImpulse: 5 })), MODEL);
    expect(promptsOf(hard)).toEqual(['medium bang', 'hard bang']);
  });

  test('an open slot has its default or nothing, the slots behind it theirs, and is told of', () => {
    const slots = new Map([
      ['size', slot({ values: ['big', 'small'] })],
      ['thing', slot()],
      ['place', slot({ values: ['hall', 'yard'], default: 'hall' })],
    ]);
    const prompt = '{size} {thing} falls in a {place}';
    const plan = planBake(soundMap(sound('fall', { prompt, slots })), MODEL);
    expect(promptsOf(plan)).toEqual([
      'big falls in a hall',
      'small falls in a hall',
      'falls in a hall',
    ]);
    expect(plan.notes.join()).toContain("sound 'fall': slot {thing} has no list of values");
  });

  test('prompts that are too long are left out and told of', () => {
    const slots = new Map([['word', slot({ values: ['short', 'long '.repeat(60)] })]]);
    const plan = planBake(soundMap(sound('x', { prompt: 'a {word} sound', slots })), MODEL);
    expect(promptsOf(plan)).toEqual(['a short sound']);
    expect(plan.notes.join()).toContain('1 of its prompts are too long');
  });

  test('a map without sounds is told of', () => {
    const { jobs, notes } = planBake(soundMap(), MODEL);
    expect([jobs, notes]).toEqual([[], [expect.stringMatching(/: has no sounds, so nothing/)]]);
  });

  test('more takes than there may be are refused at once, with the sound that has most', () => {
    const values = Array.from({ length: 1000 }, (_, i) => `v${i}`);
    const slots = new Map(['a', 'b', 'c'].map((name) => [name, slot({ values })]));
    const map = soundMap(sound('door'), sound('huge', { prompt: '{a} {b} {c}', slots }));
    expect(() => planBake(map, MODEL)).toThrow(
      `asks for at most ${MAX_TAKES} takes, got 1000000001; sound 'huge' alone has 1000000000`,
    );
  });
});

describe('a job’s id', () => {
  const one = (fields = {}, model = {}) =>
    planBake(soundMap(sound('a', fields)), { ...MODEL, ...model }).jobs[0]?.id;

  test('is 64 digits, and the same for the same', () => {
    expect(one()).toMatch(/^[0-9a-f]{64}$/);
    expect(one()).toBe(one());
  });

  test('changes with all that decides what comes out, and with nothing else', () => {
    const gate = { maxRolls: 4, minScore: 0, maxLikeness: 0.9 };
    const ids = [
      one(),
      one({ prompt: 'b' }),
      one({ duration: 2 }),
      one({ loop: true }),
      one({ takes: { lock: 0, ban: [] } }),
      one({}, { modelHash: 'b' }),
      one({}, { arithmetic: 'wasm-2' }),
      one({}, { gate }),
      one({}, { gate: { ...gate, maxRolls: 5 } }),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(one({ priority: 5, volume: 3, caption: 'x', cooldown: 1 })).toBe(one());
  });

  test('two sounds that ask for the same share it, and a lock of one of them', () => {
    const same = { prompt: 'a bell' };
    const locked = { ...same, takes: { lock: 1, ban: [] } };
    const map = soundMap(sound('a', { ...same, variations: 2 }), sound('b', locked));
    const { jobs } = planBake(map, MODEL);
    expect(jobs.map(({ sound: name, isLocked }) => [name, isLocked])).toEqual([
      ['a', false],
      ['a', true],
      ['b', true],
    ]);
    expect(jobs[1]?.id).toBe(jobs[2]?.id);
  });
});

test('the demo’s map is planned without a note', async () => {
  const map = await parseSoundMap(await readFile('demo-scene/sounds.yaml', 'utf8'));
  const { jobs, notes } = planBake(map, MODEL);
  expect(notes).toEqual([]);
  expect(jobs.length).toBeGreaterThan(100);
});
