/**
 * Token cache: sound key → codes u16 [K, T], bit-packed, in memory and behind it in IndexedDB.
 *
 *   get   memory ──▶ IndexedDB ──▶ undefined           a second of sound is 250 bytes
 *   put   memory and IndexedDB; when that is full, the entries not used for longest make room
 *
 * Never fails playback: storage refused or still full → memory only and one warning; an entry that does not check out
 * is dropped and generated again.
 */
import { LRUCache } from 'lru-cache';
import { packCodes, unpackCodes } from './bit-pack.ts';
import { type CodeStore, openCodeStore } from './code-store.ts';
import type { TakeSource } from './contract.ts';
import { messageOf } from './errors.ts';
import type { Kernels } from './kernels/kernels.ts';
import { type Logger, silentLogger } from './logger.ts';

export interface CachedCodes {
  codes: Uint16Array;
  source: Exclude<TakeSource, 'generated'>;
}

export interface TokenCache {
  /** What `put` writes to at the moment. */
  readonly storage: 'indexeddb' | 'memory';
  /** @param count codes that the entry must hold, K · T; another number is a damaged entry */
  get(key: string, count: number): Promise<CachedCodes | undefined>;
  put(key: string, codes: Uint16Array): Promise<void>;
  clear(): Promise<void>;
  close(): void;
}

export interface TokenCacheOptions {
  kernels: Kernels;
  codebookSize: number;
  /** Use IndexedDB. Default true. */
  persist?: boolean;
  /** Default 1 MiB: more than an hour of sound. */
  memoryBytes?: number;
  /** Entries in IndexedDB. Default 20 000. */
  storedEntries?: number;
  logger?: Logger;
}

export async function createTokenCache(options: TokenCacheOptions): Promise<TokenCache> {
  const { kernels, codebookSize, persist = true, logger = silentLogger } = options;
  const { memoryBytes = 2 ** 20, storedEntries = 20_000 } = options;
  const bits = Math.ceil(Math.log2(codebookSize));
  const memory = new LRUCache<string, Uint8Array>({
    maxSize: memoryBytes,
    sizeCalculation: (packed) => Math.max(1, packed.length),
  });

  let store: CodeStore | undefined;
  const giveUp = (error: unknown) => {
    store?.close();
    store = undefined;
    logger.warn(
      `token-cache: IndexedDB refuses (${messageOf(error)}), so sounds are kept in memory only. Free some storage, or ignore this in private windows.`,
    );
    return undefined;
  };
  if (persist) store = await openCodeStore(storedEntries, giveUp).catch(giveUp);

  const unpack = (packed: Uint8Array, count: number) => {
    if (packed.length !== Math.ceil((count * bits) / 8)) return undefined;
    const codes = unpackCodes(kernels, packed, count, bits);
    return codes.every((code) => code < codebookSize) ? codes : undefined;
  };

  const getStored = async (key: string, count: number): Promise<CachedCodes | undefined> => {
    const packed = await store?.get(key).catch(giveUp);
    if (packed === undefined) return undefined;
    const codes = packed === 'damaged' ? undefined : unpack(packed, count);
    if (packed === 'damaged' || codes === undefined) {
      logger.info(`token-cache: a stored entry was damaged and is generated again.`);
      await store?.delete(key).catch(giveUp);
      return undefined;
    }
    memory.set(key, packed);
    return { codes, source: 'indexeddb' };
  };

  return {
    get storage() {
      return store === undefined ? 'memory' : 'indexeddb';
    },
    async get(key, count) {
      const packed = memory.get(key);
      const codes = packed && unpack(packed, count);
      return codes ? { codes, source: 'memory' } : getStored(key, count);
    },
    async put(key, codes) {
      const packed = packCodes(kernels, codes, bits);
      memory.set(key, packed);
      await store?.put(key, packed).catch(giveUp);
    },
    async clear() {
      memory.clear();
      await store?.clear().catch(giveUp);
    },
    close() {
      store?.close();
      store = undefined;
    },
  };
}
