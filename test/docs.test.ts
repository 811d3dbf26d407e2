/**
 * The documents tell the truth: TypeScript snippets compile against the sources, those marked `ts run` run, links lead
 * somewhere, and every file and npm script that is named exists.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from './support/source-files.ts';

const PAGES = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const ENTRIES = {
  scenefoley: 'plugin/index.ts',
  'scenefoley/babylon': 'plugin/engines/babylon.ts',
  'scenefoley/babylon-inspector': 'plugin/engines/babylon/inspector-pane.ts',
  'scenefoley/captions': 'plugin/captions/caption-element.ts',
  'scenefoley/player': 'runtime/player.ts',
  'scenefoley/bake': 'bake/bake.ts',
  'scenefoley/rollup': 'bake/rollup.ts',
  'scenefoley/sound-map': 'plugin/sound-map/tools.ts',
  'scenefoley/three': 'plugin/engines/three.ts',
};
/** What a reader's scene has; snippets may use it without saying so. */
const GIVEN = `
import type { Scene } from '@babylonjs/core/scene.js';
import type { AbstractMesh } from '@babylonjs/core/Meshes/abstractMesh.js';
declare global {
  const scene: Scene;
  const doorMesh: AbstractMesh;
  const crateMesh: AbstractMesh;
  const startButton: HTMLButtonElement;
}`;
/** The Inspector and React, as far as snippets use them: docs/inspector.md says how to install them, this project does without. */
const GIVEN_PACKAGES = `
declare module '@babylonjs/inspector' {
  export const ShellServiceIdentity: unique symbol;
  interface Pane { key: string; title: string; content: (props: object) => import('react').Element }
  interface Shell { addSidePane(pane: Pane): { dispose(): void } }
  interface Service { friendlyName: string; consumes?: symbol[]; factory(shell: Shell): { dispose?(): void } }
  export function ShowInspector(scene: object, options: { serviceDefinitions: readonly Service[] }): void;
}
declare module 'react' {
  interface Element { readonly type: string }
  export function createElement(
    type: 'div',
    props: { ref?: (node: HTMLDivElement | null) => void; className?: string } | null,
  ): Element;
}`;
/** A path of this repository, also inside commands and prose. */
const FILE_NAME =
  /\b(?:plugin|runtime|assemblyscript|bake|demo-scene|training|models|scripts|test|docs)\/[\w./-]+/g;
const FOLDER = join(root, 'dist/docs');

interface Snippet {
  name: string;
  code: string;
  runs: boolean;
}

const pages = PAGES.map((page) => ({ page, text: readFileSync(join(root, page), 'utf8') }));
const snippets = pages.flatMap(({ page, text }) => snippetsOf(page, text));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

function snippetsOf(page: string, text: string): Snippet[] {
  const fences = text.matchAll(/^```ts( run| app)?\n([\s\S]*?)^```$/gm);
  return [...fences].map(([, run, code = ''], index) => ({
    name: `${page.replace('.md', '').replace('/', '-')}-${index + 1}.ts`,
    code: `${code}\nexport {};\n`,
    runs: run === ' run',
  }));
}

/** @returns what the compiler says of each snippet, as `file(line): message`. */
function compile(): string[] {
  const files = new Map(snippets.map(({ name, code }) => [join(root, 'dist/docs', name), code]));
  const given = new Map([
    [join(root, 'dist/docs/given.d.ts'), GIVEN],
    [join(root, 'dist/docs/given-packages.d.ts'), GIVEN_PACKAGES],
  ]);
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const paths = Object.fromEntries(
    Object.entries(ENTRIES).map(([entry, file]) => [entry, [join(root, file)]]),
  );
  const all = { ...options, paths, noUnusedLocals: false };
  const host = withFiles(ts.createCompilerHost(all), new Map([...files, ...given]));
  const program = ts.createProgram([...files.keys(), ...given.keys()], all, host);
  return [...files.keys()].flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ];
    return found.map((diagnostic) => ts.formatDiagnostic(diagnostic, host).trim());
  });
}

/** A compiler host that also sees files which are not on the disk. */
function withFiles(host: ts.CompilerHost, files: Map<string, string>): ts.CompilerHost {
  const { fileExists, readFile, getSourceFile } = host;
  return {
    ...host,
    fileExists: (path) => files.has(path) || fileExists(path),
    readFile: (path) => files.get(path) ?? readFile(path),
    getSourceFile: (path, options, ...rest) => {
      const text = files.get(path);
      return text === undefined
        ? getSourceFile(path, options, ...rest)
        : ts.createSourceFile(path, text, options);
    },
  };
}

describe('snippets', () => {
  test('the README shows TypeScript, and some of it runs', () => {
    const shown = snippets.filter(({ name }) => name.startsWith('README'));
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.some(({ runs }) => runs)).toBe(true);
  });

  test('every snippet compiles', () => {
    expect(compile()).toEqual([]);
  });

  test.each(snippets.filter(({ runs }) => runs))('$name runs', async ({ name, code }) => {
    const file = join(FOLDER, name);
    mkdirSync(FOLDER, { recursive: true });
    const sources = Object.entries(ENTRIES).reduce(
      (text, [entry, path]) => text.replaceAll(`'${entry}'`, `'${join(root, path)}'`),
      code,
    );
    writeFileSync(file, sources);
    await expect(import(file)).resolves.toBeDefined();
  });
});

describe('links and commands', () => {
  test.each(pages)('links of $page lead somewhere', ({ page, text }) => {
    const targets = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(
      ([, target = '']) => target,
    );
    const local = targets.filter((target) => !/^[a-z]+:/.test(target));
    const missing = local.filter((target) => !existsSync(join(root, dirname(page), target)));
    expect(missing).toEqual([]);
  });

  test.each(pages)('files named in $page exist', ({ text }) => {
    const named = [...text.matchAll(FILE_NAME)].map(([name]) => name.replace(/\.$/, ''));
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });

  test.each(pages)('npm scripts named in $page exist', ({ text }) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = [...text.matchAll(/`?npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
