/** npm run docs:sounds: schema/sounds.schema.json and the reference in docs/sound-map.md, from plugin/sound-map/. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, root } from './install.mjs';

ensureInstalled();
const { runnerImport } = await import('vite');
const { module } = await runnerImport(join(root, 'scripts/sound-map/files.ts'));
for (const [path, text] of module.makeFiles(root)) {
  writeFileSync(join(root, path), text);
  console.log(`sound-map: ${path} is up to date`);
}
