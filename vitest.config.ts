/**
 * Three projects, one after the other: `node` (test/**, two files at a time), `pages` (those of PAGES, one at a time) and `browser`
 * (test/browser/**, in the installed Chromium, not cross-origin isolated).
 * One only:  npx vitest run --project node test/runtime/sampler.test.ts
 *
 * The browser project's server has the repository as its root, so tests fetch /models/foley-tiny/…, /test/fixtures/… and
 * /node_modules/onnxruntime-web/dist/… as they lie.
 */
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_FLAGS, findChromium } from './scripts/chromium.mjs';
import { bakeFolder } from './test/support/bake-command.ts';

const chromium = findChromium();

/** Of what is heard and seen in a page that Playwright opens: each has the machine to itself. */
const PAGES = ['demo-scene', 'package', 'examples', 'bench'].map(
  (name) => `test/${name}/**/*.test.ts`,
);

/** How long is waited for what comes by itself; where it does come, no longer than it takes. */
const PATIENT = { poll: { timeout: 10_000 } };

const IN_NODE = {
  expect: PATIENT,
  include: ['test/**/*.test.ts'],
  // node-web-audio-api's calls then take effect in the order they are made: suspensions before the start.
  env: { TOKIO_WORKER_THREADS: '1' },
  // What hangs is told; what is slow on a machine with ten times as much to do is not.
  testTimeout: 240_000,
  hookTimeout: 240_000,
};

export default defineConfig({
  test: {
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'dist/test-results.json' }]]
      : ['default'],
    projects: [
      {
        test: {
          ...IN_NODE,
          name: 'node',
          exclude: ['test/browser/**', ...PAGES],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...IN_NODE,
          name: 'pages',
          include: PAGES,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Found before the first test: a dependency that Vite meets later makes it reload the page under the test.
        optimizeDeps: {
          entries: [
            'test/browser/**/*.ts',
            'runtime/worker.ts',
            'runtime/player/player-worker.ts',
            'plugin/engines/*.ts',
            'demo-scene/main.ts',
          ],
          include: ['comlink', 'idb', 'lru-cache', 'valibot', 'yaml', '@huggingface/tokenizers'],
          exclude: ['onnxruntime-web', '@babylonjs/havok'],
        },
        worker: { format: 'es' },
        test: {
          name: 'browser',
          expect: PATIENT,
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            commands: { bakeFolder },
            provider: playwright({
              launchOptions: {
                args: CHROMIUM_FLAGS,
                ...(chromium === undefined ? {} : { executablePath: chromium }),
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
