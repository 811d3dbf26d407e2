/** Where model packs are read from: a URL, with the browser's Cache API in front, or a folder. */

import { messageOf } from './errors.ts';
import { joinedBytes } from './joined-bytes.ts';
import type { Logger } from './logger.ts';
import type { Bytes, PackCache, PackSource, ReadOptions } from './model-pack.ts';
import { steadyFetch } from './steady-fetch.ts';

/** Reads with `fetch`; a server that falls silent is an Error. @param baseUrl absolute; a missing '/' at its end is added */
export function urlSource(baseUrl: string): PackSource {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const locate = (file: string) => new URL(file, base).href;
  return {
    locate,
    async read(file, options = {}) {
      // model.json decides which bytes are right, so it is asked for anew; the others are named by their hash.
      const cache = file === 'model.json' ? 'no-cache' : 'default';
      const init = options.signal
        ? ({ cache, signal: options.signal } as const)
        : ({ cache } as const);
      const response = await steadyFetch(locate(file), init);
      if (!response.ok) throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
      return readBody(response, options);
    },
  };
}

/** Reads from a folder. @param readFile as of node:fs/promises, injected so that browsers never see it */
export function folderSource(
  folder: string,
  readFile: (path: string) => Promise<Uint8Array>,
): PackSource {
  const locate = (file: string) => `${folder.replace(/\/+$/, '')}/${file}`;
  return {
    locate,
    async read(file, options = {}) {
      const bytes = new Uint8Array(await readFile(locate(file)));
      options.onBytes?.(bytes.length);
      return bytes;
    },
  };
}

async function readBody(response: Response, options: ReadOptions): Promise<Bytes> {
  if (response.body === null) return new Uint8Array(await response.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
    length += part.value.length;
    options.onBytes?.(length);
  }
  return joinedBytes(chunks);
}

const CACHE_NAME = 'scenefoley-models';

/**
 * Model files in the Cache API, one version of each: a reload downloads nothing.
 *
 * @returns undefined where there is no Cache API (Node, plain http). All failures (storage full, blocked) are one
 *   `logger.info` and a download.
 */
export function modelFileCache(logger: Logger): PackCache | undefined {
  const storage = findCacheStorage();
  if (storage === undefined) return undefined;
  let told = false;
  const tolerate = (error: unknown) => {
    if (!told) logger.info(`pack-source: model files are not kept: ${messageOf(error)}.`);
    told = true;
    return undefined;
  };
  return {
    get: (place, sha256) => matchFile(storage, place, sha256).catch(tolerate),
    put: (place, sha256, bytes) => keepFile(storage, place, sha256, bytes).catch(tolerate),
  };
}

function findCacheStorage(): CacheStorage | undefined {
  try {
    return globalThis.caches;
  } catch {
    return undefined; // sandboxed documents throw on access
  }
}

async function matchFile(
  storage: CacheStorage,
  place: string,
  sha256: string,
): Promise<Bytes | undefined> {
  const response = await (await storage.open(CACHE_NAME)).match(withHash(place, sha256));
  return response && new Uint8Array(await response.arrayBuffer());
}

async function keepFile(
  storage: CacheStorage,
  place: string,
  sha256: string,
  bytes: Bytes,
): Promise<void> {
  const cache = await storage.open(CACHE_NAME);
  await cache.delete(place, { ignoreSearch: true }); // older versions of the same file
  await cache.put(withHash(place, sha256), new Response(bytes));
}

function withHash(place: string, sha256: string): string {
  const url = new URL(place);
  url.search = `sha256=${sha256}`;
  return url.href;
}
