/**
 * npm run build: the library in dist/ (entries of package.json `exports`) with its declarations in dist/types/.
 */
import { ensureInstalled } from './install.mjs';
import { buildKernels, mustRun } from './steps.mjs';

ensureInstalled();
buildKernels();
mustRun('rollup', ['-c', '--silent']);
mustRun('tsc', ['-p', 'tsconfig.build.json']);
console.log('build: dist/ is ready');
