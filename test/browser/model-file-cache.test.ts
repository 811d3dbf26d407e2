/** Model files in the browser's Cache API. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { PACK_FILES } from '../../runtime/model-manifest.ts';
import { openModelPack } from '../../runtime/model-pack.ts';
import { modelFileCache, urlSource } from '../../runtime/pack-source.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

const URL_OF_PACK = new URL(`/${TINY_PACK}/`, location.href).href;
const CACHE = 'scenefoley-models';

beforeEach(async () => {
  await caches.delete(CACHE);
});
afterEach(() => vi.restoreAllMocks());

/** Loads the pack. @returns the names of the files that were downloaded */
async function load(logger = silentLogger) {
  const fetching = vi.spyOn(globalThis, 'fetch');
  fetching.mockClear();
  const seen: number[] = [];
  const pack = await openModelPack(urlSource(URL_OF_PACK), { cache: modelFileCache(logger)! });
  await pack.load(PACK_FILES, { onProgress: ({ done }) => seen.push(done) });
  const bytes = Object.values(pack.manifest.files).map((entry) => entry.bytes);
  expect(seen.at(-1)).toBe(bytes.reduce((sum, size) => sum + size, 0));
  return fetching.mock.calls.map(([url]) => String(url).slice(URL_OF_PACK.length)).sort();
}

describe('model files in the Cache API', () => {
  test('the second load downloads model.json alone', async () => {
    expect(await load()).toEqual([...PACK_FILES, 'model.json'].sort());
    expect(await load()).toEqual(['model.json']);
  });

  test('a kept file that is damaged is downloaded again', async () => {
    await load();
    const cache = await caches.open(CACHE);
    const damaged = (await cache.keys()).find(({ url }) => url.includes('lm-step.onnx'))!;
    await cache.put(damaged, new Response('not a network'));
    expect(await load()).toEqual(['lm-step.onnx', 'model.json']);
    expect(await load()).toEqual(['model.json']);
  });

  test('of a file only the newest version is kept', async () => {
    const cache = modelFileCache(silentLogger)!;
    const place = `${URL_OF_PACK}lm-step.onnx`;
    await cache.put(place, 'old', new Uint8Array([1]));
    await cache.put(place, 'new', new Uint8Array([2]));
    expect(await cache.get(place, 'old')).toBeUndefined();
    expect(await cache.get(place, 'new')).toEqual(new Uint8Array([2]));
  });

  test('a cache that refuses costs one note and a download, not the load', async () => {
    vi.spyOn(caches, 'open').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    const notes: string[] = [];
    const logger = { warn: () => {}, info: (message: string) => notes.push(message) };
    expect((await load(logger)).length).toBe(PACK_FILES.length + 1);
    expect(notes).toEqual(['pack-source: model files are not kept: full.']);
  });
});
