/**
 * The reference of the bench in Node. scripts/bench-transformers.mjs bundles and runs it; prints one line of JSON.
 *
 *   node dist/bench/transformers-node.js <folder that musicgen/ lies in>
 */
import * as ort from 'onnxruntime-web';
import { measureTransformersJs } from './transformers-js.ts';

const [models = ''] = process.argv.slice(2);
const figures = await measureTransformersJs({ ort, models: `${models}/` });
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
