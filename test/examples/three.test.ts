/** The three.js example as a host serves it, in the installed Chromium: measured at its loudspeakers. */
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSite, serveSite } from '../../scripts/site.mjs';
import { launchChromium, openHeardPage } from '../support/heard-page.ts';

const SITE = { page: 'examples/three', outDir: 'dist/examples/three-test' };

let site: Awaited<ReturnType<typeof serveSite>>;
let browser: Browser;

beforeAll(async () => {
  await buildSite(SITE);
  site = await serveSite({ ...SITE, port: 5295 });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

test('what is dropped is heard when it hits the floor, and the page says what it was', async () => {
  const { page, requests, errors, heard, untilHeard } = await openHeardPage(browser);
  await page.goto(site.url);
  await page.waitForSelector('canvas');
  expect(await heard()).toEqual([]); // no gesture, no audio
  const text = () => page.textContent('#heard');
  for (let drops = 0; drops < 20 && /^Drop/.test((await text()) ?? ''); drops++) {
    await page.getByRole('button', { name: 'Drop a crate' }).click();
    await page.waitForTimeout(1500); // it falls, and the first time its sound is made
  }
  await untilHeard(0.02, 5000);
  const loudest = Math.max(...(await heard()).map(({ left, right }) => Math.max(left, right)));
  expect(loudest).toBeGreaterThan(0.005);
  expect(await text()).toMatch(/impact of a wooden crate on stone/);
  expect(errors).toEqual([]);
  expect(requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url))).toEqual(
    [],
  );
});
