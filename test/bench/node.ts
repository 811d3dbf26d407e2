/**
 * The bench in Node: the pipeline itself, without a worker. scripts/bench.mjs bundles and runs it; prints one line of JSON.
 *
 *   node dist/bench/node.js <model folder> <read-once.wasm> <rounds>
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openNodePipeline } from '../../bake/node-pipeline.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import { type Generate, measure } from './measure.ts';

const [folder = '', readOnce = '', rounds = ''] = process.argv.slice(2);

async function load(): Promise<Generate> {
  const { pipeline, pack } = await openNodePipeline(folder);
  return (request) => pipeline.generate(completeRequest(request, request.seed, pack.manifest));
}

const subject = {
  load,
  weights: new Uint8Array(await readFile(join(folder, 'engine.safetensors'))),
  readOnce: await readFile(readOnce),
};
const figures = await measure(subject, Number(rounds));
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
