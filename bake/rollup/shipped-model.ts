/**
 * The files of a model pack that a game gets, as they lie in its folder.
 *
 *   'decoder'   model.json, decoder.safetensors      baked sounds play
 *   'all'       every file that model.json names     what is not baked is made, too
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModelPack } from '../../runtime/model-pack.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { modelPathOf } from '../node-pipeline.ts';

export interface ShippedModel {
  /** Of the pack: another model, another one. */
  readonly hash: string;
  /** In its folder, model.json first. */
  readonly names: readonly string[];
  /** @throws Error of the file system */
  read(name: string): Promise<Uint8Array>;
}

/** @param model path or file: URL @throws ModelPackError */
export async function openShippedModel(
  model: string,
  ship: 'decoder' | 'all',
): Promise<ShippedModel> {
  const folder = modelPathOf(model);
  const { manifest, hash } = await openModelPack(folderSource(folder, readFile));
  const files = ship === 'all' ? Object.keys(manifest.files) : ['decoder.safetensors'];
  return { hash, names: ['model.json', ...files], read: (name) => readFile(join(folder, name)) };
}
