/**
 * What a player downloads of our code: each published entry with everything it imports at once, minified, with brotli.
 * onnxruntime and the game engine are not in it: their packages bring them.
 */
import type { OutputChunk } from 'rollup';
import { beforeAll, expect, test } from 'vitest';
import { publishedChunks, weigh, withImports } from '../scripts/weigh.mjs';

/** Bytes. A page loads one of the first three and the worker, see SUM. */
const BOUNDS = {
  scenefoley: 37_700,
  babylon: 45_400,
  three: 38_400,
  captions: 2_000,
  'babylon-inspector': 4_800,
  'sound-map': 12_700,
  worker: 54_000,
  player: 4_900,
  'player-worker': 39_700,
};

/** Of the largest of the three and the worker: 45,400 + 54,000 bytes, less than the 100 kB that the whole code may weigh. */
const SUM = 99_300;

let chunks: OutputChunk[] = [];

beforeAll(async () => {
  chunks = await publishedChunks();
});

test.each(Object.entries(BOUNDS))('%s weighs at most %i bytes', async (entry, bound) => {
  const bytes = await weigh(chunks, entry);
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThanOrEqual(bound);
});

test('what a Babylon page loads at once weighs at most 99 kB', async () => {
  expect((await weigh(chunks, 'babylon')) + (await weigh(chunks, 'worker'))).toBeLessThanOrEqual(
    SUM,
  );
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
