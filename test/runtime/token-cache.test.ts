import 'fake-indexeddb/auto';
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb';
import { openDB } from 'idb';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CODE_DATABASE, type StoredEntry } from '../../runtime/code-store.ts';
import { crc32 } from '../../runtime/crc32.ts';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import type { Logger } from '../../runtime/logger.ts';
import { createTokenCache, type TokenCacheOptions } from '../../runtime/token-cache.ts';

const GAIN = -3.25; // what f32 holds
const CODES = Uint16Array.from({ length: 200 }, (_, i) => (i * 331) % 1024);
const { name: DB, store: STORE } = CODE_DATABASE;

let kernels: Kernels;
let logger: Logger & { warnings: string[] };
beforeAll(async () => {
  kernels = await loadKernels();
});
beforeEach(() => {
  vi.restoreAllMocks();
  vi.stubGlobal('indexedDB', new IDBFactory());
  const warnings: string[] = [];
  logger = { warnings, warn: (message) => warnings.push(message), info: () => {} };
});

function open(changes: Partial<TokenCacheOptions> = {}) {
  return createTokenCache({ kernels, codebookSize: 1024, logger, ...changes });
}

/** Changes a stored entry behind the cache's back. */
async function tamper(key: string, change: (entry: StoredEntry) => unknown): Promise<void> {
  const db = await openDB(DB);
  await db.put(STORE, change(await db.get(STORE, key)));
  db.close();
}

async function storedKeys(): Promise<string[]> {
  const db = await openDB(DB);
  const keys = (await db.getAllKeys(STORE)) as string[];
  db.close();
  return keys;
}

/** Every write to IndexedDB fails while `refuses()` is true. */
function refuseWrites(errorName: string, refuses: () => boolean): void {
  const put = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, v) {
    if (refuses()) throw new DOMException('no room', errorName);
    return put.call(this, v);
  });
}

