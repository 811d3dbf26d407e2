/**
 * npm start: installs what is missing, builds the demo scene, serves it on 127.0.0.1 and prints its address.
 * npm start -- examples/three: the same with another page.
 * PORT chooses the port (default 5173, or the next free one). Nothing is fetched from another origin.
 */
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { buildKernels } from './steps.mjs';

const page = process.argv[2] ?? 'demo-scene';
const SITE = { page, outDir: page === 'demo-scene' ? 'dist/demo' : join('dist', page) };

const port = Number(process.env.PORT ?? 5173);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  console.error(`start: PORT must be a whole number from 1 to 65535, got ${process.env.PORT}.`);
  process.exit(1);
}

ensureInstalled();
buildKernels();
console.log(`start: building ${page}`);
const { buildSite, serveSite } = await import('./site.mjs');
await buildSite(SITE);
const { url } = await serveSite({ ...SITE, port });
console.log(`SceneFoley, ${page}: ${url}   (Ctrl+C ends it)`);
