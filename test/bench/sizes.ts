/**
 * How a step's cost grows with the number of parameters: the model with blocks left out, or used again, which is nonsense to
 * hear and the same work to compute.
 */
import { measureStepMs } from '../../runtime/choose-device.ts';
import { createWasmEngine } from '../../runtime/engines/wasm.ts';
import { loadFastestKernels } from '../../runtime/kernels/fastest-kernels.ts';
import { type ModelPack, withFiles } from '../../runtime/model-pack.ts';
import { readTensors } from '../../runtime/safetensors.ts';

const BLOCKS = [2, 4, 8, 16];
const TOKEN_IDS = [101, 5568, 2341, 9775, 2015, 102];

/** @returns milliseconds of a step by millions of parameters of the language model */
export async function measureSizes(pack: ModelPack): Promise<Record<string, number>> {
  const files = await pack.load(['engine.safetensors', 'decoder.safetensors']);
  const { manifest } = pack;
  const times: Record<string, number> = {};
  for (const layers of BLOCKS) {
    const weights = withBlocks(files['engine.safetensors'], layers);
    const sized = { ...manifest, languageModel: { ...manifest.languageModel, layers } };
    const other = withFiles(
      { ...pack, manifest: sized },
      { ...files, 'engine.safetensors': weights },
    );
    const engine = await createWasmEngine(other, await loadFastestKernels());
    times[millionsOf(weights)] = await measureStepMs(engine, TOKEN_IDS, manifest);
    await engine.dispose();
  }
  return times;
}

/** The same data under a header that names so many blocks: those there are, over and over. */
function withBlocks(weights: Uint8Array<ArrayBuffer>, count: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(weights.buffer, weights.byteOffset);
  const begin = 8 + Number(view.getBigUint64(0, true));
  const header: Record<string, unknown> = JSON.parse(
    new TextDecoder().decode(weights.subarray(8, begin)),
  );
  const parts = Object.entries(header).map(([name, entry]) => ({
    block: /^lm\.blocks\.(\d+)\.(.*)/.exec(name),
    name,
    entry,
  }));
  const there = 1 + Math.max(...parts.map(({ block }) => Number(block?.[1] ?? -1)));
  const entries = parts.flatMap(({ block, name, entry }) => {
    if (block === null) return [[name, entry]];
    const [, index, part] = block;
    return Array.from({ length: count }, (_, i) => i)
      .filter((i) => i % there === Number(index))
      .map((i) => [`lm.blocks.${i}.${part}`, entry]);
  });
  const text = JSON.stringify(Object.fromEntries(entries));
  const padded = new TextEncoder().encode(text + ' '.repeat(64 - ((8 + text.length) % 64)));
  const file = new Uint8Array(8 + padded.length + weights.length - begin);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded.length), true);
  file.set(padded, 8);
  file.set(weights.subarray(begin), 8 + padded.length);
  return file;
}

function millionsOf(weights: Uint8Array<ArrayBuffer>): string {
  const tensors = readTensors(weights, 'engine.safetensors');
  const counts = tensors.names
    .filter((name) => name.startsWith('lm.') && !name.endsWith('.scale'))
    .map((name) => tensors.get(name).data.length);
  return (counts.reduce((sum, count) => sum + count, 0) / 1e6).toFixed(1);
}