describe('token cache', () => {
  test('what was put comes back from memory, after a reload from IndexedDB, then from memory', async () => {
    const cache = await open();
    await cache.put('a', CODES, GAIN);
    expect(await cache.get('a', 200)).toEqual({ codes: CODES, gainDb: GAIN, source: 'memory' });
    cache.close();
    const reloaded = await open();
    expect(await reloaded.get('a', 200)).toEqual({
      codes: CODES,
      gainDb: GAIN,
      source: 'indexeddb',
    });
    expect(await reloaded.get('a', 200)).toEqual({ codes: CODES, gainDb: GAIN, source: 'memory' });
    expect(await reloaded.get('b', 200)).toBeUndefined();
  });

  test('1 second at 4 codebooks of 10 bits is stored as 250 bytes, and 4 of its gain', async () => {
    await (await open()).put('a', CODES, GAIN);
    const db = await openDB(DB);
    expect((await db.get(STORE, 'a')).packed.length).toBe(254);
    db.close();
  });

  test('what an earlier version has stored, without a gain, is forgotten, and the cache works', async () => {
    const old = await openDB(DB, 1, {
      upgrade: (db) => {
        db.createObjectStore(STORE, { keyPath: 'key' }).createIndex('usedAt', 'usedAt');
      },
    });
    const packed = new Uint8Array(250);
    await old.put(STORE, { key: 'a', packed, crc: crc32(packed), usedAt: 0 });
    old.close();
    const cache = await open();
    expect(await cache.get('a', 200)).toBeUndefined();
    await cache.put('a', CODES, GAIN);
    cache.close();
    expect(await (await open()).get('a', 200)).toMatchObject({ source: 'indexeddb' });
    expect(logger.warnings).toEqual([]);
  });

  test('a damaged entry is dropped: altered byte, wrong type, wrong length, impossible code', async () => {
    const packed = new Uint8Array(254).fill(255);
    const damages: ((entry: StoredEntry) => unknown)[] = [
      (entry) => ({ ...entry, packed: entry.packed.with(7, entry.packed[7]! ^ 1) }),
      (entry) => ({ ...entry, packed: 'text' }),
      (entry) => ({ key: entry.key }),
      (entry) => ({ ...entry, packed: packed.slice(1), crc: crc32(packed.slice(1)) }),
      (entry) => ({ ...entry, packed, crc: crc32(packed) }),
    ];
    const few = { codebookSize: 1000 }; // 10 bits too, but 1023 is no code
    for (const damage of damages) {
      const writing = await open(few);
      await writing.put(
        'a',
        CODES.map((code) => code % 1000),
        GAIN,
      );
      writing.close();
      await tamper('a', damage);
      const cache = await open(few);
      expect(await cache.get('a', 200)).toBeUndefined();
      expect(await storedKeys()).toEqual([]);
      cache.close();
    }
    expect(logger.warnings).toEqual([]);
  });

  test('codes of another length than asked for are not given out', async () => {
    const cache = await open();
    await cache.put('a', CODES, GAIN);
    expect(await cache.get('a', 300)).toBeUndefined();
  });

  test('IndexedDB refused, failing or absent: memory only, one warning', async () => {
    const refusals = [
      {
        open: () => {
          throw new DOMException('private', 'SecurityError');
        },
      },
      undefined,
    ];
    for (const refused of refusals) {
      vi.stubGlobal('indexedDB', refused);
      logger.warnings.length = 0;
      const cache = await open();
      expect(cache.storage).toBe('memory');
      await cache.put('a', CODES, GAIN);
      expect(await cache.get('a', 200)).toEqual({ codes: CODES, gainDb: GAIN, source: 'memory' });
      await cache.clear();
      expect(await cache.get('a', 200)).toBeUndefined();
      expect(logger.warnings.length).toBe(1);
    }
  });

  test('persist: false never opens IndexedDB and says nothing', async () => {
    const opening = vi.spyOn(indexedDB, 'open');
    const cache = await open({ persist: false });
    await cache.put('a', CODES, GAIN);
    expect([cache.storage, opening.mock.calls.length, logger.warnings]).toEqual(['memory', 0, []]);
  });

  test('storage full: the entries not used for longest go, the new one stays', async () => {
    const cache = await open();
    const clock = vi.spyOn(Date, 'now');
    for (let i = 0; i < 8; i++) {
      clock.mockReturnValue(1000 + i);
      await cache.put(`k${i}`, CODES, GAIN);
    }
    cache.close();
    const reloaded = await open();
    clock.mockReturnValue(2000);
    await reloaded.get('k0', 200); // used again: k1 and k2 are the oldest now
    let refusals = 1;
    refuseWrites('QuotaExceededError', () => refusals-- > 0);
    await reloaded.put('new', CODES, GAIN);
    expect(await storedKeys()).toEqual(['k0', 'k3', 'k4', 'k5', 'k6', 'k7', 'new']);
    expect(reloaded.storage).toBe('indexeddb');
    expect(logger.warnings).toEqual([]);
  });

  test('storage full for good: memory only, one warning, playback goes on', async () => {
    const cache = await open();
    refuseWrites('QuotaExceededError', () => true);
    for (const key of ['a', 'b', 'c']) await cache.put(key, CODES, GAIN);
    expect(cache.storage).toBe('memory');
    expect(await cache.get('a', 200)).toEqual({ codes: CODES, gainDb: GAIN, source: 'memory' });
    expect(logger.warnings.length).toBe(1);
  });

  test('a full disk does not spoil reading', async () => {
    await (await open()).put('a', CODES, GAIN);
    const cache = await open();
    refuseWrites('QuotaExceededError', () => true);
    expect(await cache.get('a', 200)).toEqual({ codes: CODES, gainDb: GAIN, source: 'indexeddb' });
    expect(logger.warnings).toEqual([]);
  });

  test('both halves are bounded: oldest out first', async () => {
    const cache = await open({ memoryBytes: 600, storedEntries: 4 });
    const clock = vi.spyOn(Date, 'now');
    for (let i = 0; i < 5; i++) {
      clock.mockReturnValue(1000 + i);
      await cache.put(`k${i}`, CODES, GAIN);
    }
    expect(await storedKeys()).toEqual(['k2', 'k3', 'k4']);
    expect(await cache.get('k4', 200)).toMatchObject({ source: 'memory' });
    expect(await cache.get('k2', 200)).toMatchObject({ source: 'indexeddb' });
    expect(await cache.get('k0', 200)).toBeUndefined();
  });

  test('clear forgets memory and IndexedDB', async () => {
    const cache = await open();
    await cache.put('a', CODES, GAIN);
    await cache.clear();
    expect(await cache.get('a', 200)).toBeUndefined();
    expect(await storedKeys()).toEqual([]);
  });

  test('deleting the database from elsewhere is not blocked, and costs one warning', async () => {
    const cache = await open();
    const deleting = indexedDB.deleteDatabase(DB);
    await new Promise((resolve, reject) => {
      deleting.onsuccess = resolve;
      deleting.onblocked = reject;
    });
    await cache.put('a', CODES, GAIN);
    expect(await cache.get('a', 200)).toEqual({ codes: CODES, gainDb: GAIN, source: 'memory' });
    expect(logger.warnings.length).toBe(1);
  });
});

test('CRC-32 of the standard check text', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});
