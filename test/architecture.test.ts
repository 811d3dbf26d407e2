/**
 * The boundaries of ARCHITECTURE.md, kept by parsing every import; one word per idea; a twin for every kernel.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type ImportOf,
  identifiersOf,
  importsOf,
  parse,
  parseText,
  root,
  sourceFiles,
} from './support/source-files.ts';

const FOLDERS = ['plugin', 'runtime', 'bake', 'demo-scene', 'examples'];
const imports = FOLDERS.flatMap(sourceFiles).flatMap((path) => importsOf(parse(path)));

/** Words with another name here: see CONTRIBUTING.md. `frame` alone is claimed by three fields. */
const BANNED = ['sr', 'n_q', 'nq', 'fps', 'cfgCoef', 'cfg_coef', 'card', 'falloff', 'frame'];

const isIn = (folder: string, path: string): boolean => path.startsWith(`${folder}/`);
const describeImport = ({ from, specifier }: ImportOf): string => `${from} imports ${specifier}`;

function breaches(isBreach: (one: ImportOf) => boolean): string[] {
  return imports.filter(isBreach).map(describeImport);
}

describe('imports', () => {
  test('every folder has sources', () => {
    expect(FOLDERS.filter((folder) => sourceFiles(folder).length === 0)).toEqual([]);
  });

  test('@babylonjs only in plugin/engines/babylon and demo-scene/', () => {
    const isBreach = ({ from, target }: ImportOf): boolean =>
      target.startsWith('@babylonjs/') &&
      from !== 'plugin/engines/babylon.ts' &&
      !isIn('plugin/engines/babylon', from) &&
      !isIn('demo-scene', from);
    expect(breaches(isBreach)).toEqual([]);
  });

  test('three only in plugin/engines/three and examples/', () => {
    const isBreach = ({ from, target }: ImportOf): boolean =>
      /^three(\/|$)/.test(target) &&
      from !== 'plugin/engines/three.ts' &&
      !isIn('plugin/engines/three', from) &&
      !isIn('examples', from);
    expect(breaches(isBreach)).toEqual([]);
  });

  test('the Inspector and React nowhere: the game hands them in', () => {
    const isBreach = ({ target }: ImportOf): boolean =>
      /^(@babylonjs\/inspector|react|react-dom|@fluentui)(\/|$)/.test(target);
    expect(breaches(isBreach)).toEqual([]);
  });

  test('the panel imports no engine', () => {
    const isBreach = ({ from, target }: ImportOf): boolean =>
      isIn('plugin/panel', from) && isIn('plugin/engines', target);
    expect(breaches(isBreach)).toEqual([]);
  });

  test('onnxruntime only in runtime/engines/onnx.ts', () => {
    const isBreach = ({ from, target }: ImportOf): boolean =>
      target.startsWith('onnxruntime') && from !== 'runtime/engines/onnx.ts';
    expect(breaches(isBreach)).toEqual([]);
  });

  test('comlink only in the two ends of the runtime and of the player', () => {
    const ends = ['runtime/client.ts', 'runtime/worker.ts'];
    ends.push('runtime/player.ts', 'runtime/player/player-worker.ts');
    const isBreach = ({ from, target }: ImportOf): boolean =>
      target.startsWith('comlink') && !ends.includes(from);
    expect(breaches(isBreach)).toEqual([]);
  });

  test('the YAML parser only in the two files that are loaded on demand', () => {
    const parsers = ['plugin/sound-map/yaml-text.ts', 'plugin/sound-map/take-choice.ts'];
    const isBreach = ({ from, target }: ImportOf): boolean =>
      target === 'yaml' && !parsers.includes(from);
    expect(breaches(isBreach)).toEqual([]);
    const importers = imports.filter(({ target }) => target === 'yaml').map(({ from }) => from);
    expect([...new Set(importers)].sort()).toEqual(parsers.sort());
  });

  test('plugin/ imports from runtime/ only client.ts, player.ts and contract.ts', () => {
    const doors = ['runtime/client.ts', 'runtime/player.ts', 'runtime/contract.ts'];
    const isBreach = ({ from, target }: ImportOf): boolean =>
      isIn('plugin', from) && isIn('runtime', target) && !doors.includes(target);
    expect(breaches(isBreach)).toEqual([]);
  });

  test('what starts workers is fetched on demand: by one file the client, by another the player', () => {
    const workers = ['runtime/client.ts', 'runtime/player.ts', 'plugin/foley/foley-packs.ts'];
    const found = imports.filter(
      ({ from, target, kind }) =>
        isIn('plugin', from) && workers.includes(target) && kind !== 'type',
    );
    expect(found.map((one) => `${describeImport(one)}, ${one.kind}`).sort()).toEqual([
      'plugin/foley/foley-maker.ts imports ./foley-packs.ts, on demand',
      'plugin/foley/foley-packs.ts imports ../../runtime/player.ts, static',
      'plugin/foley/foley-runtime.ts imports ../../runtime/client.ts, on demand',
      'plugin/index.ts imports ../runtime/client.ts, static', // for games that make runtimes themselves
    ]);
  });

  test('runtime/ imports nothing from plugin/, bake/ or demo-scene/', () => {
    const isBreach = ({ from, target }: ImportOf): boolean =>
      isIn('runtime', from) &&
      ['plugin', 'bake', 'demo-scene', 'examples'].some((side) => isIn(side, target));
    expect(breaches(isBreach)).toEqual([]);
  });

  test('every kind of import is seen', () => {
    const text = [
      "import a from 'a';",
      "import type { B } from './b.ts';",
      "export * from '../c.ts';",
      "const d = import('d');",
      "let e: import('e').E;",
      "new Worker(new URL('./f.ts', import.meta.url));",
      "// import g from 'g';",
    ].join('\n');
    const found = importsOf(parseText('runtime/x.ts', text));
    expect(found.map(({ target, kind }) => `${target} ${kind}`)).toEqual([
      'a static',
      'runtime/b.ts type',
      'c.ts static',
      'd on demand',
      'e type',
      'runtime/f.ts on demand',
    ]);
  });
});

describe('words', () => {
  const words = ['plugin', 'runtime'].flatMap(sourceFiles).flatMap((path) =>
    identifiersOf(parse(path)).map(({ name, line }) => ({
      name,
      place: `${path}:${line} ${name}`,
    })),
  );

  test('the library never names the console', () => {
    const found = words.filter(({ name }) => name === 'console').map(({ place }) => place);
    expect(found).toEqual([]);
  });

  test('one word per idea', () => {
    const found = words.filter(({ name }) => BANNED.includes(name)).map(({ place }) => place);
    expect(found).toEqual([]);
  });

  test('comments and strings are not words', () => {
    const file = parseText(
      'runtime/x.ts',
      "// console\nconst text = 'console.log';\nconsole.log(text);",
    );
    expect(identifiersOf(file).filter(({ name }) => name === 'console')).toEqual([
      { name: 'console', line: 3 },
    ]);
  });
});

describe('twins', () => {
  const WITHOUT = ['assemblyscript/index.ts', 'assemblyscript/model.ts'];
  const kernels = sourceFiles('assemblyscript').filter((path) => !WITHOUT.includes(path));

  test.each(kernels)('%s names its twins, and they are there', (path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const named = text.match(/\b(?:test\/reference|training)\/[\w-]+\.(?:ts|py)/g) ?? [];
    expect(named.filter((name) => name.startsWith('test/reference/'))).not.toEqual([]);
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
