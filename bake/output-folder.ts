/**
 * The folder that a bake writes: only files of its own are changed or removed there.
 *
 *   ledger   what bakes wrote, and from what      written before the files: after a kill nobody's file is in doubt
 *   files    temporary name, then renamed         one that is as it would be is left alone
 *   stale    in the ledger, no longer wanted      removed at the end
 *
 * A file that is in the way and no bake's is never touched: that is an error before anything is written.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwIfAborted } from '../runtime/errors.ts';
import { canonicalJson } from '../runtime/sound-key.ts';
import { codeOf } from './file-trouble.ts';
import { sha256Hex } from './job-id.ts';
import { createWholeFiles } from './whole-file.ts';

/** A file to be there. */
export interface WantedFile {
  /** Relative to the folder, with '/'. */
  path: string;
  /** Names all that its bytes depend on: the same is not made again. */
  key: string;
  make(): Promise<Uint8Array>;
}

export interface WrittenFile {
  path: string;
  bytes: number;
  sha256: string;
}

export interface OutputFolder {
  /** Has all of them there. @throws Error that says what is in the way */
  write(
    wanted: readonly WantedFile[],
    onDone: () => void,
    signal?: AbortSignal,
  ): Promise<WrittenFile[]>;
  /** Removes what earlier bakes wrote and this one did not. @returns their paths */
  removeStale(kept: readonly string[]): Promise<string[]>;
}

/** By path. `sha256` is '' where it is not written yet. */
type Ledger = Map<string, WrittenFile & { key: string }>;

/** Files between two savings of the ledger: what a kill makes do again. */
const SAVE_EVERY = 64;
/** A path that leads nowhere else. */
const INSIDE = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[^/\\][^\\]*$/;

/**
 * @param privateFolder in it: the ledger and temporary files
 * @param known what the manifest there says that a bake wrote: of a fresh checkout it is all that is known
 */
export async function openOutputFolder(
  folder: string,
  privateFolder: string,
  known: readonly WrittenFile[],
): Promise<OutputFolder> {
  const ledgerPath = join(privateFolder, 'ledger.json');
  const files = createWholeFiles(join(privateFolder, 'temporary'));
  await files.sweep();
  const ledger = readLedger(await readFile(ledgerPath, 'utf8').catch(() => ''));
  for (const file of known) {
    if (INSIDE.test(file.path) && !ledger.has(file.path))
      ledger.set(file.path, { ...file, key: '' });
  }

  const save = () => {
    const entries = [...ledger.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return files.write(ledgerPath, new TextEncoder().encode(`${canonicalJson(entries)}\n`));
  };

  async function have({ path, key, make }: WantedFile): Promise<WrittenFile> {
    const known = ledger.get(path);
    const found = await hashOf(join(folder, path));
    if (known?.key === key && known.sha256 === found) return known;
    const bytes = await make();
    const sha256 = sha256Hex(bytes);
    if (sha256 !== found) await files.write(join(folder, path), bytes);
    const written = { path, key, bytes: bytes.length, sha256 };
    ledger.set(path, written);
    return written;
  }

  return {
    async write(wanted, onDone, signal) {
      for (const { path } of wanted) {
        if (!ledger.has(path)) await throwIfThere(folder, path);
      }
      for (const { path, key } of wanted) {
        if (!ledger.has(path)) ledger.set(path, { path, key, bytes: 0, sha256: '' });
      }
      await save();
      const written: WrittenFile[] = [];
      for (const one of wanted) {
        throwIfAborted(signal, 'bake');
        const { path, bytes, sha256 } = await have(one);
        written.push({ path, bytes, sha256 });
        onDone();
        if (written.length % SAVE_EVERY === 0) await save();
      }
      await save();
      return written;
    },
    async removeStale(kept) {
      const keep = new Set(kept);
      const stale = [...ledger.keys()].filter((path) => !keep.has(path));
      for (const path of stale) {
        await rm(join(folder, path), { force: true });
        ledger.delete(path);
      }
      if (stale.length > 0) await save();
      return stale;
    },
  };
}

/** @returns undefined where there is no such file */
export async function hashOf(path: string): Promise<string | undefined> {
  try {
    return sha256Hex(await readFile(path));
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function throwIfThere(folder: string, path: string): Promise<void> {
  if ((await hashOf(join(folder, path))) === undefined) return;
  throw new Error(
    `bake: ${join(folder, path)} is there already, and no bake wrote it. Move it away, or bake into another folder.`,
  );
}

/** Whatever is no ledger is an empty one; paths that lead out of the folder are nobody's. */
function readLedger(text: string): Ledger {
  try {
    const entries = JSON.parse(text) as (WrittenFile & { key: string })[];
    return new Map(entries.filter(({ path }) => INSIDE.test(path)).map((one) => [one.path, one]));
  } catch {
    return new Map();
  }
}
