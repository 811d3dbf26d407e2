/** The page in Chromium: takes are heard and seen, choices land in the file, a wrong map shows what is wrong. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { rollup } from 'rollup';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Audition, startAudition } from '../../../bake/audition.ts';
import { DEFAULT_GATE } from '../../../bake/quality-gate.ts';
import configure from '../../../rollup.config.mjs';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { type HeardPage, launchChromium, openHeardPage } from '../../support/heard-page.ts';

const TEXT = `# a game's sounds
sounds:
  step: # quick
    prompt: '{weight} step'
    slots: { weight: { values: [light, heavy], default: light } }
    duration: 0.3
    variations: 2
  hum: { prompt: a hum, duration: 0.5, loop: true } # on and on
`;

let folder: string;
let path: string;
let browser: Browser;
let audition: Audition;
let opened: HeardPage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-audition-'));
  path = join(folder, 'sounds.yaml');
  await writeFile(path, TEXT);
  const page = join(folder, 'page');
  for (const { output, ...input } of configure({ configOnly: 'audition' })) {
    await (await rollup(input)).write({ ...output, dir: page });
  }
  audition = await startAudition({
    soundMap: path,
    model: TINY_PACK,
    gate: DEFAULT_GATE,
    port: 0,
    page,
  });
  browser = await launchChromium();
  opened = await openHeardPage(browser, { viewport: { width: 1100, height: 700 } });
  await opened.page.goto(audition.url);
});
afterAll(async () => {
  await browser?.close();
  await audition?.dispose();
  await rm(folder, { recursive: true });
});

const text = () => readFile(path, 'utf8');
const seedsShown = () =>
  opened.page
    .locator('.take')
    .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.seed)));

test('the pool of the first prompt is made and drawn', async () => {
  const { page } = opened;
  await page.getByRole('img', { name: /^Waveform of seed 1, 0\.\d\d seconds$/ }).waitFor();
  expect(await seedsShown()).toEqual([0, 1]);
  await expect(page.locator('summary').allTextContents()).resolves.toEqual([
    'light step',
    'heavy step',
  ]);
  const pixels = await page.locator('.take canvas').evaluateAll((all) =>
    all.map((one) => {
      const { width, height } = one as HTMLCanvasElement;
      const context = (one as HTMLCanvasElement).getContext('2d');
      const { data } = context?.getImageData(0, 0, width, height) ?? { data: [] };
      return data.filter((value, index) => index % 4 === 3 && value > 0).length / width;
    }),
  );
  expect(Math.min(...pixels)).toBeGreaterThan(2); // a silent take is one pixel high
});

test('keys alone: a take is heard, locked, and the file says so beside its comments', async () => {
  const { page, untilHeard } = opened;
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await untilHeard(0.01, 10_000);
  await page.keyboard.press('l');
  await page.getByRole('status').filter({ hasText: 'Only seed 1 plays.' }).waitFor();
  expect(await text()).toBe(
    TEXT.replace('variations: 2\n', 'variations: 2\n    takes: { lock: 1 }\n'),
  );
  const unlock = page.getByRole('button', { name: 'Unlock seed 1' });
  expect(await unlock.getAttribute('aria-pressed')).toBe('true');
  await unlock.click();
  await page.getByRole('button', { name: 'Lock seed 1', exact: true }).waitFor();
  expect((await text()).match(/lock: (\w+)/)?.[1]).toBe('null');
});

test('a take that a lock leaves out is drawn in another colour, and back when it may play', async () => {
  const { page } = opened;
  const colours = () =>
    page
      .locator('.take canvas')
      .evaluateAll((all) =>
        all.map((one) => (one as HTMLCanvasElement).getContext('2d')?.fillStyle),
      );
  const before = await colours();
  expect(new Set(before).size).toBe(1);
  await page.getByRole('button', { name: 'Lock seed 1', exact: true }).click();
  const unlock = page.getByRole('button', { name: 'Unlock seed 1' });
  await unlock.waitFor();
  expect(new Set(await colours()).size).toBe(2);
  await unlock.click();
  await page.getByRole('button', { name: 'Lock seed 1', exact: true }).waitFor();
  expect(await colours()).toEqual(before);
});

test('a banned take gives way to the next seed, and comes back when it is allowed again', async () => {
  const { page } = opened;
  await page.getByRole('button', { name: 'Ban seed 0' }).click();
  await page.getByRole('button', { name: 'Play seed 2' }).waitFor();
  expect(await seedsShown()).toEqual([1, 2]);
  expect(await text()).toContain('ban: [0]');
  await page.getByRole('button', { name: 'Allow seed 0 again' }).click();
  await page.getByRole('button', { name: 'Play seed 0' }).waitFor();
  expect(await text()).toContain('ban: []');
});

test('another roll is heard and is in the file only once it is locked', async () => {
  const { page } = opened;
  const before = await text();
  await page.getByRole('button', { name: 'Roll another' }).first().click();
  await page.getByRole('status').filter({ hasText: 'step, seed 2' }).waitFor();
  expect(await text()).toBe(before);
  await page.getByRole('button', { name: 'Lock seed 2', exact: true }).click();
  await page.getByText('Only seed 2 plays.').first().waitFor();
  expect(await text()).toContain('lock: 2');
});

test('what the quality gate has against a take is said in words', async () => {
  const { page } = opened;
  const told: unknown[] = [];
  await page.route('**/take.wav?*', async (route) => {
    const response = await route.fetch();
    const facts = JSON.parse(response.headers()['x-take'] ?? '{}');
    told.push(facts);
    const judged = { ...facts, faults: ['cut-off', 'off-prompt'], score: 0.123, loudness: null };
    const headers = { ...response.headers(), 'x-take': JSON.stringify(judged) };
    await route.fulfill({ response, headers });
  });
  await page.locator('summary', { hasText: 'heavy step' }).click();
  await page.getByText('cut off, off its prompt').first().waitFor();
  await page.getByText('seed 1 · match 12 %').waitFor();
  await page
    .getByText(/^0\.\d\d s · silence$/)
    .first()
    .waitFor();
  await page.unrouteAll({ behavior: 'wait' }); // other takes of the list may still be on their way
  const plain = { sampleRate: 32000, loop: false, faults: [], score: null };
  expect(told[0]).toMatchObject({ ...plain, loudness: expect.closeTo(-20, 1) });
});

