/** npm run calibrate -- FOLDER: see bake/calibrate.ts. */
import { ensureInstalled } from './install.mjs';
import { buildKernels, mustRun } from './steps.mjs';

ensureInstalled();
buildKernels();
mustRun('rollup', ['-c', '--configOnly', 'bake', '--silent']);
mustRun('dist/bake/calibrate.js', process.argv.slice(2));
