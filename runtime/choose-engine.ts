/** Which engine makes a pack's sounds on a device. */
import type { Engine } from './engine.ts';
import { createOnnxEngine } from './engines/onnx.ts';
import { createWasmEngine } from './engines/wasm.ts';
import { engineFor } from './model-manifest.ts';
import type { ModelPack } from './model-pack.ts';
import type { EngineOptions } from './service.ts';

/** @throws ModelPackError, and what onnxruntime throws */
export async function createEngine(pack: ModelPack, options: EngineOptions): Promise<Engine> {
  const { manifest } = pack;
  if (engineFor(manifest, options.device) === 'kernels') {
    return createWasmEngine(pack, options.kernels);
  }
  if (options.device === 'wasm') {
    options.logger.info(
      `choose-engine: ${manifest.name} has no engine weights, so onnxruntime makes its sounds: a larger download, slower. Export the model again.`,
    );
  }
  return createOnnxEngine(pack, options);
}
