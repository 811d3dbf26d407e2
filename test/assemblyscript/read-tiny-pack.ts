/** Numbers and weights of the tiny pack, without the networks. */
import { readFile } from 'node:fs/promises';
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import { readTensors, type TensorFile } from '../../runtime/safetensors.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

export async function readTinyManifest(): Promise<ModelManifest> {
  return JSON.parse(await readFile(`${TINY_PACK}/model.json`, 'utf8'));
}

export async function readTinyTensors(
  file: 'engine.safetensors' | 'decoder.safetensors',
): Promise<TensorFile> {
  return readTensors(new Uint8Array(await readFile(`${TINY_PACK}/${file}`)), file);
}
