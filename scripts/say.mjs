/**
 * npm run say -- "heavy wooden door slams" --seed 3 -o door.wav
 * Builds dist/bake/cli.js from bake/ when it is out of date, and runs it with the same arguments.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';
import { buildKernels, isFresh, mustRun } from './steps.mjs';

const SOURCES = ['bake', 'runtime', 'rollup.config.mjs', 'package-lock.json'];

ensureInstalled();
buildKernels();
if (!isFresh('dist/bake/cli.js', SOURCES)) {
  mustRun('rollup', ['-c', '--configOnly', 'bake', '--silent']);
}

// npm runs scripts in the package's folder; paths are meant from where the user stands.
const words = [join(root, 'dist/bake/cli.js'), 'say', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, words, {
  cwd: process.env.INIT_CWD,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
