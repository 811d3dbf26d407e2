/**
 * npm run bake:demo: demo-scene/sounds.yaml baked with the embedded model into demo-scene/baked/. Commit what changes there.
 * What was made before is kept in demo-scene/baked/.scenefoley/, which is not committed; `-- --check` only says what is stale.
 */
import { ensureInstalled } from './install.mjs';
import { buildKernels, isFresh, mustRun } from './steps.mjs';

const SOURCES = ['bake', 'plugin', 'runtime', 'rollup.config.mjs', 'package-lock.json'];

ensureInstalled();
buildKernels();
if (!isFresh('dist/bake/cli.js', SOURCES)) {
  mustRun('rollup', ['-c', '--configOnly', 'bake', '--silent']);
}
const bake = ['bake', 'demo-scene/sounds.yaml', '-o', 'demo-scene/baked'];
mustRun('dist/bake/cli.js', [...bake, ...process.argv.slice(2)]);
