/** With the generated declarations a slip of the pen in a sound's name is a compiler error; without them any string will do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { soundTypesOf } from '../../../bake/rollup/sound-types.ts';
import { parseSoundMap } from '../../../plugin/sound-map.ts';
import { root } from '../../support/source-files.ts';

const GAME = `
import type { Foley } from 'scenefoley';
import { createFoleyPanel } from 'scenefoley/babylon-inspector';
declare const foley: Foley<string>;
declare const name: string;
foley.play('step');
foley.play('door "slams"', { data: { material: 'wood' } });
foley.play('stepp');
foley.lock('stepp', 1);
foley.ban('stepp', 1);
foley.play(name);
foley.trigger('an event of any name');
createFoleyPanel(foley);
`;
const PAGE = `
import options, { onSounds, type SoundName } from 'virtual:scenefoley';
import { createFoleyWith, createNullAdapter } from 'scenefoley';
const foley = await createFoleyWith(createNullAdapter(), { ...options, logger: console });
const names: SoundName[] = ['step', 'stepp'];
for (const name of names) void foley.play(name);
onSounds(({ sounds }) => void foley.setSounds(sounds));
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scenefoley-types-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** @returns the lines that the compiler refuses, and why. */
function compile(files: Record<string, string>): string[] {
  const paths = {
    scenefoley: [join(root, 'plugin/index.ts')],
    'scenefoley/babylon-inspector': [join(root, 'plugin/engines/babylon/inspector-pane.ts')],
  };
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const names = Object.keys(files).map((name) => join(folder, name));
  const program = ts.createProgram(names, { ...options, paths, types: [], noUnusedLocals: false });
  return names.flatMap((name) => {
    const source = program.getSourceFile(name);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map(({ start = 0, messageText }) => {
      const line = source?.text.slice(start).split('\n')[0] ?? '';
      return `${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

test('a name that is in no sound map is an error; events have any name', async () => {
  const map = await parseSoundMap(
    `sounds:\n  step: { prompt: a }\n  'door "slams"': { prompt: b }\n`,
  );
  const types = soundTypesOf(map, 'sounds.yaml');
  const errors = compile({ 'sounds.yaml.d.ts': types, 'game.ts': GAME, 'page.ts': PAGE });
  expect(errors.map((error) => error.split(' Argument')[0]?.split(' Type')[0])).toEqual([
    "'stepp');",
    "'stepp', 1);",
    "'stepp', 1);",
    'name);',
    "'stepp'];",
  ]);
});

test('without a sound map that is known any name will do', () => {
  expect(compile({ 'game.ts': GAME })).toEqual([]);
});

test('the same map, the same text; names are never code', async () => {
  const names = ['b', 'a', '"; export const x = 1; "', "it's", '/\\', 'Tür'];
  const sounds = Object.fromEntries(names.map((name) => [name, { prompt: 'a' }]));
  const map = await parseSoundMap(JSON.stringify({ sounds }));
  const turned = await parseSoundMap(
    JSON.stringify({ sounds: Object.fromEntries(Object.entries(sounds).reverse()) }),
  );
  const text = soundTypesOf(map, 'a\nb.yaml');
  expect(soundTypesOf(turned, 'a\nb.yaml')).toBe(text);
  const source = ts.createSourceFile('x.d.ts', text, ts.ScriptTarget.ES2022);
  const [first, ...rest] = source.statements;
  expect(rest).toHaveLength(1);
  const keys = ts.isInterfaceDeclaration(first!)
    ? first.members.map(({ name }) => (name && ts.isStringLiteral(name) ? name.text : null))
    : [];
  expect(keys).toEqual([...names].sort());
});
