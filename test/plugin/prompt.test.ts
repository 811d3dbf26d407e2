import { describe, expect, test } from 'vitest';
import { checkPrompt, checkTemplate, fillPrompt } from '../../plugin/prompt.ts';
import { collision, thing } from './events.ts';

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
