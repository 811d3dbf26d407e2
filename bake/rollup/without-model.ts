/**
 * Builds of games that only play what is baked: our package's `without-model.js` is taken for the `live-runtime.js` beside it, so
 * that the bundler meets neither the worker of the model nor onnxruntime, whose .wasm files it would copy.
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const LIVE = 'live-runtime.js';
const STAND_IN = 'without-model.js';

/**
 * @param id of a module, a path where it is a file
 * @returns the code in its place; null: it stays as it is
 */
export function withoutModel(id: string): string | null {
  const [path = ''] = id.split('?');
  const isOurs = basename(path) === LIVE && existsSync(join(dirname(path), STAND_IN));
  return isOurs ? `export * from './${STAND_IN}';` : null;
}
