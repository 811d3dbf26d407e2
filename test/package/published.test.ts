/**
 * What is published: entries that resolve, types that match, files that belong there, and apps that sound: the documents'
 * programs, each in a fresh project with the packed package.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import type { Browser } from 'playwright';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Heard, launchChromium, openHeardPage } from '../support/heard-page.ts';
import { root } from '../support/source-files.ts';
import { serveFolder } from '../support/static-server.ts';
import { type App, type AppOptions, appIn, createApp, pageWith } from './app.ts';
import { type Packed, packProject } from './packed.ts';

/** The package is ESM only, as its engine is: what `require` and Node 10 would find does not count. */
const OLD_WAYS = ['node10', 'node16-cjs'];

let packed: Packed;
beforeAll(() => {
  packed = packProject();
});
afterAll(() => packed?.remove());

test('publint has nothing to say', async () => {
  const tarball = packed.bytes.buffer;
  const { messages, pkg } = await publint({ pack: { tarball } });
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test('types are right for every entry, in Node and in bundlers', async () => {
  const result = await checkPackage(createPackageFromTarballData(packed.bytes));
  expect(result.types).not.toBe(false);
  const problems = 'problems' in result ? result.problems : [];
  const now = problems.filter(
    (problem) => !('resolutionKind' in problem && OLD_WAYS.includes(problem.resolutionKind)),
  );
  expect(now).toEqual([]);
});

test('code, types, model, licence and nothing else', () => {
  const unwanted = packed.files.filter(
    (file) => !/^(dist\/|models\/foley-(judge|tiny)\/|schema\/)/.test(file),
  );
  expect(unwanted.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  expect(packed.files.filter((file) => /\.(test|bench)\./.test(file))).toEqual([]);
  expect(packed.files).toContain('models/foley-tiny/engine.safetensors');
  expect(packed.files).toContain('models/foley-judge/judge.safetensors');
});

test('npx scenefoley bakes a sound map with the model that comes with it, then has nothing to do', () => {
  const map = 'sounds: { door: { prompt: a wooden door slams, duration: 0.3, variations: 2 } }';
  const app = createApp({
    ...{ tarball: packed.tarball, packages: [], model: null },
    files: { 'sounds.yaml': map },
  });
  try {
    const bake = () =>
      app.npx('scenefoley', 'bake', 'sounds.yaml', '--no-gate', '--format', 'foley,opus');
    expect(bake()).toMatch(/assets: 2 takes of 1 sound, 2 made now; 3 files/);
    expect(bake()).toContain('nothing to do');
    expect(app.npx('scenefoley', '--help')).toContain('bake');
  } finally {
    app.remove();
  }
}, 180_000);

/** Linear: −40 dBFS. */
const AUDIBLE = 0.01;
const ROLLUP_CONFIG = `
import nodeResolve from '@rollup/plugin-node-resolve';
export default {
  input: { main: 'main.js', worker: 'scenefoley/worker' },
  output: { dir: 'public', format: 'es' },
  plugins: [nodeResolve({ browser: true })],
};`;

/** As docs/build-plugin.md has it; with --mode alias the plugin leaves the model in, and docs/hosting.md's line takes it out. */
const BAKED_CONFIG = `
import { sceneFoley } from 'scenefoley/rollup';
const ALIAS = ALIAS_LINE;
export default ({ mode }) =>
  mode === 'alias'
    ? { plugins: [sceneFoley({ soundMap: 'sounds.yaml', ship: { at: '/m/' } })], ...ALIAS }
    : { plugins: [sceneFoley({ soundMap: 'sounds.yaml' })] };`;
const BAKED_APP = `
import { createFoleyWith, createWebAudioAdapter } from 'scenefoley';
import options from 'virtual:scenefoley';

const foley = await createFoleyWith(createWebAudioAdapter(), options);
document.body.addEventListener('click', async () => {
  await foley.unlock();
  await foley.play('door');
});`;

/** The settings that docs/hosting.md has for games without the model and without the plugin. */
function aliasInDocs(): string {
  const text = readFileSync(join(root, 'docs/hosting.md'), 'utf8');
  const [, settings] = text.match(/^export default (\{ resolve: .*\});$/m) ?? [];
  if (settings === undefined)
    throw new Error('published: docs/hosting.md has no alias. Write one.');
  return settings;
}

/** How an app is built, and what is served then. */
interface Build {
  command: string[];
  site: string;
  cdn?: string;
  /** Looks at what was built. */
  look?: (app: App) => void;
}

/** What is only of use with the model: its worker, onnxruntime's files, and code that names it. */
function ofTheModel(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const names = /(^|\/)worker[^/]*\.js$|\.wasm$|\.onnx$|engine\.safetensors$/;
  const speaks = (file: string) =>
    file.endsWith('.js') && /onnxruntime|ort-wasm/.test(readFileSync(join(folder, file), 'utf8'));
  return files.filter((file) => names.test(file) || speaks(file));
}

describe('an app of its own sounds', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  /** Builds it, opens it, clicks, listens. @param cdn origin that may be asked as well. */
  async function listen(options: Omit<AppOptions, 'tarball'>, how: Build): Promise<Heard[]> {
    const app = createApp({ ...options, tarball: packed.tarball });
    app.npx(...how.command);
    how.look?.(app);
    const host = await serveFolder({ folder: join(app.folder, how.site) });
    const { page, errors, requests, heard, untilHeard } = await openHeardPage(browser);
    const isElsewhere = (url: string) =>
      !/^(data|blob):/.test(url) &&
      !url.startsWith(host.url) &&
      !url.startsWith(how.cdn ?? host.url);
    try {
      await page.goto(host.url);
      await page.locator('canvas').waitFor();
      await page.waitForLoadState('networkidle');
      await page.locator('body').click();
      await untilHeard(AUDIBLE, 60_000);
      expect([...errors, ...requests.filter(isElsewhere)]).toEqual([]);
      return await heard();
    } finally {
      await page.close();
      await host.close();
      app.remove();
    }
  }

  test('with Vite and Babylon: the twenty lines of the README', async () => {
    const files = { 'main.ts': appIn('README.md'), 'index.html': pageWith('./main.ts') };
    const code = files['main.ts'].trim().split('\n');
    expect(code.filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
    const packages = ['@babylonjs/core', 'vite'];
    const look = ({ folder }: App) =>
      expect(ofTheModel(join(folder, 'dist/assets'))).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^worker-.*\.js$/),
          expect.stringMatching(/^ort-wasm.*\.wasm$/),
        ]),
      );
    const how = { command: ['vite', 'build', '--target=es2022'], site: 'dist', look };
    const moments = await listen({ packages, files, model: 'public/models/foley-tiny' }, how);
    expect(Math.max(...moments.map(({ peak }) => peak))).toBeLessThanOrEqual(1);
  }, 180_000);

  test('with rollup, no engine, the model on another origin: from the right, where it stands', async () => {
    const folder = join(root, 'models');
    const cdn = await serveFolder({ folder, headers: { 'Access-Control-Allow-Origin': '*' } });
    const code = appIn('docs/getting-started.md').replace('./models/', cdn.url);
    expect(code).toContain(cdn.url);
    const files = {
      'main.js': code,
      'rollup.config.mjs': ROLLUP_CONFIG,
      'public/index.html': pageWith('./main.js'),
    };
    const packages = ['rollup', '@rollup/plugin-node-resolve'];
    const how = { command: ['rollup', '-c'], site: 'public', cdn: cdn.url };
    const moments = await listen({ packages, files, model: null }, how).finally(cdn.close);
    const energy = (side: 'left' | 'right') =>
      moments.reduce((sum, one) => sum + one[side] ** 2, 0);
    expect(energy('right')).toBeGreaterThan(2 * energy('left'));
  }, 180_000);

  test('with Vite and the build plugin: baked by the build, heard, and nothing of the language model is there', async () => {
    const files = {
      'sounds.yaml': 'sounds: { door: { prompt: heavy wooden door slams, variations: 1 } }',
      'vite.config.js': BAKED_CONFIG.replace('ALIAS_LINE', aliasInDocs()),
      'main.js': BAKED_APP,
      'index.html': pageWith('./main.js'),
    };
    const look = (app: App) => {
      app.npx('vite', 'build', '--mode=alias', '--outDir=aliased');
      expect(ofTheModel(join(app.folder, 'aliased'))).toEqual([]);
      expect(ofTheModel(join(app.folder, 'dist'))).toEqual([]);
    };
    const how = { command: ['vite', 'build', '--target=es2022'], site: 'dist', look };
    const moments = await listen({ packages: ['vite'], files, model: null }, how);
    expect(Math.max(...moments.map(({ peak }) => peak))).toBeLessThanOrEqual(1);
  }, 180_000);
});
