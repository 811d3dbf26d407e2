import { describe, expect, test } from 'vitest';
import { compileGlob, matches } from '../../plugin/node-selector.ts';
import type { SceneObject } from '../../plugin/scene-event.ts';
import type { NodeSelector } from '../../plugin/sound-definition.ts';

const selector = (fields: Partial<NodeSelector>): NodeSelector => ({
  name: null,
  tag: null,
  material: null,
  data: null,
  ...fields,
});

const crate: SceneObject = {
  id: '7',
  name: 'crate.001',
  material: 'wood',
  tags: ['heavy', 'prop'],
  data: { fragile: false, size: 2, kind: 'box', note: null },
};

describe('a pattern', () => {
  test.each([
    ['crate', 'crate', true],
    ['crate', 'Crate', false],
    ['crate*', 'crate', true],
    ['crate*', 'crate.001', true],
    ['*crate', 'old crate', true],
    ['*crate', 'crates', false],
    ['c*t*', 'crate', true],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*a*b*', 'ba', false],
    ['**', '', true],
    ['c.ate', 'crate', false],
    ['[c]*', 'crate', false],
    ['', '', true],
    ['', 'crate', false],
  ])('%j and %j: %s', (pattern, text, fits) => {
    expect(compileGlob(pattern)(text)).toBe(fits);
  });

  test('of many stars takes no time', () => {
    const fits = compileGlob(`${'*a'.repeat(2000)}*b`);
    const began = performance.now();
    expect(fits('a'.repeat(20_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('a selector', () => {
  test('of nothing, or null, fits everything', () => {
    expect([matches(null, crate), matches(selector({}), crate)]).toEqual([true, true]);
  });

  test('wants one of each list, and all lists', () => {
    const fits = (fields: Partial<NodeSelector>) => matches(selector(fields), crate);
    expect(fits({ name: ['barrel*', 'crate*'] })).toBe(true);
    expect(fits({ name: [] })).toBe(false);
    expect(fits({ tag: ['prop'] })).toBe(true);
    expect(fits({ tag: ['light'] })).toBe(false);
    expect(fits({ material: ['w*d'], tag: ['he*'] })).toBe(true);
    expect(fits({ material: ['metal'], tag: ['heavy'] })).toBe(false);
  });

  test('compares data; true means any value but false', () => {
    const fits = (data: NodeSelector['data']) => matches(selector({ data }), crate);
    expect(fits({ size: 2, kind: 'box' })).toBe(true);
    expect(fits({ size: '2' })).toBe(false);
    expect(fits({ fragile: false })).toBe(true);
    expect(fits({ fragile: true })).toBe(false);
    expect(fits({ size: true })).toBe(true);
    expect(fits({ note: true })).toBe(false);
    expect(fits({ missing: true })).toBe(false);
    expect(fits({ toString: true })).toBe(false);
  });

  test('that wants data does not fit where there is none', () => {
    const { data: _, ...bare } = crate;
    expect(matches(selector({ data: { size: 2 } }), bare)).toBe(false);
  });
});
