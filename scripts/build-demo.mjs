/**
 * npm run build:demo: the demo scene as a folder that any static host can serve, at any path: dist/demo/.
 * No special headers are needed; under a Content-Security-Policy it needs what docs/deployment.md says.
 */
import { ensureInstalled } from './install.mjs';
import { buildKernels } from './steps.mjs';

ensureInstalled();
buildKernels();
const { buildSite } = await import('./site.mjs');
await buildSite({ page: 'demo-scene', outDir: 'dist/demo' });
console.log('build:demo: dist/demo/ is ready. Copy it to any static host.');
