import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { SoundMapSchema } from '../../../plugin/sound-map/schema.ts';
import { readYaml } from '../../../plugin/sound-map/yaml-text.ts';
import { parseSoundMap } from '../../../plugin/sound-map.ts';
import { readComments } from '../../../scripts/sound-map/comments.ts';
import { makeFiles } from '../../../scripts/sound-map/files.ts';
import { DEFINITIONS, makeJsonSchema } from '../../../scripts/sound-map/json-schema.ts';
import { root } from '../../support/source-files.ts';
import { GOOD } from './sound-maps.ts';

const schema = makeJsonSchema(root);
const validate = new Ajv({ strict: true, allowUnionTypes: true, strictTuples: false }).compile(
  schema,
);
const definitions = Object.entries({ ...schema.$defs, SoundMapInput: schema });
const comments = readComments(root);

test.each([...makeFiles(root)])('%s is what the sources say: npm run docs:sounds', (path, text) => {
  expect(readFileSync(join(root, path), 'utf8')).toBe(text);
});

describe('words', () => {
  test('every field and every type is described', () => {
    const mute = definitions.flatMap(([name, { description, properties = {} }]) => [
      ...(description ? [] : [name]),
      ...Object.entries(properties)
        .filter(([, field]) => !field.description)
        .map(([field]) => `${name}.${field}`),
    ]);
    expect(mute).toEqual([]);
    expect(definitions.length).toBeGreaterThan(20);
  });

  test('every default that a comment states is the one that is meant, and none is left out', () => {
    const standards = definitions
      .filter(([name]) => name !== 'SoundDefaultsInput')
      .flatMap(([name, { properties = {} }]) =>
        Object.entries(properties).map(([field, { default: meant }]) => {
          const stated = comments.get(name)?.fields.get(field)?.standard ?? null;
          const text = typeof meant === 'string' ? `'${meant}'` : String(meant ?? null);
          return { field: `${name}.${field}`, stated: stated ?? 'null', meant: text };
        }),
      );
    expect(standards.filter(({ stated, meant }) => stated !== meant)).toEqual([]);
    expect(standards.filter(({ meant }) => meant !== 'null').length).toBeGreaterThan(20);
  });

  test('what stands in no type of its own has no number for a name', () => {
    expect(Object.keys(schema.$defs ?? {})).toEqual(Object.keys(DEFINITIONS));
    expect(JSON.stringify(schema)).not.toMatch(/\$defs\/\d/);
  });
});

describe('the JSON Schema and the library agree', () => {
  const good = readYaml(GOOD, 'good').data;
  const says = (data: unknown) => ({ ajv: validate(data), valibot: v.is(SoundMapSchema, data) });

  test('on what is right', async () => {
    expect(says(good)).toEqual({ ajv: true, valibot: true });
    expect((await parseSoundMap(GOOD)).sounds.size).toBe(5);
  });

  test.each(['docs/sound-map.md'])('on the examples of %s', async (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const examples = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml = '']) => yaml);
    expect(examples.length).toBeGreaterThan(2);
    for (const example of examples) {
      const data = readYaml(example, page).data;
      expect(says(data), example).toEqual({ ajv: true, valibot: true });
      await expect(parseSoundMap(example, page)).resolves.toBeDefined();
    }
  });

  /** Kinds of values that JSON has; names that JavaScript itself uses no JSON Schema refuses. */
  const VALUES = [
    null,
    true,
    false,
    0,
    0.5,
    -1,
    1,
    3,
    61,
    1e6,
    '',
    'x',
    'none',
    'oldest',
    [],
    [0, 1],
    ['a'],
    {},
    { x: 1 },
  ];

  test('on every value that is replaced by every other', () => {
    const counted = { right: 0, wrong: 0 };
    for (const data of replacedIn(good)) {
      const { ajv, valibot } = says(data);
      if (ajv !== valibot) expect.fail(`ajv ${ajv}, valibot ${valibot}: ${JSON.stringify(data)}`);
      counted[ajv ? 'right' : 'wrong']++;
    }
    expect(Math.min(counted.right, counted.wrong)).toBeGreaterThan(100);
  });

  function* replacedIn(data: unknown): Generator<unknown> {
    yield* VALUES;
    if (typeof data !== 'object' || data === null) return;
    for (const [key, inner] of Object.entries(data)) {
      for (const other of replacedIn(inner)) {
        yield Array.isArray(data) ? data.with(Number(key), other) : { ...data, [key]: other };
      }
      const { [key]: _, ...others } = data as Record<string, unknown>;
      if (!Array.isArray(data)) yield { ...others, [`${key}s`]: inner };
    }
  }

  test('an editor has the allowed values', () => {
    const steal = schema.$defs?.VoiceLimitInput?.properties?.steal;
    expect(steal).toMatchObject({
      enum: ['oldest', 'quietest', 'farthest', 'none'],
      default: 'oldest',
    });
  });
});
