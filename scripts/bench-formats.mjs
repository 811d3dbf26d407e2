/**
 * What baked sounds weigh and cost to decode: the same 200 takes as token pack, Ogg Opus at 24 kbit/s, FLAC and WAV.
 * Part of npm run bench; by itself, two minutes:
 *
 *   node scripts/bench-formats.mjs [models/foley-tiny]
 *
 * Node decodes with the WASM decoders of test/bench/formats.ts; Chromium's own decodeAudioData decodes what it can.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { markdown } from './bench-table.mjs';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { root } from './install.mjs';
import { mustRun } from './steps.mjs';
import { publishedChunks, weigh } from './weigh.mjs';

const FILES = join(root, 'dist/bench/formats');
const NAMES = {
  foley: 'token pack',
  opus: 'Ogg Opus, 24 kbit/s',
  flac: 'FLAC',
  wav: 'WAV, 16 bits',
};

/** @param {string} model its folder */
export async function benchFormats(model) {
  mustRun('rollup', ['-c', '--configOnly', 'bench', '--silent']);
  const args = [join(root, 'dist/bench/formats.js'), model, FILES];
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  const figures = JSON.parse(output.trim().split('\n').at(-1));
  const decoder = await weighDecoder(model);
  return { ...figures, decoder, chromium: await decodeInChromium(figures) };
}

/** All that plays token packs: the player's code, and the weights, both as a server sends them with brotli. */
async function weighDecoder(model) {
  const chunks = await publishedChunks();
  const code = await weigh(chunks, 'player', 'player-worker');
  const weights = readFileSync(join(root, model, 'decoder.safetensors'));
  return { code, weights: brotliCompressSync(weights).length };
}

/** Milliseconds for a second of audio, by format. */
async function decodeInChromium({ takes, seconds }) {
  const { chromium } = await import('playwright');
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_FLAGS });
  try {
    const page = await browser.newPage();
    const times = {};
    for (const format of ['opus', 'flac', 'wav']) {
      const files = Array.from({ length: takes }, (_, i) =>
        readFileSync(join(FILES, `${i}.${format}`), 'base64'),
      );
      times[format] = (await page.evaluate(decodeAll, files)) / seconds;
    }
    return times;
  } finally {
    await browser.close();
  }
}

/** Runs in the page. @returns milliseconds, of the fastest round */
async function decodeAll(files) {
  const context = new OfflineAudioContext(1, 1, 48000);
  const bytesOf = (file) => Uint8Array.from(atob(file), (c) => c.charCodeAt(0)).buffer;
  let fastest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round++) {
    const buffers = files.map(bytesOf);
    const began = performance.now();
    for (const buffer of buffers) await context.decodeAudioData(buffer);
    fastest = Math.min(fastest, performance.now() - began);
  }
  return fastest;
}

const HEAD = ['bytes', 'bytes a second', '÷ token pack', 'decode in Node', 'in Chromium'];

/** @returns {string[]} lines of Markdown */
export function formatsTable({ takes, seconds, formats, decoder, chromium }) {
  const count = (bytes) => Math.round(bytes).toLocaleString('en');
  const ms = (value) => (value == null ? '' : `${value.toFixed(1)} ms`);
  const rows = Object.entries(formats).map(([format, { bytes, decode_ms }]) => [
    NAMES[format],
    count(bytes),
    count(bytes / seconds),
    `${(bytes / formats.foley.bytes).toFixed(1)} ×`,
    ms(decode_ms),
    ms(chromium[format]),
  ]);
  const perSecond = (format) => formats[format].bytes / seconds;
  const even = (decoder.code + decoder.weights) / (perSecond('opus') - perSecond('foley'));
  return [
    ...markdown([`${takes} takes, ${seconds.toFixed(0)} s`, ...HEAD], rows),
    '',
    `Decoding: for a second of audio. What decodes token packs: ${count(decoder.code)} bytes of code and ${count(decoder.weights)} of weights, with brotli; ` +
      `with it a token pack is the smaller download than Ogg Opus from ${count(even)} s of audio on (${(even / 60).toFixed(1)} minutes).`,
  ];
}

if (import.meta.url === pathToFileURL(resolve(process.argv[1] ?? '')).href) {
  const [model = 'models/foley-tiny'] = process.argv.slice(2);
  console.log(formatsTable(await benchFormats(model)).join('\n'));
}
