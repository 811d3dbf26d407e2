/**
 * The bench in a page: the client and its worker, as a game uses them; onnxruntime in the page itself.
 * scripts/bench.mjs calls `runBench`.
 */
import { createRuntimeClient } from '../../../runtime/client.ts';
import { createOnnxEngine } from '../../../runtime/engines/onnx.ts';
import { loadKernels } from '../../../runtime/kernels/kernels.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { openModelPack } from '../../../runtime/model-pack.ts';
import { urlSource } from '../../../runtime/pack-source.ts';
import { createPipeline } from '../../../runtime/pipeline.ts';
import { completeRequest } from '../../../runtime/sound-request.ts';
import { loadPromptTokenizer } from '../../../runtime/text-encoder.ts';
import { createTokenCache } from '../../../runtime/token-cache.ts';
import { type BenchFigures, type BenchRuntime, measure } from '../measure.ts';
import { measurePlayer, type PlayerFigures } from '../player.ts';
import { exposeBudget } from './budget.ts';

declare global {
  var runBench: (rounds: number) => Promise<BenchFigures>;
  var runPlayer: () => Promise<PlayerFigures>;
}

const modelUrl = new URL('models/foley-tiny/', location.href).href;
const ortUrl = new URL('ort/', location.href).href;
exposeBudget(modelUrl);

globalThis.runPlayer = () => measurePlayer(modelUrl);

globalThis.runBench = async (rounds) => {
  const client = createRuntimeClient({ modelUrl, persist: false });
  const figures = await measure(
    {
      async load() {
        await client.load();
        return client;
      },
      loadOrt,
      pack: () => openModelPack(urlSource(modelUrl)),
      weights: await fetchBytes(`${modelUrl}engine.safetensors`),
      readOnce: await fetchBytes(new URL('read-once.wasm', location.href).href),
    },
    rounds,
  );
  await client.dispose();
  return figures;
};

async function loadOrt(): Promise<BenchRuntime> {
  const pack = await openModelPack(urlSource(modelUrl));
  const { manifest, hash: modelHash } = pack;
  const kernels = await loadKernels();
  const { codebookSize } = manifest;
  const cache = await createTokenCache({ kernels, codebookSize, persist: false });
  const options = { device: 'wasm', numThreads: 1, ortUrl, kernels, logger: silentLogger } as const;
  const engine = await createOnnxEngine(pack, options);
  const tokenizer = await loadPromptTokenizer(pack);
  const pipeline = createPipeline({ manifest, modelHash, tokenizer, engine, kernels, cache });
  return {
    generate: (request) => pipeline.generate(completeRequest(request, 1, manifest)),
    stream: (request) => pipeline.stream(completeRequest(request, 1, manifest)),
  };
}

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`bench: ${url}: HTTP ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
