/**
 * Engine on our own kernels (assemblyscript/): text encoder, language model and codec decoder of a pack with
 * engine.safetensors and decoder.safetensors, on one CPU thread, without onnxruntime.
 *
 * int8 weights times activations of 26 bits, sums exact (assemblyscript/multiply.ts): the same bits on every machine.
 */
import type { Engine } from '../engine.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { ModelPack } from '../model-pack.ts';
import { readTensors } from '../safetensors.ts';
import { createWasmCodecDecoder } from './wasm-codec-decoder.ts';
import { createWasmLanguageModel } from './wasm-language-model.ts';
import { createWasmTextEncoder } from './wasm-text-encoder.ts';

/** Changes whenever the same request would give other codes. */
export const ARITHMETIC = 'wasm-1';

/**
 * @param kernels keep the weights from now on
 * @throws ModelPackError that names the tensor if one is missing, of another type or of another shape; RangeError if
 *   the memory cannot grow
 */
export async function createWasmEngine(pack: ModelPack, kernels: Kernels): Promise<Engine> {
  const files = await pack.load(['engine.safetensors', 'decoder.safetensors']);
  const [weights, decoderWeights] = [files['engine.safetensors'], files['decoder.safetensors']];
  kernels.memory.expect(weights.length + decoderWeights.length + ROOM);
  const tensors = readTensors(weights, 'engine.safetensors');
  const { manifest } = pack;
  const textEncoder = createWasmTextEncoder(kernels, manifest, tensors);
  const languageModel = createWasmLanguageModel(kernels, manifest, tensors);
  const decoderTensors = readTensors(decoderWeights, 'decoder.safetensors');
  const codec = createWasmCodecDecoder(kernels, manifest, decoderTensors);
  return {
    arithmetic: ARITHMETIC,
    device: 'wasm',
    encodeText: async (tokenIds) => textEncoder.encode(tokenIds),
    startTokens: async (text, options) => languageModel.start(text, options),
    openCodec: () => codec.open(),
    dispose: async () => {},
  };
}

/** What the first sound takes beside the weights; the memory grows by itself if it takes more. */
const ROOM = 16 * 2 ** 20;
