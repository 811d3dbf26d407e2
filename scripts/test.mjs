/**
 * npm test: everything, in this order; a failing step does not hide the next one. Arguments after `--` go to vitest.
 */
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { ensureRedis } from './redis.mjs';
import { buildKernels, run } from './steps.mjs';

ensureInstalled();
const chromium = required(ensureChromium);
const redis = required(ensureRedis);
buildKernels();

const steps = [
  ['lint and format', () => run('biome', ['check', '.'])],
  ['types', () => run('tsc', ['-p', '.'])],
  [
    'tests',
    () =>
      run('vitest', ['run', ...process.argv.slice(2)], {
        CHROME_PATH: chromium,
        REDIS_SERVER_PATH: redis,
      }),
  ],
];
const failed = steps.filter(([, step]) => !step()).map(([name]) => name);
if (failed.length > 0) {
  console.error(`npm test: failed: ${failed.join(', ')}`);
  process.exit(1);
}

function required(ensure) {
  try {
    return ensure();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
