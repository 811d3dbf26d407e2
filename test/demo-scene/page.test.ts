/**
 * The demo scene as npm start builds and serves it, with the tiny model pack, in the installed Chromium.
 * Every request is watched: before the click the page may ask for the model's size, not for the model.
 */
import { readFileSync } from 'node:fs';
import { type Browser, chromium, type Page, type Request } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CHROMIUM_FLAGS, findChromium } from '../../scripts/chromium.mjs';
import { buildSite, serveSite } from '../../scripts/site.mjs';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

const SITE = { page: 'demo-scene', outDir: 'dist/demo-test', model: TINY_PACK };
const WAIT = { timeout: 120_000 };
const MODEL_FILE = /\.onnx$|\.safetensors$|tokenizer\.json$|\/ort\//;

let site: Awaited<ReturnType<typeof serveSite>>;
let browser: Browser;
let pages: Page[] = [];

beforeAll(async () => {
  await buildSite(SITE);
  site = await serveSite({ ...SITE, port: 5290 });
  const executablePath = findChromium();
  const flags = [...CHROMIUM_FLAGS, '--use-gl=angle', '--use-angle=swiftshader'];
  browser = await chromium.launch({ args: flags, ...(executablePath && { executablePath }) });
});

afterEach(async () => {
  for (const page of pages) await page.close();
  pages = [];
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** A small page, so that software rendering is quick. */
async function open(query = '') {
  const page = await browser.newPage({
    viewport: { width: 360, height: 640 },
    reducedMotion: 'reduce',
  });
  pages.push(page);
  const requests: string[] = [];
  const finished: Request[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('requestfinished', (request) => finished.push(request));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${site.url}${query}`);
  return { page, requests, finished, errors };
}

/** Bytes of the bodies whose URL matches. */
async function bytesOf(finished: Request[], wanted: RegExp): Promise<number> {
  const bodies = finished.filter((request) => wanted.test(request.url()));
  const sizes = await Promise.all(bodies.map((request) => request.sizes()));
  return sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
}

const isElsewhere = (url: string): boolean =>
  !url.startsWith(site.url) && !/^(data|blob):/.test(url);

test('the click fetches the model, not the page; then a prompt is drawn, played and saved', async () => {
  const { page, requests, finished, errors } = await open('?baked=off');
  await page.getByText(/Fetches a model of \d+(\.\d)? [kM]B/).waitFor(WAIT);
  const enable = page.getByRole('button', { name: 'Click to enable sound' });
  await page.locator('html[data-ready="true"]').waitFor(WAIT);
  expect(requests.filter((url) => url.endsWith('model.json'))).toHaveLength(1);
  expect(requests.filter((url) => MODEL_FILE.test(url))).toEqual([]);

  await enable.click(WAIT);
  await page.getByRole('dialog').waitFor({ ...WAIT, state: 'hidden' });
  expect(requests.filter((url) => url.endsWith('.safetensors'))).toHaveLength(2);
  await page.getByRole('button', { name: 'Panel' }).click(WAIT);
  await page.getByRole('tab', { name: 'Prompt' }).click(WAIT);
  await page.getByRole('textbox', { name: /^Prompt/ }).fill('coins jingle');
  await page.getByLabel('Duration, s').fill('0.3');
  await page.getByRole('button', { name: 'Generate', exact: true }).click(WAIT);
  await page.getByLabel('Waveform of “coins jingle”').waitFor(WAIT);
  await page.getByLabel('Spectrogram of “coins jingle”').waitFor(WAIT);
  const download = page.waitForEvent('download', WAIT);
  await page.getByRole('button', { name: 'Save WAV' }).click(WAIT);
  expect((await download).suggestedFilename()).toBe('coins-jingle-0.wav');
  await page.getByRole('tab', { name: 'Heard' }).click(WAIT);
  await page
    .getByRole('list')
    .getByText(/^coins jingle/)
    .first()
    .waitFor(WAIT);

  expect(requests.filter((url) => /onnx|\bort\b|ort-wasm/.test(url))).toEqual([]);
  const { files } = JSON.parse(readFileSync(`${TINY_PACK}/model.json`, 'utf8'));
  const needed = ['tokenizer.json', 'engine.safetensors', 'decoder.safetensors'];
  const most = needed.reduce((sum, file) => sum + files[file].bytes, 0); // the server compresses
  const bytes = await bytesOf(finished, MODEL_FILE);
  expect(bytes).toBeGreaterThan(most / 2);
  expect(bytes).toBeLessThanOrEqual(most);
  expect(requests.filter(isElsewhere)).toEqual([]);
  expect(errors).toEqual([]);
}, 300_000);

test('a model that is not there is told in words, with another try', async () => {
  const { page, errors } = await open('?model=./no-such-pack/');
  await page.getByRole('alert').getByText('model.json').waitFor(WAIT);
  await page.getByRole('button', { name: 'Try again' }).waitFor(WAIT);
  expect(errors).toEqual([]);
}, 150_000);

test('without WebGL the page says what to do', async () => {
  const page = await browser.newPage();
  pages.push(page);
  await page.addInitScript(() => {
    HTMLCanvasElement.prototype.getContext = () => null;
  });
  await page.goto(site.url);
  await page.getByRole('alert').getByText('Switch on hardware acceleration').waitFor(WAIT);
}, 150_000);
