/**
 * Files that are there whole or not at all: written under a temporary name, then renamed.
 *
 *   tempFolder/6f1a… ◀── bytes           killed here: a temporary file is left, for `sweep`
 *   tempFolder/6f1a… ──▶ path            one step for the file system, after `mayChange` has agreed
 *
 * Both are to be on the same disk. A crash of the machine itself may lose what was written last: what is read again has a
 * checksum, and is made again.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, writeTrouble } from './file-trouble.ts';

/** As of node:fs/promises. */
export interface FileSystem {
  mkdir(path: string): Promise<unknown>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

/** Asked before each change that others see. @throws Error where it must not be; then nothing is changed */
export type MayChange = () => Promise<void>;

export interface WholeFilesOptions {
  /** For tests: where writing fails. */
  files?: FileSystem | undefined;
  mayChange?: MayChange | undefined;
}

export interface WholeFiles {
  /** @throws Error that says what is in the way */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** A file that is not there is no error. */
  remove(path: string): Promise<void>;
  /** Removes what a killed process left: only where nobody else writes there. */
  sweep(): Promise<void>;
}

const NODE_FILES: FileSystem = { mkdir, writeFile, rename, rm };

/** With the folders above it. (Node's own way goes on for ever where a parent cannot be made.) */
export async function ensureFolder(
  path: string,
  files: Pick<FileSystem, 'mkdir'> = NODE_FILES,
): Promise<void> {
  if (await madeFolder(path, files)) return;
  if (dirname(path) === path) throw writeTrouble(path, new Error('its parent cannot be made'));
  await ensureFolder(dirname(path), files);
  if (!(await madeFolder(path, files))) {
    throw writeTrouble(path, new Error('its parent takes no folders'));
  }
}

/** @returns false where its parent is not there. */
async function madeFolder(path: string, files: Pick<FileSystem, 'mkdir'>): Promise<boolean> {
  try {
    await files.mkdir(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return true;
    throw writeTrouble(path, error);
  }
}

export function createWholeFiles(
  tempFolder: string,
  { files = NODE_FILES, mayChange = async () => {} }: WholeFilesOptions = {},
): WholeFiles {
  async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = join(tempFolder, randomUUID());
    try {
      await files.writeFile(temporary, bytes);
      await mayChange();
      await files.rename(temporary, path);
    } catch (error) {
      await files.rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
  }

  return {
    async write(path, bytes) {
      try {
        await writeOnce(path, bytes).catch(async (error) => {
          if (codeOf(error) !== 'ENOENT') throw error;
          await ensureFolder(tempFolder, files);
          await ensureFolder(dirname(path), files);
          await writeOnce(path, bytes);
        });
      } catch (error) {
        if (codeOf(error) === undefined) throw error;
        await mayChange(); // whose folder it is now may have swept it while we slept
        throw writeTrouble(path, error);
      }
    },
    async remove(path) {
      await mayChange();
      await files.rm(path, { force: true });
    },
    async sweep() {
      const left = await readdir(tempFolder).catch(() => []);
      for (const name of left) await files.rm(join(tempFolder, name), { force: true });
    },
  };
}
