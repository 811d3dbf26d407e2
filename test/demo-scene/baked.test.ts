/**
 * The demo scene in the installed Chromium, with its own model and the pack that is committed: the model's weights are held back,
 * and everything sounds; then they come, and what is in no pack is made.
 */
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSite, serveSite } from '../../scripts/site.mjs';
import { gateway } from '../plugin/fake-runtime.ts';
import { launchChromium } from '../support/heard-page.ts';
import { onsetsIn, recordLevels } from '../support/recorded-page.ts';
import {
  enableSound,
  entriesOf,
  hear,
  openDemo,
  press,
  setBus,
  standAt,
  untilPrepared,
  untilQuiet,
  WAIT,
  walk,
  watchLog,
} from './demo-page.ts';

const SITE = { page: 'demo-scene', outDir: 'dist/demo-baked-test' };
const WEIGHTS = '**/engine.safetensors';
const { open: letWeightsCome, opened } = gateway();

let site: Awaited<ReturnType<typeof serveSite>>;
let browser: Browser;
let page: Page;
const requests: string[] = [];

const asked = (file: string): number => requests.filter((url) => url.endsWith(file)).length;

beforeAll(async () => {
  await buildSite(SITE);
  site = await serveSite({ ...SITE, port: 5296 });
  browser = await launchChromium();
  page = await browser.newPage({
    viewport: { width: 900, height: 640 },
    reducedMotion: 'reduce',
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.route(WEIGHTS, async (route) => {
    await opened;
    await route.continue();
  });
  await recordLevels(page);
  await openDemo(page, `${site.url}?quality=low&seed=5`);
}, 300_000);

afterAll(async () => {
  letWeightsCome();
  await browser?.close();
  await site?.close();
});

test('before the click only what plays the pack is fetched: the pack and the decoder', () => {
  expect([asked('sounds.foley'), asked('decoder.safetensors')]).toEqual([1, 1]);
  expect([asked('engine.safetensors'), asked('tokenizer.json')]).toEqual([0, 0]);
});

test('the first sound is heard without the model', async () => {
  await enableSound(page);
  await page
    .getByText(/^First sound .* out of a pack, before the model/)
    .waitFor({ ...WAIT, state: 'attached' });
  const [first] = (await entriesOf(page)).filter(({ what }) => what === 'wake · event');
  expect(first?.source).toBe('baked');
});

test('all that the scene can need is there without the model', async () => {
  await untilPrepared(page);
  await setBus(page, 'weather', 0);
  await untilQuiet(page);
});

test.each([
  ['steps', 'step · event', 3, () => walk(page, 2500)],
  ['a crate', 'crate-hit · collision', 2, () => press(page, 'Drop metal')],
  ['glass', 'glass-break · event', 1, () => press(page, 'Drop glass')],
  ['a door', 'door-opens · event', 1, () => press(page, 'Door')],
])('%s: heard, out of the pack', async (_, wanted, times, deed) => {
  await standAt(page, 0, -3, 0);
  await untilQuiet(page);
  const logged = await watchLog(page);
  const levels = await hear(page, 2, deed);
  const entries = await logged();
  expect(entries.filter(({ what }) => what === wanted).length).toBeGreaterThanOrEqual(times);
  expect(entries.filter(({ source }) => source !== 'baked')).toEqual([]);
  expect(onsetsIn(levels).length).toBeGreaterThanOrEqual(Math.min(2, times));
  expect(asked('engine.safetensors')).toBeLessThanOrEqual(1);
});

test('when the model has come, what is in no pack is made', async () => {
  await page.getByRole('tab', { name: 'Prompt' }).click(WAIT);
  await page.getByRole('textbox', { name: /^Prompt/ }).fill('coins jingle');
  await page.getByLabel('Duration, s').fill('0.5');
  await page.getByRole('button', { name: 'Generate', exact: true }).click(WAIT);
  const coins = async () =>
    (await entriesOf(page)).filter(({ prompt }) => prompt.startsWith('coins jingle'));
  await page.waitForTimeout(500);
  expect(await coins()).toEqual([]);
  letWeightsCome();
  // Told in the log, which keeps it: the picture is soon that of the next bird.
  await expect.poll(async () => (await coins()).length, WAIT).toBe(1);
  expect((await coins()).map(({ source }) => source)).not.toContain('baked');
  const logged = await watchLog(page);
  await press(page, 'Drop wood');
  const hits = async () => (await logged()).filter(({ what }) => what.startsWith('crate-hit'));
  await expect.poll(async () => (await hits()).length, WAIT).toBeGreaterThanOrEqual(1);
  expect((await hits()).filter(({ source }) => source !== 'baked')).toEqual([]);
});
