/**
 * npm start: installs what is missing, builds the demo scene, serves it on 127.0.0.1 and prints its address.
 * PORT chooses the port (default 5173, or the next free one). Nothing is fetched from another origin.
 */
import { ensureInstalled } from './install.mjs';
import { buildKernels } from './steps.mjs';

const SITE = { page: 'demo-scene', outDir: 'dist/demo' };

ensureInstalled();
buildKernels();
const { buildSite, serveSite } = await import('./site.mjs');
await buildSite(SITE);
const { url } = await serveSite({ ...SITE, port: Number(process.env.PORT ?? 5173) });
console.log(`SceneFoley demo scene: ${url}`);
