/**
 * Two projects: `node` (test/**) and `browser` (test/browser/**, in the installed Chromium, not cross-origin isolated).
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

export default defineConfig({
  test: {
    reporters: process.env.CI
      ? ['default', ['json', { outputFile: 'dist/test-results.json' }]]
      : ['default'],
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**'],
          // node-web-audio-api's calls then take effect in the order they are made: suspensions before the start.
          env: { TOKIO_WORKER_THREADS: '1' },
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
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
          include: ['test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
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
