/**
 * npm run say -- "heavy wooden door slams" --seed 3 -o door.wav
 * Builds dist/bake/cli.js from bake/ when it is out of date, and runs it with the same arguments.
 */
import { ensureInstalled } from './install.mjs';
import { buildKernels, isFresh, mustRun } from './steps.mjs';

const SOURCES = ['bake', 'runtime', 'rollup.config.mjs', 'package-lock.json'];

ensureInstalled();
buildKernels();
if (!isFresh('dist/bake/cli.js', SOURCES)) {
  mustRun('rollup', ['-c', '--configOnly', 'bake', '--silent']);
}
mustRun('dist/bake/cli.js', ['say', ...process.argv.slice(2)]);
