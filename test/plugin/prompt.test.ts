import { describe, expect, test } from 'vitest';
import {
  checkPrompt,
  checkTemplate,
  coarserPrompts,
  compilePrompt,
  fillPrompt,
  wordsFor,
} from '../../plugin/prompt.ts';
import { collision, thing } from './events.ts';
import { slots } from './sound-maps.ts';

describe('fillPrompt', () => {
  test('slots are filled from the event', () => {
    const template = '{intensity} impact of a {a.material} crate on {b.material}';
    expect(fillPrompt(template, collision())).toBe('hard impact of a wood crate on stone');
    expect(fillPrompt('{kind} {a.name} {b.name}', collision())).toBe('collision crate floor');
  });

  test('the first tag is a slot', () => {
    const a = { ...thing('a'), tags: ['barrel', 'heavy'] };
    expect(fillPrompt('{a.tag} rolls', collision({ a }))).toBe('barrel rolls');
  });

  test('an empty slot takes its default, or is an error that names slot and objects', () => {
    const event = collision({ b: thing('floor') });
    expect(fillPrompt('hit on {b.material|concrete}', event)).toBe('hit on concrete');
    expect(() => fillPrompt('hit on {b.material}', event)).toThrow(
      /slot \{b.material\}.*"crate" on "floor".*\{b.material\|default\}/,
    );
  });

  test('an unknown slot is an error that lists the known ones', () => {
    const fill = () => fillPrompt('a {colour} crate', collision());
    expect(fill).toThrow(RangeError);
    expect(fill).toThrow(/unknown slot \{colour\}.*a\.material/);
    expect(() => fillPrompt('{constructor}', collision())).toThrow(/unknown slot/);
  });

  test('white space and control characters of the scene collapse to single spaces', () => {
    const a = thing('a', '  rusty\n\t metal\u0000\u0007 ');
    expect(fillPrompt(' {a.material}   box ', collision({ a }))).toBe('rusty metal box');
  });

  test('256 characters are fine, 257 are an error with the count', () => {
    expect(fillPrompt('{a.name}', collision({ a: thing('x'.repeat(256)) }))).toHaveLength(256);
    expect(() => fillPrompt('{a.name}', collision({ a: thing('x'.repeat(257)) }))).toThrow(/257/);
  });

  test('what a slot is filled with is not read as a template', () => {
    const a = thing('{b.material}', '$& $1 {intensity}');
    expect(fillPrompt('{a.name} {a.material}', collision({ a }))).toBe(
      '{b.material} $& $1 {intensity}',
    );
  });
});

describe('checkTemplate', () => {
  test('accepts slots with and without defaults', () => {
    expect(() => checkTemplate('{intensity} {a.material|wood}')).not.toThrow();
  });

  test.each(['{weight} step', 'open {a.material', 'shut }', '', ' \n '])('refuses %j', (text) => {
    expect(() => checkTemplate(text)).toThrow(RangeError);
  });
});

test('checkPrompt counts characters, not UTF-16 units', () => {
  expect(checkPrompt('🔔'.repeat(256))).toHaveLength(512);
  expect(() => checkPrompt('🔔'.repeat(257))).toThrow(RangeError);
  expect(() => checkPrompt('  ')).toThrow(/1 to 256/);
});

describe('declared slots', () => {
  const fill = (text: string, definitions: Parameters<typeof slots>[0], fields = {}) =>
    fillPrompt(compilePrompt(text, slots(definitions)), collision(fields));

  test.each([
    ['intensity', 'hard'],
    ['speed', 'fast'],
    ['kind', 'contact'],
    ['name', 'scrape'],
    ['a.material', 'wood'],
    ['b.name', 'floor'],
    ['data.wet', 'true'],
    ['data.gear', '3'],
    ['a.data.size', 'big'],
    ['b.data.size', 'wide'],
  ])('take their word from %s: %s', (from, word) => {
    const a = { ...thing('crate', 'wood'), data: { size: 'big' } };
    const b = { ...thing('floor', 'stone'), data: { size: 'wide' } };
    const event = { kind: 'contact', name: 'scrape', speed: 2, a, b, data: { wet: true, gear: 3 } };
    expect(fill('x {slot}', { slot: { from } }, event)).toBe(`x ${word}`);
  });

  test("without a source ask the event's data, then b's, then a's, under their own name", () => {
    const a = { ...thing('a'), data: { surface: 'of a' } };
    const b = { ...thing('b'), data: { surface: 'of b' } };
    const step = (fields: object) => fill('{surface}', { surface: {} }, fields);
    expect(step({ a, b, data: { surface: 'said' } })).toBe('said');
    expect(step({ a, b })).toBe('of b');
    expect(step({ a })).toBe('of a');
    expect(() => step({})).toThrow(/\{surface\}.*empty/);
  });

  test('with a list take its words alone, spelt as there', () => {
    const listed = (said: string, fields = {}) =>
      fill(
        '{m} hit',
        { m: { from: 'a.material', values: ['Oak wood', 'steel'], ...fields } },
        { a: thing('a', said) },
      );
    expect(listed('steel')).toBe('steel hit');
    expect(listed(' oak  WOOD ')).toBe('Oak wood hit');
    expect(listed('a scream', { default: 'steel' })).toBe('steel hit');
    expect(() => listed('a scream')).toThrow(/slot \{m\}.*"a scream".*Oak wood, steel/);
  });

  test('what is no word, or no own property of the data, is nothing', () => {
    for (const surface of [null, {}, [], () => 'x', '']) {
      const a = { ...thing('a'), data: { surface } };
      expect(fill('{surface}', { surface: { default: 'stone' } }, { a })).toBe('stone');
    }
    expect(fill('{constructor|none}', { constructor: {} })).toBe('none');
    expect(fillPrompt('{data.toString|none}', collision({ data: {} }))).toBe('none');
  });

  test('an unknown source is an error that lists the declared and the known ones', () => {
    expect(() => compilePrompt('{a}', slots({ a: { from: 'colour' } }))).toThrow(
      /unknown slot \{a\}/,
    );
    expect(() => compilePrompt('{b}', slots({ a: {} }))).toThrow(/Use one of a, intensity/);
  });
});

describe('coarser prompts', () => {
  const coarser = (text: string, definitions: Parameters<typeof slots>[0] = {}, fields = {}) => {
    const template = compilePrompt(text, slots(definitions));
    return coarserPrompts(template, wordsFor(template, collision(fields)));
  };

  test('give up the last declared slot first, then those before it too', () => {
    const definitions = {
      weight: { from: 'intensity', default: 'light' },
      surface: { from: 'b.material' },
    };
    expect(coarser('{weight} step on {surface}', definitions)).toEqual([
      'hard step on',
      'light step on',
    ]);
    expect(coarser('{surface}, {weight} step', definitions)).toEqual([
      ', hard step',
      ', light step',
    ]);
  });

  test('leave out what is as before', () => {
    expect(coarser('{m|wood} hit', { m: { from: 'a.material' } })).toEqual([]);
    expect(coarser('just a hit')).toEqual([]);
  });

  test('never are empty or too long', () => {
    expect(coarser('{a.material}')).toEqual([]);
    const long = 'x'.repeat(250);
    expect(
      coarser(
        `${long} {m}`,
        { m: { from: 'a.material', default: 'marble' } },
        { a: thing('a', 'oak') },
      ),
    ).toEqual([]);
  });
});
