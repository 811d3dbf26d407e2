/**
 * Token cache: sound key → codes u16 [K, T], bit-packed, and the gain of their sound, in memory and behind it in IndexedDB.
 *
 *   get   memory ──▶ IndexedDB ──▶ undefined           a second of sound is 250 bytes
 *   entry codes, then the gain as f32, little-endian: with it a cached sound is heard from its first part on
 *   put   memory and IndexedDB; when that is full, the entries not used for longest make room
 *
 * Never fails playback: storage refused or still full → memory only and one warning; an entry that does not check out
 * is dropped and generated again.
 */
import { LRUCache } from 'lru-cache';
import { packCodes, unpackCodes } from './bit-pack.ts';
import { type CodeStore, openCodeStore } from './code-store.ts';
import type { Decibels, TakeSource } from './contract.ts';
import { messageOf } from './errors.ts';
import type { Kernels } from './kernels/kernels.ts';
import { type Logger, silentLogger } from './logger.ts';

export interface CachedCodes {
  codes: Uint16Array;
  /** What finishing applied to the whole take. */
  gainDb: Decibels;
  source: Exclude<TakeSource, 'generated'>;
}

export interface TokenCache {
  /** What `put` writes to at the moment. */
  readonly storage: 'indexeddb' | 'memory';
  /** @param count codes that the entry must hold, K · T; another number is a damaged entry */
  get(key: string, count: number): Promise<CachedCodes | undefined>;
  put(key: string, codes: Uint16Array, gainDb: Decibels): Promise<void>;
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

const GAIN_BYTES = 4;

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

  const unpack = (entry: Uint8Array, count: number) => {
    const bytes = Math.ceil((count * bits) / 8);
    if (entry.length !== bytes + GAIN_BYTES) return undefined;
    const codes = unpackCodes(kernels, entry.subarray(0, bytes), count, bits);
    const gainDb = viewOf(entry).getFloat32(bytes, true);
    const sound = Number.isFinite(gainDb) && codes.every((code) => code < codebookSize);
    return sound ? { codes, gainDb } : undefined;
  };

  const getStored = async (key: string, count: number): Promise<CachedCodes | undefined> => {
    const packed = await store?.get(key).catch(giveUp);
    if (packed === undefined) return undefined;
    const found = packed === 'damaged' ? undefined : unpack(packed, count);
    if (packed === 'damaged' || found === undefined) {
      logger.info(`token-cache: a stored entry was damaged and is generated again.`);
      await store?.delete(key).catch(giveUp);
      return undefined;
    }
    memory.set(key, packed);
    return { ...found, source: 'indexeddb' };
  };

  return {
    get storage() {
      return store === undefined ? 'memory' : 'indexeddb';
    },
    async get(key, count) {
      const packed = memory.get(key);
      const found = packed && unpack(packed, count);
      return found ? { ...found, source: 'memory' } : getStored(key, count);
    },
    async put(key, codes, gainDb) {
      const words = packCodes(kernels, codes, bits);
      const packed = new Uint8Array(words.length + GAIN_BYTES);
      packed.set(words);
      viewOf(packed).setFloat32(words.length, gainDb, true);
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

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
