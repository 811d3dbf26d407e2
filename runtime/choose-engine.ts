/** Which engine makes a pack's sounds on a device. Those that few pages use are chunks of their own, loaded when they are wanted. */
import { lackOfWebGpu } from './choose-device.ts';
import type { Engine } from './engine.ts';
import { ARITHMETIC, createWasmEngine } from './engines/wasm.ts';
import { isNamed, messageOf } from './errors.ts';
import { engineFor, type ModelManifest } from './model-manifest.ts';
import type { ModelPack } from './model-pack.ts';
import type { EngineOptions } from './service.ts';

/** Where WebGPU cannot be used the engine is a WASM one, with one warning. @throws ModelPackError, and what onnxruntime throws */
export async function createEngine(pack: ModelPack, options: EngineOptions): Promise<Engine> {
  const { logger, device } = options;
  const { manifest } = pack;
  if (device === 'webgpu') {
    const engine = await tryWebGpu(pack, options);
    if (typeof engine !== 'string') return engine;
    logger.warn(`choose-engine: no WebGPU here (${engine}), so sounds are made with WASM.`);
  }
  if (engineFor(manifest, 'wasm') === 'kernels') return createWasmEngine(pack, options.kernels);
  logger.info(
    `choose-engine: ${manifest.name} has no engine weights, so onnxruntime makes its sounds: a larger download, slower. Export the model again.`,
  );
  const { createOnnxEngine } = await import('./engines/onnx.ts');
  return createOnnxEngine(pack, options);
}

/** Of the engine that `createEngine` makes for the CPU; no weights are read. */
export async function arithmeticOf(manifest: ModelManifest): Promise<string> {
  if (engineFor(manifest, 'wasm') === 'kernels') return ARITHMETIC;
  const { cpuArithmetic } = await import('./engines/onnx.ts');
  return cpuArithmetic();
}

/** @returns the engine, or what is in the way of it. @throws ModelPackError */
async function tryWebGpu(pack: ModelPack, options: EngineOptions): Promise<Engine | string> {
  if (engineFor(pack.manifest, 'webgpu') !== 'webgpu') {
    return `${pack.manifest.name} has no lm-steps.onnx`;
  }
  const lack = await lackOfWebGpu();
  if (lack !== undefined) return lack;
  try {
    const { createGpuEngine } = await import('./engines/gpu-engine.ts');
    const { openStepsGraph } = await import('./engines/onnx.ts');
    return await createGpuEngine(pack, options, openStepsGraph);
  } catch (error) {
    if (isNamed(error, 'ModelPackError')) throw error;
    return messageOf(error);
  }
}
