/** The runtime's pipeline in Node: the same file as in the worker, the model read from a folder, codes kept in memory. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createEngine } from '../runtime/choose-engine.ts';
import { loadFastestKernels } from '../runtime/kernels/fastest-kernels.ts';
import type { Kernels } from '../runtime/kernels/kernels.ts';
import { type Logger, silentLogger } from '../runtime/logger.ts';
import { type ModelPack, openModelPack, type PackSource } from '../runtime/model-pack.ts';
import { folderSource } from '../runtime/pack-source.ts';
import { createPipeline, type Pipeline } from '../runtime/pipeline.ts';
import type { EngineFactory } from '../runtime/service.ts';
import { loadPromptTokenizer } from '../runtime/text-encoder.ts';
import { createTokenCache } from '../runtime/token-cache.ts';

/** The model that comes with the package; what is built lies in dist/bake/. */
export const EMBEDDED_MODEL = new URL('../../models/foley-tiny/', import.meta.url);

export interface NodePipeline {
  pipeline: Pipeline;
  pack: ModelPack;
  kernels: Kernels;
}

/** Reads model.json alone. @param folder path or file: URL @throws ModelPackError */
export function openModelFolder(folder: string): Promise<ModelPack> {
  return openModelPack(modelSource(folder));
}

/** @param folder path or file: URL */
export function modelSource(folder: string): PackSource {
  return folderSource(modelPathOf(folder), readFile);
}

/** @param folder path or file: URL */
export function modelPathOf(folder: string): string {
  return folder.startsWith('file:') ? fileURLToPath(folder) : folder;
}

/**
 * @param folder path or file: URL of a model pack
 * @throws ModelPackError
 */
export async function openNodePipeline(
  folder: string,
  logger: Logger = silentLogger,
  makeEngine: EngineFactory = createEngine,
): Promise<NodePipeline> {
  const pack = await openModelFolder(folder);
  const { manifest, hash: modelHash } = pack;
  const kernels = await loadFastestKernels();
  const { codebookSize } = manifest;
  const cache = await createTokenCache({ kernels, codebookSize, persist: false, logger });
  const tokenizer = await loadPromptTokenizer(pack);
  const engine = await makeEngine(pack, { device: 'wasm', numThreads: 1, kernels, logger });
  const parts = { manifest, modelHash, tokenizer, engine, kernels, cache, logger };
  return { pipeline: createPipeline(parts), pack, kernels };
}
