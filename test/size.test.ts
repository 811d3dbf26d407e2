/**
 * What a player downloads of our code: each published entry with everything it imports at once, minified, with brotli.
 * onnxruntime and the game engine are not in it: their packages bring them.
 */
import type { OutputChunk } from 'rollup';
import { beforeAll, expect, test } from 'vitest';
import { onDemand, publishedChunks, weigh, withImports } from '../scripts/weigh.mjs';

/** Bytes. A page loads one of the first three, the runtime's client and the worker, see LIVE_PAGE. */
const BOUNDS = {
  scenefoley: 37_400,
  babylon: 40_300,
  three: 33_300,
  'live-runtime': 4_900,
  captions: 2_000,
  'babylon-inspector': 4_800,
  'sound-map': 12_700,
  worker: 54_200,
  player: 4_950,
  'player-worker': 40_200,
};

/** Bytes of a Babylon page that makes sounds: less than the 100 kB that the whole code may weigh. */
const LIVE_PAGE = 99_200;
/** Of one that plays baked sounds and makes none. */
const BAKED_PAGE = 86_500;

let chunks: OutputChunk[] = [];

beforeAll(async () => {
  chunks = await publishedChunks();
});

test.each(Object.entries(BOUNDS))('%s weighs at most %i bytes', async (entry, bound) => {
  const bytes = await weigh(chunks, entry);
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThanOrEqual(bound);
});

test(`the code of a Babylon page weighs at most ${LIVE_PAGE} bytes`, async () => {
  const bytes = await weigh(chunks, 'babylon', 'live-runtime', 'worker');
  expect(bytes).toBeLessThanOrEqual(LIVE_PAGE);
});

test(`of one without the model at most ${BAKED_PAGE}, and nothing starts the model’s worker`, async () => {
  const parts = ['babylon', onDemand(chunks, 'foley-packs.ts'), 'player-worker'];
  expect(await weigh(chunks, ...parts)).toBeLessThanOrEqual(BAKED_PAGE);
  const code = parts.flatMap((part) => withImports(chunks, `${part}.js`)).map((one) => one.code);
  expect(code.filter((text) => /\/worker\.js/.test(text))).toEqual([]);
  expect(code.some((text) => /\/player-worker\.js/.test(text))).toBe(true);
});

test('the client of the runtime is fetched on demand, under the name that builds without the model know', () => {
  const [live] = withImports(chunks, 'live-runtime.js');
  expect(live?.code).toMatch(/new URL\(['"]\.\/worker\.js['"]/);
  for (const entry of ['babylon.js', 'three.js']) {
    const parts = withImports(chunks, entry);
    expect(parts).not.toContain(live);
    expect(parts.flatMap((chunk) => chunk.dynamicImports)).toContain('live-runtime.js');
  }
  expect(withImports(chunks, 'without-model.js')[0]?.exports).toEqual(live?.exports);
});

test('engines that few pages use are not in the worker itself', () => {
  const modules = withImports(chunks, 'worker.js').flatMap((chunk) => Object.keys(chunk.modules));
  expect(modules.filter((id) => /engines\/(gpu|onnx)/.test(id))).toEqual([]);
  expect(modules.some((id) => id.endsWith('engines/wasm.ts'))).toBe(true);
});

test('no entry brings onnxruntime or an engine along', () => {
  const modules = chunks.flatMap((chunk) => Object.keys(chunk.modules));
  expect(modules.filter((id) => /onnxruntime|@babylonjs|node_modules\/three/.test(id))).toEqual([]);
  expect(modules.length).toBeGreaterThan(10);
});

test('the YAML parser is loaded on demand, alone', () => {
  const isParser = (id: string): boolean => id.includes('/node_modules/yaml/');
  const parsers = chunks.filter(({ modules }) => Object.keys(modules).some(isParser));
  expect(parsers).toHaveLength(1);
  const others = parsers.flatMap(({ modules }) =>
    Object.keys(modules).filter((id) => !isParser(id)),
  );
  expect(others.filter((id) => !id.endsWith('/yaml-text.ts'))).toEqual([]);
  const atOnce = Object.keys(BOUNDS).flatMap((entry) => withImports(chunks, `${entry}.js`));
  expect(atOnce.filter((chunk) => parsers.includes(chunk))).toEqual([]);
});

test.each(['worker', 'player-worker'])('%s imports no other file of ours', (entry) => {
  expect(withImports(chunks, `${entry}.js`)).toHaveLength(1);
});

test('what plays baked sounds alone knows no language model, no text encoder and no tokenizer', () => {
  const modules = ['player.js', 'player-worker.js']
    .flatMap((entry) => withImports(chunks, entry))
    .flatMap((chunk) => Object.keys(chunk.modules));
  const unwanted = /language-model|text-encoder|token-lm|sampler|tokenizer|onnx|pipeline|\/idb\//;
  expect(modules.filter((id) => unwanted.test(id))).toEqual([]);
  expect(modules.some((id) => id.endsWith('engines/wasm-codec-decoder.ts'))).toBe(true);
});
