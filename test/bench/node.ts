/**
 * The bench in Node: the pipeline itself, without a worker. scripts/bench.mjs bundles and runs it; prints one line of JSON.
 *
 *   node dist/bench/node.js <model folder> <read-once.wasm> <rounds>
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import { createOnnxEngine } from '../../runtime/engines/onnx.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import { type BenchRuntime, measure } from './measure.ts';

const [folder = '', readOnce = '', rounds = ''] = process.argv.slice(2);

function runtimeOf({ pipeline, pack }: NodePipeline): BenchRuntime {
  let id = 0;
  const complete = (request: Parameters<BenchRuntime['generate']>[0]) =>
    completeRequest(request, ++id, pack.manifest);
  return {
    generate: (request) => pipeline.generate(complete(request)),
    stream: (request) => pipeline.stream(complete(request)),
  };
}

let ours: NodePipeline | undefined;
const subject = {
  async load() {
    ours = await openNodePipeline(folder);
    return runtimeOf(ours);
  },
  loadOrt: async () => runtimeOf(await openNodePipeline(folder, undefined, createOnnxEngine)),
  pack: async () => (ours ?? (await openNodePipeline(folder))).pack,
  memoryMb: () => (ours?.kernels.memory.size ?? 0) / 2 ** 20,
  weights: new Uint8Array(await readFile(join(folder, 'engine.safetensors'))),
  readOnce: await readFile(readOnce),
};
const figures = await measure(subject, Number(rounds));
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
