import { describe, expect, test } from 'vitest';
import type { SceneContent } from '../../../plugin/adapter.ts';
import { activate } from '../../../plugin/director/active-sound.ts';
import { MAX_PLANNED, planPrompts } from '../../../plugin/prefetch/prefetch-plan.ts';
import { compilePrompt, fillPrompt } from '../../../plugin/prompt.ts';
import type { SceneObject } from '../../../plugin/scene-event.ts';
import type { SoundDefinition } from '../../../plugin/sound-definition.ts';
import { binding, collision, named, thing } from '../events.ts';
import { onEvent, slots, sound } from '../sound-maps.ts';

const ear = { x: 0, y: 0, z: 0 };

function at(x: number, object: SceneObject): SceneContent {
  return { object, point: { x, y: 0, z: 0 }, radius: 0 };
}

function plan(sounds: SoundDefinition[], contents: SceneContent[] = []) {
  return planPrompts(
    sounds.map((one) => activate(one)),
    contents,
    ear,
  );
}

const prompts = (sounds: SoundDefinition[], contents?: SceneContent[]) =>
  plan(sounds, contents).map(({ prompt }) => prompt);

const crate = { name: ['crate*'], tag: null, material: null, data: null };
const yard = [
  at(2, { ...thing('crate 1', 'wood') }),
  at(9, { ...thing('crate 2', 'metal') }),
  at(5, { ...thing('crate 3', 'wood') }),
  at(1, thing('floor', 'stone')),
];

describe('of a sound', () => {
  const hit = sound('hit', {
    prompt: '{a.material} hits {b.material}',
    on: [binding({ a: crate, b: named('floor') })],
  });

  test('what the nodes of the scene can make happen is planned, the nearest first, once', () => {
    expect(prompts([hit], yard)).toEqual(['hits', 'wood hits stone', 'metal hits stone']);
    expect(plan([hit], yard).map(({ distance, coarse }) => [distance, coarse])).toEqual([
      [2, true],
      [2, false],
      [9, false],
    ]);
  });

  test('for which the scene has no node nothing is planned', () => {
    expect(prompts([hit], yard.slice(0, 3))).toEqual([]);
  });

  test('every event that happens to those nodes asks for a prompt of the plan', () => {
    const weighed = sound('hit', {
      prompt: '{intensity} {a.material} on {b.material}',
      on: [binding()],
    });
    const planned = new Set(prompts([weighed], yard));
    const template = compilePrompt(weighed.prompt);
    for (const { object: a } of yard) {
      for (const { object: b } of yard) {
        if (a === b) continue;
        for (const impulse of [0, 2, 7.9, 8, 100]) {
          expect(planned).toContain(fillPrompt(template, collision({ a, b, impulse })));
        }
      }
    }
  });

  test('the middle strength is the likeliest, and strengths that are never heard are left out', () => {
    const strong = sound('hit', { prompt: '{intensity} hit' });
    expect(prompts([strong], yard)).toEqual(['hit', 'medium hit', 'soft hit', 'hard hit']);
    expect(prompts([{ ...strong, minImpulse: 3 }], yard)).toEqual([
      'hit',
      'medium hit',
      'hard hit',
    ]);
    expect(prompts([{ ...strong, minImpulse: 8 }], yard)).toEqual(['hard hit']);
  });

  test('the speeds of a contact are told apart, as its two names are', () => {
    const drag = sound('drag', { prompt: '{speed} {name}', on: [binding({ kind: 'contact' })] });
    expect(new Set(prompts([drag], yard))).toEqual(
      new Set(
        ['', 'medium ', 'slow ', 'fast '].flatMap((speed) =>
          speed === '' ? [] : [`${speed}scrape`, `${speed}roll`],
        ),
      ),
    );
  });

  test('a word outside the list is its default or nothing', () => {
    const listed = (fields: object) =>
      sound('hit', {
        prompt: '{material} hit',
        slots: slots({ material: { from: 'a.material', values: ['Wood', 'glass'], ...fields } }),
        on: [binding({ a: crate })],
      });
    expect(prompts([listed({})], yard)).toEqual(['Wood hit']);
    expect(prompts([listed({ default: 'glass' })], yard)).toEqual(['Wood hit', 'glass hit']);
  });

  test("what only the game's data says is every value of a list, and unknown where there is none", () => {
    const step = (values: string[]) =>
      sound('step', {
        prompt: 'step on {surface}',
        slots: slots({ surface: { values } }),
        on: [onEvent('step')],
      });
    expect(prompts([step(['wood', 'snow'])])).toEqual(['step on', 'step on wood', 'step on snow']);
    expect(prompts([step([])])).toEqual([]);
  });

  test('with a thousand materials a bounded number is planned', () => {
    const many = Array.from({ length: 1000 }, (_, i) => at(i, thing(`crate ${i}`, `stuff ${i}`)));
    const planned = plan([hit], [...many, at(0, thing('floor', 'stone'))]);
    expect(planned).toHaveLength(MAX_PLANNED + 1);
    expect(planned.at(-1)?.distance).toBeLessThanOrEqual(MAX_PLANNED);
  });
});

describe('of several sounds', () => {
  test('near comes before far, and a higher priority before both', () => {
    const [near, far] = [onNode('floor'), onNode('crate 2')];
    expect(prompts([far, near], yard)).toEqual(['floor', 'crate 2']);
    expect(prompts([near, { ...far, priority: 1 }], yard)).toEqual(['crate 2', 'floor']);
  });

  test('what another falls back on is planned for the events of that one', () => {
    const fallback = sound('thud', { prompt: 'thud', on: [] });
    const first = sound('hit', { on: [binding({ a: named('crate 1') })], fallback: 'thud' });
    expect(plan([fallback, first], yard).map(({ prompt, distance }) => [prompt, distance])).toEqual(
      [
        ['thud', 2],
        ['hit', 2],
      ],
    );
  });

  function onNode(name: string): SoundDefinition {
    return sound(name, { on: [binding({ kind: 'node', a: named(name) })] });
  }
});

test('a thing does not hit itself, but one of two alike does', () => {
  const hit = sound('hit', { prompt: '{a.name} on {b.name}' });
  const one = at(1, { ...thing('1'), name: 'ball' });
  expect(prompts([hit], [one])).toEqual([]);
  expect(prompts([hit], [one, at(2, { ...thing('2'), name: 'ball' })])).toEqual(['ball on ball']);
});
