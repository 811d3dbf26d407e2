/**
 * The reference row of npm run bench: transformers.js in Node and in Chromium. test/bench/transformers-js.ts says what it is.
 *
 *   node scripts/bench-transformers.mjs   by itself, about two minutes; one JSON object
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeMusicgen } from './bench-musicgen.mjs';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { ensureInstalled, root } from './install.mjs';
import { mustRun } from './steps.mjs';

const MODELS = join(root, 'dist/bench/reference');
const SITE = { page: 'test/bench/transformers-page', outDir: 'dist/bench/transformers-site' };

/** @returns {Promise<{ node: object, chromium: object }>} what to add to the figures of each. */
export async function benchTransformers(executablePath) {
  writeMusicgen(join(MODELS, 'musicgen'));
  return { node: rowOf(benchNode()), chromium: rowOf(await benchPage(executablePath)) };
}

function rowOf({ codesPerSecond, dtype, byDtype, version }) {
  return {
    codes_per_s_transformersjs: codesPerSecond,
    transformersjs: { version, dtype, codesPerSecond: byDtype },
  };
}

function benchNode() {
  mustRun('rollup', ['-c', '--configOnly', 'reference', '--silent']);
  const output = execFileSync(process.execPath, ['dist/bench/transformers-node.js', MODELS], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1));
}

async function benchPage(executablePath) {
  const { buildSite, serveSite } = await import('./site.mjs');
  const { chromium } = await import('playwright');
  const extra = { 'models/musicgen': join(MODELS, 'musicgen') };
  await buildSite({ ...SITE, extra });
  const server = await serveSite({ ...SITE, port: 0 });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    const elsewhere = urlsFromElsewhere(page, server.url);
    await page.goto(server.url);
    const figures = await page.evaluate(() => globalThis.runTransformersBench());
    if (elsewhere.length > 0) throw new Error(`bench: the page asked for ${elsewhere}.`);
    return figures;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** @returns what the page asks of other origins from now on. */
function urlsFromElsewhere(page, origin) {
  const urls = [];
  page.on('request', (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(origin)) urls.push(url);
  });
  return urls;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  console.log(JSON.stringify(await benchTransformers(ensureChromium()), undefined, 2));
}
