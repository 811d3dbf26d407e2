/**
 * The library's entries (see package.json `exports`) and the Node command. `rollup -c --configOnly bake`: one group only.
 * Declarations come from `tsc -p tsconfig.build.json`.
 */
import { readFileSync } from 'node:fs';
import resolve from '@rollup/plugin-node-resolve';
import esbuild from 'rollup-plugin-esbuild';

/** Heavy packages that the player's own build resolves once. */
const PEERS = [/^@babylonjs\//, /^three$/, /^onnxruntime-web/];
/** In Node every package and every Node module stays outside. */
const PACKAGES = /^[^./]/;

const GROUPS = {
  library: group(
    {
      scenefoley: 'plugin/index.ts',
      babylon: 'plugin/engines/babylon.ts',
      'babylon-inspector': 'plugin/engines/babylon/inspector-pane.ts',
      captions: 'plugin/captions/caption-element.ts',
      // Under names of their own: builds without the model take the one for the other (bake/rollup/without-model.ts).
      'live-runtime': 'runtime/client.ts',
      'without-model': 'runtime/without-model.ts',
      'sound-map': 'plugin/sound-map/tools.ts',
      three: 'plugin/engines/three.ts',
    },
    PEERS,
  ),
  worker: group({ worker: 'runtime/worker.ts' }, PEERS),
  player: group({ player: 'runtime/player.ts' }, PEERS),
  'dev-client': group({ 'dev-client': 'bake/rollup/dev-client.ts' }, PEERS),
  'player-worker': group({ 'player-worker': 'runtime/player/player-worker.ts' }, PEERS),
  bake: group(
    {
      cli: 'bake/cli.ts',
      bake: 'bake/bake.ts',
      rollup: 'bake/rollup.ts',
      'take-thread': 'bake/take-thread.ts',
      calibrate: 'bake/calibrate.ts',
    },
    [PACKAGES],
    'dist/bake',
  ),
  audition: {
    ...group({ main: 'bake/audition/page/main.ts' }, PEERS, 'dist/bake/audition'),
    plugins: [
      besideIt('bake/audition/page', ['index.html', 'style.css']),
      resolve({ browser: true, extensions: ['.ts'] }),
      esbuild({ target: 'es2022', tsconfig: false }),
    ],
  },
  bench: group(
    { node: 'test/bench/node.ts', formats: 'test/bench/formats.ts' },
    [PACKAGES],
    'dist/bench',
  ),
  reference: group(
    { 'transformers-node': 'test/bench/transformers-node.ts' },
    [PACKAGES],
    'dist/bench',
  ),
};
const PUBLISHED = [
  'library',
  'worker',
  'player',
  'player-worker',
  'dev-client',
  'bake',
  'audition',
];

/** @param {{ configOnly?: string }} flags name of one group; default: the published ones. */
export default function configure(flags) {
  const names = flags.configOnly ? [flags.configOnly] : PUBLISHED;
  delete flags.configOnly;
  return names.map((name) => GROUPS[name]);
}

/** One folder of ES modules from one list of entries; code that entries share goes into chunks beside them. */
function group(input, external, dir = 'dist') {
  const inNode = external.includes(PACKAGES);
  return {
    input,
    external,
    plugins: [
      workerBesideChunk(),
      resolve({ browser: !inNode, extensions: ['.mjs', '.js', '.ts'] }),
      esbuild({ target: 'es2022', tsconfig: false, sourceMap: true }),
    ],
    output: { dir, format: 'es', sourcemap: true, chunkFileNames: 'shared-[hash].js' },
  };
}

/** Files of a page that are taken as they are. */
function besideIt(folder, names) {
  return {
    name: 'beside-it',
    generateBundle() {
      for (const fileName of names) {
        const source = readFileSync(new URL(`${folder}/${fileName}`, import.meta.url));
        this.emitFile({ type: 'asset', fileName, source });
      }
    },
  };
}

/** The sources start `./worker.ts` and the like; what is built starts `.js` files, which lie beside every chunk. */
function workerBesideChunk() {
  return {
    name: 'worker-beside-chunk',
    renderChunk: (code) => ({
      code: code.replace(
        /(['"])\.{1,2}\/(?:player\/)?(worker|player-worker|take-thread)\.ts\1/g,
        '$1./$2.js$1',
      ),
      map: null,
    }),
  };
}
