/** The text encoder of a pack in the kernels: token ids → token states. Structures: assemblyscript/text-encoder.ts. */
import type { TextEmbedding } from '../engine.ts';
import { ModelPackError } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ModelManifest } from '../model-manifest.ts';
import type { TensorFile } from '../safetensors.ts';
import { createLayout, halvesBytes, type Layout, roundUp } from './layout.ts';

export interface WasmTextEncoder {
  /** @throws RangeError if an id is not in the vocabulary or there are more than `maxTokens`. */
  encode(tokenIds: number[]): TextEmbedding;
}

const EPSILON = 1e-12;

/** @throws ModelPackError that names the tensor if one is missing or of another shape. */
export function createWasmTextEncoder(
  kernels: Kernels,
  { textEncoder }: ModelManifest,
  tensors: TensorFile,
): WasmTextEncoder {
  const { layers, heads, readLayers, maxTokens, width: statesWidth } = textEncoder;
  if (layers === undefined || heads === undefined || readLayers === undefined) {
    throw new ModelPackError(
      'wasm-text-encoder: model.json: expected textEncoder with layers, heads and readLayers, found none. Export the model again.',
    );
  }
  const { memory, call } = kernels;
  const layout = createLayout(kernels, tensors);
  const width = statesWidth / readLayers.length;
  const [vocabulary = 0] = tensors.get('text.words.weight').shape;
  const layerStructs = Array.from({ length: layers }, (_, i) => layLayer(layout, i, width));
  const model = layout.struct([
    ...[layers, heads, width, layout.matrix('text.words', width, vocabulary)],
    ...[layout.table('text.positions', [maxTokens, width])],
    ...[layout.norm('text.norm', width, EPSILON), layout.struct(layerStructs)],
    ...[readLayers.length, layout.struct(readLayers)],
  ]);
  const room = layout.struct([
    layout.room(4 * maxTokens * width),
    layout.room(16 * maxTokens * width),
    layout.room(maxTokens * halvesBytes(4 * width)),
    layout.room(4 * roundUp(maxTokens, 4)),
  ]);
  const ids = layout.room(2 * maxTokens);
  const states = layout.room(4 * maxTokens * statesWidth);

  return {
    encode(tokenIds) {
      const length = tokenIds.length;
      if (
        length < 1 ||
        length > maxTokens ||
        tokenIds.some((id) => !(id >= 0 && id < vocabulary))
      ) {
        throw new RangeError(
          `wasm-text-encoder: 1 to ${maxTokens} token ids from 0 to ${vocabulary - 1} are wanted, we got ${tokenIds}. Check tokenizer.json.`,
        );
      }
      memory.u16(ids, length).set(tokenIds);
      call.encodeText(model, ids, length, room, states);
      const data = memory.f32(states, length * statesWidth).slice();
      return { data, length, width: statesWidth };
    },
  };
}

function layLayer(layout: Layout, index: number, width: number): number {
  const name = (part: string) => `text.layers.${index}.${part}`;
  const matrix = (part: string, inputs: number, outputs: number) =>
    layout.matrix(name(part), inputs, outputs, { bias: true });
  return layout.struct([
    ...['query', 'key', 'value', 'out'].map((part) => matrix(part, width, width)),
    layout.norm(name('norm_attention'), width, EPSILON),
    matrix('up', width, 4 * width),
    matrix('down', 4 * width, width),
    layout.norm(name('norm_out'), width, EPSILON),
  ]);
}
