/** What a model pack weighs, by its model.json alone. Fetched on demand: few pages ask. */
import { absoluteFolder } from './absolute-url.ts';
import type { DeviceChoice } from './contract.ts';
import { engineFor } from './model-manifest.ts';
import { packSize, readManifest } from './model-pack.ts';
import { urlSource } from './pack-source.ts';

/**
 * @param modelUrl folder, relative to the page or absolute
 * @returns bytes of the files that the device needs
 * @throws ModelPackError
 */
export async function downloadSize(modelUrl: string, device?: DeviceChoice): Promise<number> {
  const manifest = await readManifest(urlSource(absoluteFolder(modelUrl)));
  return packSize(manifest, engineFor(manifest, device === 'webgpu' ? 'webgpu' : 'wasm'));
}
