import { describe, expect, test } from 'vitest';
import { readYaml } from '../../../plugin/sound-map/yaml-text.ts';
import { loadSoundMap, parseSoundMap } from '../../../plugin/sound-map.ts';
import { GOOD } from './sound-maps.ts';

/** mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SCRAPS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '\n',
    '\t',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '!x ',
    '- ',
    '? ',
    '|',
    '>',
    '%',
    '---\n',
  ],
  ...[
    'null',
    '-1',
    '.nan',
    '.inf',
    '1e999',
    'true',
    '~',
    '<<: ',
    '__proto__: ',
    'constructor: ',
    '\u0000',
    '\ud800',
    '💥',
  ],
];

/** Some of a text's parts taken out, doubled, moved, or something put between them. */
function mutated(text: string, random: () => number): string {
  let all = text;
  for (let i = 0; i < 1 + random(); i++) {
    const [from, size] = [Math.floor(random() * all.length), Math.floor(random() ** 2 * 12)];
    const part = all.slice(from, from + size);
    const scrap = SCRAPS[Math.floor(random() * SCRAPS.length)] ?? '';
    const [before, after] = [all.slice(0, from), all.slice(from + size)];
    const ways = [
      before + after,
      before + part + part + after,
      before + scrap + after,
      before + scrap + part + after,
    ];
    all = ways[Math.floor(random() * ways.length)] ?? all;
  }
  return all;
}

/** Each value in turn replaced by each of these. */
const VALUES = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.NaN,
  '',
  ' ',
  'x',
  '{x}',
  '{',
  [],
  [null],
  [[]],
  {},
  { x: 1 },
  { sounds: 1 },
];

function* replaced(data: unknown): Generator<unknown> {
  for (const value of VALUES) yield value;
  if (typeof data !== 'object' || data === null) return;
  for (const [key, inner] of Object.entries(data)) {
    for (const other of replaced(inner)) {
      yield Array.isArray(data) ? data.with(Number(key), other) : { ...data, [key]: other };
    }
  }
}

describe('whatever is written, it is a map or a SoundMapError', () => {
  const TIMES = 500;

  test.each([
    ['YAML', GOOD, 1],
    ['JSON', JSON.stringify(readYaml(GOOD, 'good').data, null, 1), 2],
  ])('%s with random changes', async (_, text, seed) => {
    const random = randomFrom(seed);
    const ends = { map: 0, SoundMapError: 0 };
    for (let i = 0; i < TIMES; i++) {
      const name = await endOf(mutated(text, random));
      expect(['map', 'SoundMapError']).toContain(name);
      ends[name as keyof typeof ends]++;
    }
    // Neither of them is all that happens.
    expect(Math.min(ends.map, ends.SoundMapError)).toBeGreaterThan(TIMES / 50);
  });

  test('every value replaced by every other kind of value', async () => {
    let count = 0;
    for (const data of replaced(readYaml(GOOD, 'good').data)) {
      count++;
      expect(['map', 'SoundMapError']).toContain(await endOfData(data));
    }
    expect(count).toBeGreaterThan(1000);
  });
});

async function endOf(text: string): Promise<string> {
  return parseSoundMap(text).then(
    () => 'map',
    (error: Error) => error.name,
  );
}

async function endOfData(data: unknown): Promise<string> {
  return loadSoundMap(data as never).then(
    () => 'map',
    (error: Error) => error.name,
  );
}
