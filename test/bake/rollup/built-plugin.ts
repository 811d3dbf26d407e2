/** The plugin as it is published: built, with its worker threads beside it. Node cannot run the sources as they are. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rollup } from 'rollup';
import type { sceneFoley } from '../../../bake/rollup.ts';
import configure from '../../../rollup.config.mjs';
import { root } from '../../support/source-files.ts';

export interface BuiltPlugin {
  sceneFoley: typeof sceneFoley;
  remove(): void;
}

/** @param name of a folder in dist/: two test files may build at once */
export async function buildPlugin(name: string): Promise<BuiltPlugin> {
  const dir = join(root, 'dist', name);
  for (const { output, ...input } of configure({ configOnly: 'bake' })) {
    const bundle = await rollup(input);
    await bundle.write({ ...output, dir, sourcemap: false });
    await bundle.close();
  }
  const module = await import(pathToFileURL(join(dir, 'rollup.js')).href);
  return { ...module, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
