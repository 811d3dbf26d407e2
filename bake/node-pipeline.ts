/** The runtime's pipeline in Node: the same file as in the worker, the model read from a folder, codes kept in memory. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createOnnxEngine } from '../runtime/engines/onnx.ts';
import { loadKernels } from '../runtime/kernels/kernels.ts';
import { type Logger, silentLogger } from '../runtime/logger.ts';
import { loadModelPack, type ModelPack } from '../runtime/model-pack.ts';
import { folderSource } from '../runtime/pack-source.ts';
import { createPipeline, type Pipeline } from '../runtime/pipeline.ts';
import { createTokenCache } from '../runtime/token-cache.ts';

export interface NodePipeline {
  pipeline: Pipeline;
  pack: ModelPack;
}

/**
 * @param folder path or file: URL of a model pack
 * @throws ModelPackError
 */
export async function openNodePipeline(
  folder: string,
  logger: Logger = silentLogger,
): Promise<NodePipeline> {
  const path = folder.startsWith('file:') ? fileURLToPath(folder) : folder;
  const pack = await loadModelPack(folderSource(path, readFile));
  const kernels = await loadKernels();
  const { codebookSize } = pack.manifest;
  const cache = await createTokenCache({ kernels, codebookSize, persist: false, logger });
  const engine = await createOnnxEngine(pack, { device: 'wasm', numThreads: 1, logger });
  return { pipeline: createPipeline({ pack, engine, kernels, cache, logger }), pack };
}
