/** The document's page with the document's service worker: visited once, then heard without a network. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { type OutputOptions, rollup } from 'rollup';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import configure from '../../../rollup.config.mjs';
import { appIn, pageWith } from '../../package/app.ts';
import { bakeFolder } from '../../support/baked-folder.ts';
import { launchChromium, openHeardPage } from '../../support/heard-page.ts';
import { root } from '../../support/source-files.ts';
import { type Sent, serveFolder } from '../../support/static-server.ts';

const DOCUMENT = 'docs/player.md';
const REGISTER = "\nawait navigator.serviceWorker.register('./sw.js');\n";

let site = '';
let browser: Browser;
beforeAll(async () => {
  site = mkdtempSync(join(tmpdir(), 'scenefoley-offline-'));
  await bakeFolder(site);
  for (const name of ['player', 'player-worker']) await build(name);
  const model = 'models/foley-tiny';
  mkdirSync(join(site, model), { recursive: true });
  for (const file of ['model.json', 'decoder.safetensors']) {
    cpSync(join(root, model, file), join(site, model, file));
  }
  writeFileSync(join(site, 'index.html'), pageWith('./main.js'));
  writeFileSync(join(site, 'sw.js'), serviceWorkerIn(DOCUMENT));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  rmSync(site, { recursive: true, force: true });
});

/** As published, beside the page. */
async function build(name: string): Promise<void> {
  const [config] = configure({ configOnly: name });
  const bundle = await rollup(config!);
  await bundle.write({ ...(config!.output as OutputOptions), dir: site, sourcemap: false });
  await bundle.close();
}

function serviceWorkerIn(document: string): string {
  const text = readFileSync(join(root, document), 'utf8');
  const [, code] = text.match(/^```js\n(const FILES[\s\S]*?)^```$/m) ?? [];
  if (code === undefined) throw new Error(`offline: ${document} shows no service worker.`);
  return code;
}

describe('offline', () => {
  test.each(["'auto'", 'true', 'false'])(
    'visited once, then heard without a network (range: %s)',
    async (range) => {
      const code = appIn(DOCUMENT).replace("'scenefoley/player'", "'./player.js'");
      writeFileSync(
        join(site, 'main.js'),
        code.replace('createPlayer({', `createPlayer({ range: ${range},`) + REGISTER,
      );
      const sent: Sent[] = [];
      const onSend = (one: Sent) => sent.push(one);
      const host = await serveFolder({ folder: site, ranges: true, onSend });
      const { page, errors, untilHeard } = await openHeardPage(browser);
      try {
        await page.goto(host.url);
        await page.evaluate(async () => void (await navigator.serviceWorker.ready));
        await host.close();
        const before = sent.length;
        await page.goto(host.url);
        const isServed = () => navigator.serviceWorker.controller !== null;
        expect(await page.evaluate(isServed)).toBe(true);
        await page.locator('body').click();
        await untilHeard(0.01, 20_000);
        expect([sent.length, errors]).toEqual([before, []]);
        expect(sent.some(({ path }) => path.endsWith('.foley'))).toBe(true);
      } finally {
        await page.close();
        await host.close();
      }
    },
  );
});
