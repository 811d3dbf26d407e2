/**
 * The bench in a page: the client and its worker, as a game uses them. scripts/bench.mjs calls `runBench`.
 */
import { createRuntimeClient } from '../../../runtime/client.ts';
import { type BenchFigures, measure } from '../measure.ts';
import { exposeBudget } from './budget.ts';

declare global {
  var runBench: (rounds: number) => Promise<BenchFigures>;
}

exposeBudget(new URL('models/foley-tiny/', location.href).href);

globalThis.runBench = async (rounds) => {
  const modelUrl = new URL('models/foley-tiny/', location.href).href;
  const client = createRuntimeClient({ modelUrl, persist: false });
  const figures = await measure(
    {
      load: async () => {
        await client.load();
        return (request) => client.generate(request);
      },
      weights: await fetchBytes(`${modelUrl}engine.safetensors`),
      readOnce: await fetchBytes(new URL('read-once.wasm', location.href).href),
    },
    rounds,
  );
  await client.dispose();
  return figures;
};

async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`bench: ${url}: HTTP ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}
