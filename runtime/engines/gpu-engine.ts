/**
 * Engine on WebGPU: the language model runs there, text encoder and codec decoder stay in the kernels, which take
 * milliseconds for what would be one more wait for the GPU each.
 *
 *   prompt ── kernels ──▶ keys and values of the text ── once a sound ──▶ GPU: 8 steps a run ── codes ──▶ kernels ──▶ PCM
 */
import type { Engine } from '../engine.ts';
import { loopSeam } from '../finishing.ts';
import type { Bytes, ModelPack } from '../model-pack.ts';
import { readTensors } from '../safetensors.ts';
import type { EngineOptions } from '../service.ts';
import { REQUEST_LIMITS } from '../sound-request.ts';
import { createGpuArrays } from './gpu-arrays.ts';
import { createGpuLanguageModel, type RunSteps } from './gpu-language-model.ts';
import { type ExternalData, fillPlaces } from './graph-weights.ts';
import { createWasmCodecDecoder } from './wasm-codec-decoder.ts';
import { createWasmLanguageModel } from './wasm-language-model.ts';
import { createWasmTextEncoder } from './wasm-text-encoder.ts';

/** lm-steps.onnx, ready to run. */
export interface StepsGraph {
  /** See Engine. */
  arithmetic: string;
  device: GPUDevice;
  stepsPerRun: number;
  /** @throws DeviceLostError */
  run: RunSteps;
  release(): Promise<void>;
}

export type OpenStepsGraph = (
  bytes: Bytes,
  externalData: ExternalData[],
  options: EngineOptions,
) => Promise<StepsGraph>;

/** @throws ModelPackError, and what `openSteps` throws */
export async function createGpuEngine(
  pack: ModelPack,
  options: EngineOptions,
  openSteps: OpenStepsGraph,
): Promise<Engine> {
  const { manifest } = pack;
  const { kernels } = options;
  const files = await pack.load(['engine.safetensors', 'decoder.safetensors', 'lm-steps.onnx']);
  const tensors = readTensors(files['engine.safetensors'], 'engine.safetensors');
  const decoderTensors = readTensors(files['decoder.safetensors'], 'decoder.safetensors');
  const places = fillPlaces(manifest.graphs?.['lm-steps.onnx'] ?? [], tensors);
  const graph = await openSteps(files['lm-steps.onnx'], places, options);
  const textEncoder = createWasmTextEncoder(kernels, manifest, tensors);
  const reader = createWasmLanguageModel(kernels, manifest, tensors);
  const codec = createWasmCodecDecoder(kernels, manifest, decoderTensors);
  const arrays = createGpuArrays(graph.device);
  const longest = REQUEST_LIMITS.duration.max + loopSeam(REQUEST_LIMITS.duration.max);
  const languageModel = createGpuLanguageModel({
    ...{ run: graph.run, stepsPerRun: graph.stepsPerRun, arrays, kernels, manifest },
    longest: Math.ceil(longest * manifest.codecFrameRate) + manifest.numCodebooks - 1,
    rotary: tensors.f32('lm.rotary', [manifest.languageModel.headDim / 2]),
    readText: reader.read,
  });
  await languageModel.warmUp();
  return {
    arithmetic: graph.arithmetic,
    device: 'webgpu',
    encodeText: async (tokenIds) => textEncoder.encode(tokenIds),
    startTokens: async (text, asked) => languageModel.start(text, asked),
    openCodec: () => codec.open(),
    async dispose() {
      await graph.release();
      arrays.dispose();
    },
  };
}
