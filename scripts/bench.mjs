/**
 * npm run bench: today's figures, in Node and in Chromium, beside the goals. test/bench/measure.ts says what each one is,
 * test/bench/transformers-js.ts what the reference is.
 *
 *   npm run bench                      20 rounds, about eight minutes
 *   npm run --silent bench -- --json   one JSON object
 *   npm run bench -- --keep            also writes it to test/bench/results/<version>.json
 *   npm run bench -- --rounds 5 --model models/foley-tiny
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { longestTasks } from '../test/bench/main-thread.mjs';
import { benchBake } from './bench-bake.mjs';
import { tableOf } from './bench-table.mjs';
import { benchTransformers } from './bench-transformers.mjs';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { ensureInstalled, root } from './install.mjs';
import { buildKernels, mustRun } from './steps.mjs';

/** Of 9 s each. */
const RENDER_ROUNDS = 3;
/** Of the busy scene. */
const BUSY_SECONDS = 60;
const RESULTS = 'test/bench/results';
const SITE = { page: 'test/bench/page', outDir: 'dist/bench/site' };

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '20' },
    model: { type: 'string', default: 'models/foley-tiny' },
  },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error(`bench: --rounds must be a whole number from 1, got ${values.rounds}.`);
  process.exit(1);
}

ensureInstalled();
const executablePath = ensureChromium();
buildKernels();
const readOnce = join(root, 'dist/bench/read-once.wasm');
await writeReadOnce();
const reference = await benchTransformers(executablePath);
const { measureBytes } = await import('./bench-bytes.mjs');
const { benchFormats, formatsTable } = await import('./bench-formats.mjs');
const report = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
  rounds,
  node: { version: process.version, ...benchNode(), ...reference.node },
  chromium: { ...(await benchChromium()), ...reference.chromium },
  bake: benchBake(values.model),
  bytes: await measureBytes(values.model),
  formats: await benchFormats(values.model),
};
const json = JSON.stringify(report, undefined, 2);
const table = () => [tableOf(report), '', ...formatsTable(report.formats)].join('\n');
console.log(values.json ? json : table());
if (values.keep) keep(json);

/** A row per release. */
function keep(text) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  mkdirSync(join(root, RESULTS), { recursive: true });
  writeFileSync(join(root, RESULTS, `${version}.json`), `${text}\n`);
}

async function writeReadOnce() {
  const { compileReadOnce } = await import('./bench-read-once.mjs');
  mkdirSync(join(root, 'dist/bench'), { recursive: true });
  writeFileSync(readOnce, await compileReadOnce());
}

function benchNode() {
  mustRun('rollup', ['-c', '--configOnly', 'bench', '--silent']);
  const args = ['dist/bench/node.js', values.model, readOnce, String(rounds)];
  const output = execFileSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(output.trim().split('\n').at(-1));
}

async function benchChromium() {
  const { buildSite, serveSite } = await import('./site.mjs');
  const { chromium } = await import('playwright');
  await buildSite({ ...SITE, model: values.model, extra: { 'read-once.wasm': readOnce } });
  const server = await serveSite({ ...SITE, port: 5273 });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(server.url);
    const figures = await page.evaluate((count) => globalThis.runBench(count), rounds);
    const player = await page.evaluate(() => globalThis.runPlayer());
    const render = await page.evaluate((n) => globalThis.runRenderFrames(n), RENDER_ROUNDS);
    const busy = await page.evaluate((seconds) => globalThis.runBusyScene(seconds), BUSY_SECONDS);
    const exercise = () => page.evaluate(() => globalThis.runMainThread());
    const tasks = await longestTasks(browser, page, exercise);
    return { version: browser.version(), ...figures, player, render, busy, tasks };
  } finally {
    await browser.close();
    await server.close();
  }
}
