/**
 * How soon after the click the demo scene is heard, out of its pack and with ?baked=off; its render frames with generation off and on, as a graph:
 * dist/bench/demo-render-frames.svg.
 *
 *   node scripts/bench-demo.mjs [seconds]   20 s each by default; then commit it to docs/ by hand
 *
 * Without a GPU the browser renders in software, on the cores that generation uses too.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM_FLAGS, ensureChromium } from './chromium.mjs';
import { ensureInstalled, root } from './install.mjs';
import { buildKernels } from './steps.mjs';

const SITE = { page: 'demo-scene', outDir: 'dist/bench/demo-site' };
const OUT = 'dist/bench/demo-render-frames.svg';
const seconds = Number(process.argv[2] ?? 20);

ensureInstalled();
buildKernels();
const executablePath = ensureChromium();
const { buildSite, serveSite } = await import('./site.mjs');
const { chromium } = await import('playwright');
await buildSite(SITE);
const server = await serveSite({ ...SITE, port: 0 });
const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
const made = await enter('?baked=off');
await made.page.context().close();
const { page, firstSoundMs } = await enter('');
await page.waitForFunction(
  () => /(\d+) of \1/.test(document.querySelector('#prepared')?.textContent ?? ''),
  undefined,
  { timeout: 300_000 },
);
await page.getByRole('button', { name: 'Panel' }).click();
await page.getByRole('tab', { name: 'Prompt' }).click();
const off = await recordIntervals();
const generating = generateFor(1000 * seconds);
const on = await recordIntervals();
const sounds = await generating;
await browser.close();
await server.close();
mkdirSync(join(root, 'dist/bench'), { recursive: true });
writeFileSync(join(root, OUT), graphOf(off, on));
const told = (name, values) => `${name} p50 ${at(values, 0.5)} ms, p95 ${at(values, 0.95)} ms`;
console.log(`first sound ${Math.round(firstSoundMs)} ms after the click, out of the pack`);
console.log(`first sound ${Math.round(made.firstSoundMs)} ms after the click, model included`);
console.log(`${told('off', off)}; ${told('on', on)}; ${sounds} sounds of 1 s. ${OUT}`);

/** In a context of its own, so that nothing is in its cache. @returns its page, and milliseconds from the click to the first sound */
async function enter(query) {
  const context = await browser.newContext({ viewport: { width: 640, height: 400 } });
  const page = await context.newPage();
  await page.goto(server.url + query);
  await page.locator('#enable:not([disabled])').click({ timeout: 60_000 });
  const handle = await page.waitForFunction(
    () => performance.getEntriesByName('foley:wait')[0]?.duration,
    undefined,
    { timeout: 60_000 },
  );
  return { page, firstSoundMs: await handle.jsonValue() };
}

/** @returns milliseconds between two render frames, one after the other. */
function recordIntervals() {
  return page.evaluate(
    (ms) =>
      new Promise((resolve) => {
        const intervals = [];
        const began = performance.now();
        let last = began;
        const onRenderFrame = (now) => {
          intervals.push(now - last);
          last = now;
          if (now - began < ms) requestAnimationFrame(onRenderFrame);
          else resolve(intervals.slice(1));
        };
        requestAnimationFrame(onRenderFrame);
      }),
    1000 * seconds,
  );
}

/** One new prompt after the other, as a person would ask for them. @returns how many */
async function generateFor(ms) {
  const until = Date.now() + ms;
  let count = 0;
  while (Date.now() < until) {
    await page.locator('#prompt').fill(`glass bottle number ${count} breaks`);
    await page.locator('#generate:not([disabled])').click({ timeout: 60_000 });
    await page.locator('#generate:not([disabled])').waitFor({ timeout: 60_000 });
    count++;
  }
  return count;
}

function at(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1].toFixed(1);
}

/** Both one above the other: time to the right, milliseconds a render frame upward. */
function graphOf(off, on) {
  const [width, height] = [900, 150];
  const top = Math.max(50, ...off, ...on);
  const draw = (values, name, colour, from) => {
    const total = values.reduce((sum, ms) => sum + ms, 0);
    let time = 0;
    const points = values.map((ms) => {
      time += ms;
      return `${((time / total) * width).toFixed(1)},${(from + height * (1 - ms / top)).toFixed(1)}`;
    });
    const label = `generation ${name}: median ${at(values, 0.5)} ms, p95 ${at(values, 0.95)} ms`;
    return `<text x="4" y="${from + 14}" fill="#ddd">${label}</text>
<polyline fill="none" stroke="${colour}" points="${points.join(' ')}"/>`;
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${2 * height}" font-family="sans-serif" font-size="12">
<title>Milliseconds between two render frames of the demo scene, generation off and on</title>
<rect width="${width}" height="${2 * height}" fill="#181818"/>
${draw(off, 'off', '#7aa2f7', 0)}
${draw(on, 'on', '#e0af68', height)}
</svg>
`;
}