test('a map that becomes wrong shows each problem with its line, the sounds stay; then it is right again', async () => {
  const { page } = opened;
  await writeFile(path, TEXT.replace('duration: 0.3', 'duration: long'));
  const alert = page.getByRole('alert');
  await alert.filter({ hasText: /sounds\.yaml:6:15: sounds\.step\.duration/ }).waitFor();
  expect(await page.locator('#sounds button').count()).toBe(2);
  await writeFile(path, `${TEXT}  <b>: { prompt: "<img src=x>" }\n`);
  await page.getByRole('button', { name: '<b>' }).click();
  await page.getByText('<img src=x>').waitFor();
  expect(await alert.isHidden()).toBe(true);
});

test('a loop goes on until it is stopped; what is looked for is found', async () => {
  const { page } = opened;
  await page.keyboard.press('/');
  await page.keyboard.type('a hum');
  expect(await page.locator('#sounds button').allTextContents()).toEqual(['hum']);
  await page.getByRole('button', { name: 'hum', exact: true }).click();
  await page.getByRole('button', { name: 'Play seed 0' }).click();
  const stop = page.getByRole('button', { name: 'Stop seed 0' });
  await stop.waitFor();
  const start = await page.evaluate(() => performance.now());
  await page.waitForFunction((from) => performance.now() > from + 1000, start); // twice its length
  await stop.click();
  await page.getByRole('button', { name: 'Play seed 0' }).waitFor();
});

test('nothing was asked for elsewhere, nothing went wrong', () => {
  expect(opened.errors).toEqual([]);
  expect(
    opened.requests.filter((url) => !/^data:/.test(url) && !url.startsWith(audition.url)),
  ).toEqual([]);
});

test('every control has a name', async () => {
  const nameless = await opened.page.evaluate(
    () =>
      [...document.querySelectorAll('button, input')].filter((one) => {
        const label = (one as HTMLInputElement).labels?.[0]?.textContent;
        return !(one.ariaLabel || one.textContent?.trim() || label?.trim());
      }).length,
  );
  expect(nameless).toBe(0);
});

test('no take of a sound that is not there, none of a bad seed', async () => {
  const ask = async (query: string) => (await fetch(`${audition.url}take.wav?${query}`)).text();
  expect(await ask('sound=no&prompt=a&seed=0')).toMatch(/there is no sound "no"/);
  expect(await ask('sound=hum&prompt=a&seed=x')).toMatch(/seed must be a whole number/);
  expect(await ask('sound=hum&seed=1')).toMatch(/prompt must be 1 to 256/);
});
