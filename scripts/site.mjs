/**
 * Builds a page with Vite and serves it with everything it needs from its own origin:
 *
 *   <outDir>/index.html, assets/…      the page and the worker
 *   <outDir>/models/foley-tiny/…       the embedded model pack
 *   <outDir>/sounds.yaml               the page's sound map, if it has one
 *   <outDir>/sounds.foley              what was baked of it with the embedded model, where the page is served with that model
 *   <outDir>/ort/…                     onnxruntime-web's .wasm and .mjs, fetched only when the model is loaded
 *
 * Import it after `ensureInstalled()`: it needs Vite. Used by npm start and npm run bench.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { root } from './install.mjs';
import { soundsFile } from './sounds-file.mjs';

const ORT = 'node_modules/onnxruntime-web/dist';
const MODEL = 'models/foley-tiny';
/** The CPU backend, and the one with WebGPU. */
const ORT_FILES = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'];

/**
 * @param {{ page: string, outDir: string, model?: string, extra?: Record<string, string> }} options folder with
 *   index.html, where to build, the model pack, all relative to the repository; extra files and folders by their name in
 *   outDir.
 */
export async function buildSite({ page, outDir, model = MODEL, extra = {} }) {
  await build({ ...settings({ page, outDir }), logLevel: 'warn' });
  copyFolder(model, join(outDir, MODEL));
  const baked = join(root, page, 'baked/sounds.foley');
  if (model === MODEL && existsSync(baked)) cpSync(baked, join(root, outDir, 'sounds.foley'));
  mkdirSync(join(root, outDir, 'ort'), { recursive: true });
  for (const name of ORT_FILES) {
    for (const extension of ['mjs', 'wasm']) {
      const file = `${name}.${extension}`;
      cpSync(join(root, ORT, file), join(root, outDir, 'ort', file));
    }
  }
  for (const [name, file] of Object.entries(extra)) {
    cpSync(file, join(root, outDir, name), { recursive: true });
  }
}

/**
 * @param {{ page: string, outDir: string, port: number, writable?: boolean }} options the port, or the next free one after it;
 *   whether the page may change its sound map's source.
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function serveSite({ page, outDir, port, writable = false }) {
  const server = await preview({
    ...settings({ page, outDir, writable }),
    preview: { host: '127.0.0.1', port, strictPort: false },
  });
  const address = server.httpServer.address();
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

/** `mpa`: a missing file answers 404, not the page. */
function settings({ page, outDir, writable = false }) {
  const sounds = join(root, page, 'sounds.yaml');
  return {
    configFile: false,
    root: join(root, page),
    base: './',
    appType: 'mpa',
    worker: { format: 'es' },
    plugins: existsSync(sounds) ? [soundsFile({ file: sounds, writable })] : [],
    build: {
      outDir: join(root, outDir),
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: 8000,
      // The demo makes its runtime itself: then the library has nothing to fetch on demand.
      rolldownOptions: { checks: { pluginTimings: false, ineffectiveDynamicImport: false } },
    },
  };
}

function copyFolder(from, to) {
  rmSync(join(root, to), { recursive: true, force: true });
  if (!existsSync(join(root, from)))
    throw new Error(`site: ${from}/ is missing. Check it out again.`);
  for (const name of readdirSync(join(root, from))) {
    cpSync(join(root, from, name), join(root, to, name), { recursive: true });
  }
}
