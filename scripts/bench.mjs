/**
 * npm run bench: today's figures, in Node and in Chromium, in one table. test/bench/measure.ts says what each one is, and
 * test/bench/transformers-js.ts what the reference is.
 *
 *   npm run bench                      20 rounds
 *   npm run --silent bench -- --json   one JSON object, for keeping
 *   npm run bench -- --rounds 5 --model models/foley-tiny
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchTransformers } from './bench-transformers.mjs';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { ensureInstalled, root } from './install.mjs';
import { buildKernels, mustRun } from './steps.mjs';

const SITE = { page: 'test/bench/page', outDir: 'dist/bench/site' };

/** Key, what the table calls it, unit, decimals. */
const ROWS = [
  ['textMs', 'text encoding', 'ms', 1],
  ['stepMs', 'language-model step', 'ms', 2],
  ['readOnceMs', '  reading its weights once (reference)', 'ms', 2],
  ['stepRatio', '  step ÷ reading', '×', 1],
  ['decodeFactor', 'codec decoding ÷ duration of the sound', '', 3],
  ['generationFactor', 'generation ÷ duration of the sound', '', 2],
  ['firstSoundMs', 'new prompt → first sound, median', 'ms', 0],
  ['firstSoundP95Ms', 'new prompt → first sound, p95', 'ms', 0],
  ['cachedMs', 'cached sound', 'ms', 1],
  ['loadMs', 'loading the model', 'ms', 0],
  ['codes_per_s_transformersjs', 'transformers.js, same shape (reference)', 'codes/s', 0],
];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
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
const report = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}`,
  node: { version: process.version, ...withRatio(benchNode()), ...reference.node },
  chromium: { ...(await benchChromium()), ...reference.chromium },
};
console.log(values.json ? JSON.stringify(report, undefined, 2) : tableOf(report));

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
    return { version: browser.version(), ...withRatio(figures) };
  } finally {
    await browser.close();
    await server.close();
  }
}

function withRatio(figures) {
  return { ...figures, stepRatio: figures.stepMs / figures.readOnceMs };
}

/** A Markdown table, so that it can go into the README as it is. */
function tableOf({ machine, node, chromium }) {
  const rows = ROWS.map(([key, name, unit, digits]) => {
    const cell = (figures) => `${figures[key].toFixed(digits)} ${unit}`.trim();
    return [name, cell(node), cell(chromium)];
  });
  const head = [`${rounds} sounds of 1 s`, `Node ${node.version}`, `Chromium ${chromium.version}`];
  const widths = head.map((text, column) =>
    Math.max(text.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [machine, '', line(head), rule, ...rows.map(line)].join('\n');
}
