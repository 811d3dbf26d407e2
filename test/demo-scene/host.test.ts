/**
 * The built demo on hosts as they are: a strict Content-Security-Policy, no special headers, a path below the host's root.
 */
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildSite } from '../../scripts/site.mjs';
import { TINY_PACK } from '../runtime/tiny-pack.ts';
import { launchChromium, openHeardPage } from '../support/heard-page.ts';
import { root } from '../support/source-files.ts';
import { type StaticHost, serveFolder } from '../support/static-server.ts';

const OUT = 'dist/demo-host-test';
const BASE = '/games/foley/';
const WAIT = { timeout: 120_000 };
/** Linear: −40 dBFS. */
const AUDIBLE = 0.01;
/** As docs/deployment.md recommends it. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  'media-src data:', // Babylon's, for the ringer switch of iOS
  "connect-src 'self'",
].join('; ');

let browser: Browser;
let host: StaticHost;

beforeAll(async () => {
  await buildSite({ page: 'demo-scene', outDir: OUT, model: TINY_PACK });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await host?.close();
});

/** Opens the demo, enables its sound, drops a crate. */
async function hear(url: string) {
  const opened = await openHeardPage(browser, { reducedMotion: 'reduce' });
  const { page, requests, errors, untilHeard } = opened;
  await page.goto(url);
  await page.locator('html[data-ready="true"]').waitFor(WAIT);
  await page.getByRole('button', { name: 'Click to enable sound' }).click(WAIT);
  await page.getByRole('dialog').waitFor({ ...WAIT, state: 'hidden' });
  await page.getByRole('button', { name: 'Drop wood' }).click(WAIT);
  await untilHeard(AUDIBLE, WAIT.timeout);
  await page.close();
  const isElsewhere = (one: string) => !one.startsWith(url) && !/^(data|blob):/.test(one);
  return { errors, elsewhere: requests.filter(isElsewhere) };
}

test('under a strict Content-Security-Policy, below the root of a plain host', async () => {
  const headers = { 'Content-Security-Policy': POLICY };
  host = await serveFolder({ folder: join(root, OUT), base: BASE, headers });
  expect(await hear(host.url)).toEqual({ errors: [], elsewhere: [] });
});
