/**
 * What is published: entries that resolve, types that match, files that belong there, and apps that sound: the documents'
 * programs, each in a fresh project with the packed package.
 */
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import type { Browser } from 'playwright';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Heard, launchChromium, openHeardPage } from '../support/heard-page.ts';
import { root } from '../support/source-files.ts';
import { serveFolder } from '../support/static-server.ts';
import { type AppOptions, appIn, createApp, pageWith } from './app.ts';
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
    expect(bake()).toMatch(/assets: 2 takes of 1 sounds, 2 made now; 3 files/);
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

const BAKED_CONFIG = `
import { sceneFoley } from 'scenefoley/rollup';
export default { plugins: [sceneFoley({ soundMap: 'sounds.yaml' })] };`;
const BAKED_APP = `
import { createFoleyWith, createWebAudioAdapter } from 'scenefoley';
import options from 'virtual:scenefoley';

const foley = await createFoleyWith(createWebAudioAdapter(), options);
document.body.addEventListener('click', async () => {
  await foley.unlock();
  await foley.play('door');
});`;

/** How an app is built, and what is served then. */
interface Build {
  command: string[];
  site: string;
  cdn?: string;
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
    const how = { command: ['vite', 'build', '--target=es2022'], site: 'dist' };
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

  test('with Vite and the build plugin: baked by the build, heard without the language model', async () => {
    const files = {
      'sounds.yaml': 'sounds: { door: { prompt: heavy wooden door slams, variations: 1 } }',
      'vite.config.js': BAKED_CONFIG,
      'main.js': BAKED_APP,
      'index.html': pageWith('./main.js'),
    };
    const how = { command: ['vite', 'build', '--target=es2022'], site: 'dist' };
    const moments = await listen({ packages: ['vite'], files, model: null }, how);
    expect(Math.max(...moments.map(({ peak }) => peak))).toBeLessThanOrEqual(1);
  }, 180_000);
});
