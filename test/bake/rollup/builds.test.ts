/** Real builds by rollup and by Vite: hashed assets that play, errors where they are, nothing baked twice. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright';
import { type RollupWatcherEvent, rollup, watch } from 'rollup';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { SceneFoleyOptions } from '../../../bake/rollup.ts';
import { loadKernels } from '../../../runtime/kernels/kernels.ts';
import { bytesSource, openTokenPack } from '../../../runtime/token-pack.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { launchChromium, openHeardPage } from '../../support/heard-page.ts';
import { root } from '../../support/source-files.ts';
import { serveFolder } from '../../support/static-server.ts';
import { type BuiltPlugin, buildPlugin } from './built-plugin.ts';
import { createFixtureApp, type FixtureApp, SOUNDS, viteConfig } from './fixture-app.ts';

let plugin: BuiltPlugin;
let browser: Browser;
let app: FixtureApp;
beforeAll(async () => {
  plugin = await buildPlugin('test-plugin-builds');
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  plugin?.remove();
});
beforeEach(() => {
  app = createFixtureApp();
});
afterEach(() => app.remove());

const sceneFoley = (options: Partial<SceneFoleyOptions> = {}) =>
  plugin.sceneFoley({
    soundMap: app.soundMap,
    model: join(root, TINY_PACK),
    output: join(app.folder, 'baked'),
    gate: false,
    workers: 1,
    ...options,
  });

/** @returns the folder of the bundle. */
async function buildWithRollup(
  options: Partial<SceneFoleyOptions> = {},
  game = `export { default, onSounds } from 'virtual:scenefoley';`,
): Promise<string> {
  const dir = join(app.folder, 'out');
  app.write('game.js', game);
  const input = join(app.folder, 'game.js');
  const bundle = await rollup({ input, plugins: [sceneFoley(options)], logLevel: 'silent' });
  await bundle.write({ dir, format: 'es', entryFileNames: 'game.mjs' });
  await bundle.close();
  return dir;
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();

test('rollup: pack, map and decoder are hashed assets, and the module has their addresses', async () => {
  const dir = await buildWithRollup();
  expect(filesIn(dir).sort((a, b) => (extname(a) < extname(b) ? -1 : 1))).toEqual([
    expect.stringMatching(/^assets\/sounds-[\w-]{8}\.foley$/),
    expect.stringMatching(/^assets\/sounds-[\w-]{8}\.json$/),
    expect.stringMatching(/^assets\/tiny-pack-[0-9a-f]{8}\/model\.json$/),
    'game.mjs',
    expect.stringMatching(/^assets\/tiny-pack-[0-9a-f]{8}\/decoder\.safetensors$/),
  ]);
  const { default: options, onSounds } = await import(pathToFileURL(join(dir, 'game.mjs')).href);
  expect(options.live).toBe(false);
  expect(onSounds(() => {})()).toBeUndefined();
  const [baked] = options.baked;
  const pack = await openTokenPack(bytesSource(readFileSync(fileURLToPath(baked)), baked));
  expect(pack.sounds.map(({ sound, spec }) => `${sound}: ${spec.prompt} ${spec.seed}`)).toEqual([
    'step: light step 0',
    'step: light step 1',
    'step: heavy step 0',
    'step: heavy step 1',
    'hum: a hum 0',
  ]);
  expect((await pack.readCodes(await loadKernels(), pack.sounds[0]!)).length).toBeGreaterThan(0);
  expect(JSON.parse(readFileSync(fileURLToPath(options.sounds), 'utf8')).sounds.hum.loop).toBe(
    true,
  );
  expect(existsSync(new URL('model.json', options.model))).toBe(true);
  expect(readFileSync(`${app.soundMap}.d.ts`, 'utf8')).toContain('"hum": true;');
});

test.each<[Partial<SceneFoleyOptions>, string]>([
  [{}, 'stand-in'],
  [{ ship: 'all' }, 'client'],
  [{ ship: { at: '/models/' } }, 'client'],
])('rollup, %j: in the place of the runtime’s client is the %s', async (options, kind) => {
  app.write('package/live-runtime.js', `export const kind = 'client';`);
  app.write('package/without-model.js', `export const kind = 'stand-in';`);
  app.write('runtime.js', `export const code = import('./package/live-runtime.js');`);
  const dir = await buildWithRollup(options, `export * from './runtime.js';`);
  const { code } = await import(pathToFileURL(join(dir, 'game.mjs')).href);
  expect((await code).kind).toBe(kind);
});

test('a second build bakes nothing and gives the same files', async () => {
  const first = filesIn(await buildWithRollup());
  const packPath = join(app.folder, 'baked/sounds.foley');
  const { mtimeMs } = statSync(packPath);
  expect(filesIn(await buildWithRollup())).toEqual(first);
  expect(statSync(packPath).mtimeMs).toBe(mtimeMs);
});

test('an edited sound has another hash, nobody else has', async () => {
  const before = filesIn(await buildWithRollup());
  writeFileSync(app.soundMap, SOUNDS.replace('a hum', 'a low hum'));
  const after = filesIn(await buildWithRollup()).filter((name) => !before.includes(name));
  expect(after.map((name) => name.replace(/-[\w-]{8}\./, '.')).sort()).toEqual([
    'assets/sounds.foley',
    'assets/sounds.json',
  ]);
});

test('rollup watches the map: an edit is a new build', async () => {
  app.write('game.js', `export { default } from 'virtual:scenefoley';`);
  const dir = join(app.folder, 'out');
  const input = join(app.folder, 'game.js');
  const options = { input, plugins: [sceneFoley()], output: { dir }, logLevel: 'silent' as const };
  const watcher = watch({ ...options, watch: { skipWrite: false } });
  const built = () =>
    new Promise<void>((resolve, reject) => {
      const onEvent = (event: RollupWatcherEvent) => {
        if (event.code === 'ERROR') reject(event.error);
        if (event.code === 'END') resolve();
        if (event.code === 'END' || event.code === 'ERROR') watcher.off('event', onEvent);
      };
      watcher.on('event', onEvent);
    });
  try {
    await built();
    const before = filesIn(dir);
    const rebuilt = built();
    writeFileSync(app.soundMap, SOUNDS.replace('a hum', 'a low hum'));
    await rebuilt;
    const added = filesIn(dir).filter((name) => !before.includes(name));
    expect(added.map((name) => extname(name)).sort()).toEqual(['.foley', '.json']);
  } finally {
    await watcher.close();
  }
});

test('a wrong map ends the build where it is wrong, before anything is baked', async () => {
  writeFileSync(app.soundMap, SOUNDS.replace('loop: true', 'loop: often'));
  const failure = await buildWithRollup().catch((error) => error);
  expect(failure).toMatchObject({
    plugin: 'scenefoley',
    id: app.soundMap,
    loc: { file: app.soundMap, line: 8, column: 45 },
  });
  expect(failure.message).toMatch(/sounds\.yaml:8:46: sounds\.hum\.loop must be/);
  expect(existsSync(join(app.folder, 'baked'))).toBe(false);
});

test.each([
  [{ model: '/nowhere' }, /\/nowhere\/model\.json: expected a JSON file/],
  [{ soundMap: 'no.yaml' }, /ENOENT.*no\.yaml/],
  [{ workers: 0 }, /workers must be a whole number from 1 to 64, got 0/],
  [{ check: true }, /is not what a bake would make now: manifest\.json is not there/],
])('%j ends the build in words', async (options, words) => {
  await expect(buildWithRollup(options)).rejects.toThrow(words);
});

test('what is committed and fresh passes `check`; after an edit it does not', async () => {
  await buildWithRollup();
  await buildWithRollup({ check: true });
  writeFileSync(app.soundMap, SOUNDS.replace('a hum', 'a low hum'));
  await expect(buildWithRollup({ check: true })).rejects.toThrow(/sound 'hum' has other prompts/);
});

test('a sound map must be named', () => {
  expect(() => sceneFoley({ soundMap: '' })).toThrow(
    /soundMap must be the path of a sound map, got ""/,
  );
});

test('Vite: under another base the page finds its assets, and is heard', async () => {
  const config = viteConfig(app, [sceneFoley({ soundMap: 'src/sounds.yaml' })]);
  await build({ ...config, base: '/game/' });
  const files = filesIn(join(app.folder, 'dist'));
  expect(files).toContainEqual(expect.stringMatching(/^assets\/sounds-[\w-]{8}\.foley$/));
  expect(files.filter((name) => name.endsWith('engine.safetensors'))).toEqual([]);
  const host = await serveFolder({ folder: join(app.folder, 'dist'), base: '/game/' });
  const { page, errors, requests, untilHeard } = await openHeardPage(browser);
  try {
    await page.goto(host.url);
    await page.getByText('light step, heavy step, a hum').waitFor();
    await page.getByRole('button').click();
    await untilHeard(0.01, 30_000);
    expect(errors).toEqual([]);
    expect(requests.filter((url) => /\.(yaml|ts)$/.test(url))).toEqual([]);
  } finally {
    await page.close();
    await host.close();
  }
});

test('Vite: the whole model and what runs it is there where the game makes sounds too', async () => {
  const config = viteConfig(app, [sceneFoley({ ship: 'all' })]);
  await build(config);
  const files = filesIn(join(app.folder, 'dist')).map((name) => name.split('/').at(-1));
  expect(files).toEqual(expect.arrayContaining(['engine.safetensors', 'tokenizer.json']));
  expect(files).toContainEqual(expect.stringMatching(/^worker-[\w-]{8}\.js$/));
  expect(files).toContainEqual(expect.stringMatching(/^ort-wasm.*\.wasm$/));
});
