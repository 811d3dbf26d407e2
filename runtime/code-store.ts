/**
 * The IndexedDB half of the token cache: bytes by sound key, each with a checksum and the time of its last use.
 *
 * Bounded: past `maxEntries`, and when the browser says that its storage is full, a quarter of the entries goes, those
 * not used for longest first.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { crc32 } from './crc32.ts';

export interface CodeStore {
  /** 'damaged' for an entry that is not what was written. */
  get(key: string): Promise<Uint8Array | 'damaged' | undefined>;
  put(key: string, packed: Uint8Array): Promise<void>;
  delete(key: string): Promise<void>;
  clear(): Promise<void>;
  close(): void;
}

/** The database's name, and the object store in it. */
export const CODE_DATABASE = { name: 'scenefoley', store: 'codes' } as const;

export interface StoredEntry {
  key: string;
  packed: Uint8Array;
  crc: number;
  /** Milliseconds since 1970. */
  usedAt: number;
}

interface Schema extends DBSchema {
  codes: { key: string; value: StoredEntry; indexes: { usedAt: number } };
}

type Database = IDBPDatabase<Schema>;
const { store: STORE } = CODE_DATABASE;
/** Of what is in an entry; older ones are forgotten. */
const VERSION = 2;

/**
 * @param onLost called when the browser closes the database by itself
 * @throws what the browser throws: there is no IndexedDB, or it is refused
 */
export async function openCodeStore(
  maxEntries: number,
  onLost: (error: Error) => void,
): Promise<CodeStore> {
  const db: Database = await openDB<Schema>(CODE_DATABASE.name, VERSION, {
    upgrade: (created) => {
      for (const old of created.objectStoreNames) created.deleteObjectStore(old);
      created.createObjectStore(STORE, { keyPath: 'key' }).createIndex('usedAt', 'usedAt');
    },
    blocking: () => db.close(), // another page deletes the database
    terminated: () => onLost(new Error('the browser closed it')),
  });
  return {
    get: (key) => getEntry(db, key),
    put: (key, packed) =>
      putEntry(db, { key, packed, crc: crc32(packed), usedAt: Date.now() }, maxEntries),
    delete: (key) => db.delete(STORE, key),
    clear: () => db.clear(STORE),
    close: () => db.close(),
  };
}

async function getEntry(db: Database, key: string): Promise<Uint8Array | 'damaged' | undefined> {
  const entry = await db.get(STORE, key);
  if (entry === undefined) return undefined;
  if (!(entry.packed instanceof Uint8Array) || crc32(entry.packed) !== entry.crc) return 'damaged';
  // Marking the use is a courtesy: a full disk must not spoil the reading.
  await db.put(STORE, { ...entry, usedAt: Date.now() }).catch(() => {});
  return entry.packed;
}

async function putEntry(db: Database, entry: StoredEntry, maxEntries: number): Promise<void> {
  try {
    await db.put(STORE, entry);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'QuotaExceededError') throw error;
    await dropOldest(db);
    await db.put(STORE, entry);
  }
  if ((await db.count(STORE)) > maxEntries) await dropOldest(db);
}

async function dropOldest(db: Database): Promise<void> {
  const transaction = db.transaction(STORE, 'readwrite');
  const doomed = Math.ceil((await transaction.store.count()) / 4);
  let cursor = await transaction.store.index('usedAt').openCursor();
  for (let dropped = 0; cursor !== null && dropped < doomed; dropped++) {
    await cursor.delete();
    cursor = await cursor.continue();
  }
  await transaction.done;
}
