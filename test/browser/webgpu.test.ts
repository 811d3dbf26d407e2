/** The engine on WebGPU (here a software adapter), and what happens when its device goes away. */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SoundRequest } from '../../runtime/contract.ts';
import { createOnnxEngine } from '../../runtime/engines/onnx.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { type ModelPack, openModelPack } from '../../runtime/model-pack.ts';
import { urlSource } from '../../runtime/pack-source.ts';
import { createPipeline } from '../../runtime/pipeline.ts';
import { loadPromptTokenizer } from '../../runtime/text-encoder.ts';
import { createTokenCache } from '../../runtime/token-cache.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

let pack: ModelPack;
beforeAll(async () => {
  pack = await openModelPack(urlSource(new URL(`/${TINY_PACK}/`, location.href).href));
});
afterEach(() => vi.restoreAllMocks());

/** Devices that are made from now on. */
function watchDevices(): { destroy(): void }[] {
  const devices: { destroy(): void }[] = [];
  const { GPUAdapter } = globalThis as unknown as {
    GPUAdapter: { prototype: { requestDevice(): Promise<{ destroy(): void }> } };
  };
  const request = GPUAdapter.prototype.requestDevice;
  vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (
    this: unknown,
    ...given
  ) {
    const device = await request.apply(this as never, given);
    devices.push(device);
    return device;
  });
  return devices;
}

async function open(device: 'wasm' | 'webgpu', logger = silentLogger) {
  const kernels = await loadKernels();
  const cache = await createTokenCache({ kernels, codebookSize: 1024, persist: false });
  const create = (on: 'wasm' | 'webgpu') =>
    createOnnxEngine(pack, { device: on, numThreads: 1, kernels, logger });
  const engine = await create(device);
  const replaceEngine = () => create('wasm');
  const tokenizer = await loadPromptTokenizer(pack);
  const { manifest, hash: modelHash } = pack;
  const parts = { manifest, modelHash, tokenizer, engine, kernels, cache };
  return createPipeline({ ...parts, replaceEngine, logger });
}

function request(changes: Partial<SoundRequest> = {}): SoundRequest {
  const { sampling } = pack.manifest;
  const rest = { seed: 3, loop: false, priority: 0, ...changes };
  return { ...sampling, id: 1, prompt: 'rain', duration: 0.2, ...rest };
}

describe('WebGPU', () => {
  test('its logits are those of the WASM backend within 1e-3', async () => {
    const [gpu, cpu] = [(await open('webgpu')).engine, (await open('wasm')).engine];
    expect([gpu.device, cpu.device]).toEqual(['webgpu', 'wasm']);
    expect(gpu.arithmetic).not.toBe(cpu.arithmetic);
    const { sampling } = pack.manifest;
    const [a, b] = await Promise.all(
      [gpu, cpu].map(async (engine) => {
        const text = await engine.encodeText([101, 4542, 102]);
        return (await engine.startTokens(text, { ...sampling, codecFrames: 5, seed: 1 })).logits();
      }),
    );
    const worst = a!.reduce((most, value, i) => Math.max(most, Math.abs(value - b![i]!)), 0);
    expect(worst).toBeLessThan(1e-3);
    await Promise.all([gpu.dispose(), cpu.dispose()]);
  });

  test('no adapter: WASM and one warning', async () => {
    const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<unknown> } };
    vi.spyOn(gpu, 'requestAdapter').mockResolvedValue(null);
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const pipeline = await open('webgpu', logger);
    expect(pipeline.engine.device).toBe('wasm');
    expect((await pipeline.generate(request())).source).toBe('generated');
    expect(warnings.length).toBe(1);
    await pipeline.dispose();
  });

  test('device lost in mid-generation: the request goes on with WASM, one warning, the codes of WASM', async () => {
    const devices = watchDevices();
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message), info: () => {} };
    const pipeline = await open('webgpu', logger);
    expect(pipeline.engine.device).toBe('webgpu');
    const take = await pipeline.generate(request(), {
      onProgress: ({ stage, done }) => {
        if (stage === 'tokens' && done === 4) for (const device of devices) device.destroy();
      },
    });
    expect(pipeline.engine.device).toBe('wasm');
    expect(warnings).toEqual([
      'pipeline: the WebGPU device was lost, so generation goes on with WASM, slower.',
    ]);
    const plain = await open('wasm');
    expect((await plain.generate(request())).codes).toEqual(take.codes);
    await plain.dispose();
  });
});
