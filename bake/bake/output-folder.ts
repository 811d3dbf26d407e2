/**
 * The folder that a bake writes: only files of its own are changed or removed there.
 *
 *   claim      the ledger says what bakes wrote, before they write it: after a kill nobody's file is in doubt
 *   find       a file that is as it would be is not made again
 *   write      under a temporary name, then renamed; a file that has these bytes is left alone
 *   finish     what is in the ledger and no longer wanted is removed
 *
 * A file that is in the way and no bake's is never touched: that is an error.
 */
import { readdir, readFile, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '../../runtime/sound-key.ts';
import { codeOf, writeTrouble } from '../files/file-trouble.ts';
import { createWholeFiles, type MayChange } from '../files/whole-file.ts';
import { sha256Hex } from '../job-id.ts';

/** A file to be there. */
export interface WantedFile {
  /** Relative to the folder, with '/'. */
  path: string;
  /** Names all that its bytes depend on: the same is not made again. */
  key: string;
}

export interface WrittenFile {
  path: string;
  bytes: number;
  sha256: string;
}

export interface OutputFolder {
  /** @throws Error where a file is in the way that no bake wrote */
  claim(paths: readonly string[]): Promise<void>;
  /** @returns undefined where it is not there as it would be */
  find(file: WantedFile): Promise<WrittenFile | undefined>;
  /** Of a path that is claimed; several at once. @throws Error that says what is in the way */
  write(file: WantedFile, bytes: Uint8Array): Promise<WrittenFile>;
  /** Removes what bakes wrote and nobody wants any more. @returns its paths */
  finish(wanted: readonly string[]): Promise<string[]>;
}

/** By path. `sha256` is '' where it is not written yet. */
type Ledger = Map<string, LedgerEntry>;

interface LedgerEntry extends WrittenFile {
  key: string;
}

const LEDGER = 'ledger.json';
const TEMPORARY = 'temporary';
/** Files between two savings of the ledger, or this part of all: what a kill makes do again. */
const SAVE_EVERY = 64;
const SAVE_PART = 1 / 64;
/** A path that leads nowhere else. */
const INSIDE = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\:][^\\:]*$/;

export interface OutputFolderOptions {
  folder: string;
  /** In it: the ledger and temporary files. */
  privateFolder: string;
  /** What the manifest there says that a bake wrote: of a fresh checkout it is all that is known. */
  known: readonly WrittenFile[];
  mayChange?: MayChange;
}

export async function openOutputFolder(options: OutputFolderOptions): Promise<OutputFolder> {
  const { folder, privateFolder, known, mayChange } = options;
  const files = createWholeFiles(join(privateFolder, TEMPORARY), { mayChange });
  await files.sweep();
  await files.write(join(privateFolder, '.gitignore'), new TextEncoder().encode('*\n'));
  const ledger = await readLedger(privateFolder);
  for (const file of known) {
    if (INSIDE.test(file.path) && !ledger.has(file.path))
      ledger.set(file.path, { ...file, key: '' });
  }
  let unsaved = 0;
  let saved: Promise<void> = Promise.resolve();

  /** One after the other: the last one has all. */
  function save(): Promise<void> {
    unsaved = 0;
    saved = saved.then(saveNow);
    return saved;
  }

  async function saveNow(): Promise<void> {
    const entries = [...ledger.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    const text = new TextEncoder().encode(`${canonicalJson(entries)}\n`);
    await files.write(join(privateFolder, LEDGER), text);
  }

  return {
    async claim(paths) {
      const unknown = paths.filter((path) => !ledger.has(path));
      for (const path of unknown) await throwIfThere(folder, path);
      for (const path of unknown) ledger.set(path, { path, key: '', bytes: 0, sha256: '' });
      if (unknown.length > 0) await save();
    },
    async find({ path, key }) {
      const earlier = ledger.get(path);
      if (earlier?.key !== key) return undefined;
      return earlier.sha256 === (await hashOf(join(folder, path))) ? plain(earlier) : undefined;
    },
    async write({ path, key }, bytes) {
      const found = await hashOf(join(folder, path));
      const sha256 = sha256Hex(bytes);
      if (sha256 !== found) await files.write(join(folder, path), bytes);
      const written = { path, bytes: bytes.length, sha256 };
      ledger.set(path, { ...written, key });
      unsaved += 1;
      if (unsaved >= Math.max(SAVE_EVERY, SAVE_PART * ledger.size)) await save();
      return written;
    },
    async finish(wanted) {
      const keep = new Set(wanted);
      const stale = [...ledger.keys()].filter((path) => !keep.has(path));
      for (const path of stale) {
        await files.remove(join(folder, path));
        await removeEmpty(folder, dirname(path));
        ledger.delete(path);
      }
      await save();
      return stale;
    },
  };
}

/** Folders that held nothing else. */
async function removeEmpty(folder: string, path: string): Promise<void> {
  if (path === '.') return;
  try {
    await rmdir(join(folder, path));
  } catch {
    return; // something is in it
  }
  await removeEmpty(folder, dirname(path));
}

/** Nothing is left there of a bake that was killed, or of an earlier one. */
export async function isTidy(privateFolder: string, wanted: readonly string[]): Promise<boolean> {
  const keep = new Set(wanted);
  const ledger = await readLedger(privateFolder);
  const temporary = await readdir(join(privateFolder, TEMPORARY)).catch(() => []);
  return temporary.length === 0 && [...ledger.keys()].every((path) => keep.has(path));
}

/** @returns undefined where there is no such file */
async function hashOf(path: string): Promise<string | undefined> {
  try {
    return sha256Hex(await readFile(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw writeTrouble(path, error);
  }
}

async function throwIfThere(folder: string, path: string): Promise<void> {
  if ((await hashOf(join(folder, path))) === undefined) return;
  throw new Error(
    `bake: ${join(folder, path)} is there already, and no bake wrote it. Move it away, or bake into another folder.`,
  );
}

/** Whatever is no ledger is an empty one; paths that lead out of the folder are nobody's. */
async function readLedger(privateFolder: string): Promise<Ledger> {
  try {
    const text = await readFile(join(privateFolder, LEDGER), 'utf8');
    const entries = (JSON.parse(text) as LedgerEntry[]).filter(isEntry);
    return new Map(entries.map((entry) => [entry.path, entry]));
  } catch {
    return new Map();
  }
}

function isEntry({ path, bytes, sha256, key }: LedgerEntry): boolean {
  const isNamed = [path, sha256, key].every((text) => typeof text === 'string');
  return isNamed && typeof bytes === 'number' && INSIDE.test(path);
}

function plain({ path, bytes, sha256 }: WrittenFile): WrittenFile {
  return { path, bytes, sha256 };
}
