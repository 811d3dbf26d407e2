/**
 * The bench in Node: the pipeline itself, without a worker. scripts/bench.mjs bundles and runs it; prints one line of JSON.
 *
 *   node dist/bench/node.js <model folder> <read-once.wasm> <rounds>
 */
import { readFile } from 'node:fs/promises';
import { createOnnxEngine } from '../../runtime/engines/onnx.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { loadModelPack } from '../../runtime/model-pack.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { createPipeline } from '../../runtime/pipeline.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import { createTokenCache } from '../../runtime/token-cache.ts';
import { type Generate, measure } from './measure.ts';

const [folder = '', readOnce = '', rounds = ''] = process.argv.slice(2);
const source = folderSource(folder, readFile);

async function load(): Promise<Generate> {
  const pack = await loadModelPack(source);
  const kernels = await loadKernels();
  const { codebookSize } = pack.manifest;
  const cache = await createTokenCache({ kernels, codebookSize, persist: false });
  const options = { device: 'wasm', numThreads: 1, logger: silentLogger } as const;
  const engine = await createOnnxEngine(pack, options);
  const pipeline = createPipeline({ pack, kernels, cache, engine });
  return (request) => pipeline.generate(completeRequest(request, request.seed, pack.manifest));
}

const figures = await measure(
  { load, weights: await source.read('lm-step.onnx'), readOnce: await readFile(readOnce) },
  Number(rounds),
);
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
