/**
 * What is published: entries that resolve, types that match, files that belong there, and apps that sound: the documents'
 * programs, each in a fresh project with the packed package.
 */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import type { Browser } from 'playwright';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium, openHeardPage } from '../support/heard-page.ts';
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
    (file) => !/^(dist\/|models\/foley-tiny\/|schema\/)/.test(file),
  );
  expect(unwanted.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json']);
  expect(packed.files.filter((file) => /\.(test|bench)\./.test(file))).toEqual([]);
  expect(packed.files).toContain('models/foley-tiny/engine.safetensors');
});

/** Linear: −40 dBFS. */
const AUDIBLE = 0.01;
const ROLLUP_CONFIG = `
import nodeResolve from '@rollup/plugin-node-resolve';
export default {
  input: { main: 'main.js', worker: 'scenefoley/worker' },
  output: { dir: 'public', format: 'es' },
  plugins: [nodeResolve({ browser: true })],
};`;

describe('an app of its own sounds', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());

  /** Builds it, opens it, clicks, listens. @returns levels of both sides. */
  async function listen(options: Omit<AppOptions, 'tarball'>, build: string[], site: string) {
    const app = createApp({ ...options, tarball: packed.tarball });
    app.npx(...build);
    const host = await serveFolder({ folder: `${app.folder}/${site}` });
    const { page, errors, requests, heard, untilHeard } = await openHeardPage(browser);
    try {
      await page.goto(host.url);
      await page.locator('canvas').waitFor();
      await page.waitForLoadState('networkidle');
      await page.locator('body').click();
      await untilHeard(AUDIBLE, 60_000);
      const elsewhere = requests.filter(
        (url) => !/^(data|blob):/.test(url) && !url.startsWith(host.url),
      );
      expect([...errors, ...elsewhere]).toEqual([]);
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
    const moments = await listen(
      { packages, files, statics: 'public' },
      ['vite', 'build', '--target=es2022'],
      'dist',
    );
    expect(Math.max(...moments.map(({ peak }) => peak))).toBeLessThanOrEqual(1);
  }, 180_000);

  test('with rollup and no engine: from the right, where it stands', async () => {
    const files = {
      'main.js': appIn('docs/getting-started.md'),
      'rollup.config.mjs': ROLLUP_CONFIG,
      'public/index.html': pageWith('./main.js'),
    };
    const packages = ['rollup', '@rollup/plugin-node-resolve'];
    const moments = await listen(
      { packages, files, statics: 'public' },
      ['rollup', '-c'],
      'public',
    );
    const energy = (side: 'left' | 'right') =>
      moments.reduce((sum, one) => sum + one[side] ** 2, 0);
    expect(energy('right')).toBeGreaterThan(2 * energy('left'));
  }, 180_000);
});
