/** Vite's development server: the page hears what is baked so far, and an edit of the sound map without being loaded anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { type HeardPage, launchChromium, openHeardPage } from '../../support/heard-page.ts';
import { root } from '../../support/source-files.ts';
import { type BuiltPlugin, buildPlugin } from './built-plugin.ts';
import { createFixtureApp, type FixtureApp, SOUNDS, viteConfig } from './fixture-app.ts';

let plugin: BuiltPlugin;
let app: FixtureApp;
let server: ViteDevServer;
let browser: Browser;
let opened: HeardPage;

beforeAll(async () => {
  plugin = await buildPlugin('test-plugin-dev');
  app = createFixtureApp();
  const sceneFoley = plugin.sceneFoley({
    soundMap: 'src/sounds.yaml',
    model: join(root, TINY_PACK),
    output: 'baked',
    gate: false,
    workers: 1,
  });
  server = await createServer({ ...viteConfig(app, [sceneFoley]), base: '/game/' });
  await server.listen();
  browser = await launchChromium();
  opened = await openHeardPage(browser);
  await opened.page.goto(server.resolvedUrls?.local[0] ?? '');
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  plugin?.remove();
  app?.remove();
});

/** What is kept of takes: each is one file. */
const takesMade = () =>
  readdirSync(join(app.folder, 'baked/.scenefoley/takes'), {
    recursive: true,
    encoding: 'utf8',
  }).filter((name) => /^[0-9a-f]{2}\/[0-9a-f]{62}$/.test(name)).length;

test('the page gets the pack, and is heard', async () => {
  const { page, errors, untilHeard } = opened;
  await page.getByText('light step, heavy step, a hum').waitFor();
  await page.getByRole('button').click();
  await untilHeard(0.01, 30_000);
  expect(errors).toEqual([]);
  expect(takesMade()).toBe(5);
});

test('an edit is in the page that is open, and only what it changed is made', async () => {
  const { page } = opened;
  await page.evaluate(() => Object.assign(globalThis, { stays: true }));
  writeFileSync(app.soundMap, SOUNDS.replace('a hum', 'a low hum'));
  await page.getByText('light step, heavy step, a low hum').waitFor();
  expect(takesMade()).toBe(6);
  expect(await page.evaluate(() => 'stays' in globalThis)).toBe(true);
});

test('a new sound has its name known to TypeScript', async () => {
  const { page } = opened;
  writeFileSync(
    app.soundMap,
    `${SOUNDS}  bell: { prompt: a bell, duration: 0.3, variations: 1 }\n`,
  );
  await page.getByText('light step, heavy step, a hum, a bell').waitFor();
  expect(readFileSync(`${app.soundMap}.d.ts`, 'utf8')).toContain('"bell": true;');
});

test('a wrong map is shown over the page with its place, the sounds stay; once mended it goes on', async () => {
  const { page } = opened;
  writeFileSync(app.soundMap, SOUNDS.replace('loop: true', 'loop: often'));
  const overlay = page.locator('vite-error-overlay');
  await overlay.getByText(/sounds\.hum\.loop must be/).waitFor();
  expect(await page.getByText('a hum, a bell').count()).toBe(1);
  const map = await (await fetch(new URL('@scenefoley/sounds.json', page.url()))).json();
  expect(Object.keys(map.sounds)).toEqual(['step', 'hum', 'bell']);
  writeFileSync(app.soundMap, SOUNDS);
  await page.getByText(/step, a hum$/).waitFor();
  expect(await overlay.count()).toBe(0);
  expect(await page.evaluate(() => 'stays' in globalThis)).toBe(true);
});

test('files of the model are served, and no others', async () => {
  const ask = async (path: string) =>
    (await fetch(new URL(`@scenefoley/${path}`, opened.page.url()))).status;
  expect(await ask('model/decoder.safetensors')).toBe(200);
  expect(await ask('model/..%2f..%2fpackage.json')).toBe(404);
  expect(await ask('nothing')).toBe(404);
});
