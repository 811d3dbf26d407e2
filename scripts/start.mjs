/**
 * npm start: installs what is missing, builds the demo scene, serves it on 127.0.0.1 and prints its address.
 * PORT chooses the port (default 5173, or the next free one). Nothing is fetched from another origin. Takes that are locked or
 * banned in the page are written into demo-scene/sounds.yaml, and what is changed there is heard at once.
 */
import { ensureInstalled } from './install.mjs';
import { buildKernels } from './steps.mjs';

const SITE = { page: 'demo-scene', outDir: 'dist/demo' };

const port = Number(process.env.PORT ?? 5173);
if (!Number.isInteger(port) || port < 1 || port > 65535) {
  console.error(`start: PORT must be a whole number from 1 to 65535, got ${process.env.PORT}.`);
  process.exit(1);
}

ensureInstalled();
buildKernels();
console.log('start: building the demo scene');
const { buildSite, serveSite } = await import('./site.mjs');
await buildSite(SITE);
const { url } = await serveSite({ ...SITE, port, writable: true });
console.log(`SceneFoley demo scene: ${url}   (Ctrl+C ends it)`);
