/**
 * Files that are there whole or not at all: written under a temporary name, then renamed.
 *
 *   tempFolder/4711-3 ◀── bytes          killed here: a temporary file is left, for `sweep`
 *   tempFolder/4711-3 ──▶ path           one step for the file system
 *
 * Both are to be on the same disk. A crash of the machine itself may lose what was written last: what is read again has a
 * checksum, and is made again.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, writeTrouble } from './file-trouble.ts';

/** As of node:fs/promises. */
export interface FileSystem {
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

export interface WholeFiles {
  /** @throws Error that says what is in the way */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes what a killed process left: only where nobody else writes there. */
  sweep(): Promise<void>;
}

const NODE_FILES: FileSystem = { mkdir, writeFile, rename, rm };

export function createWholeFiles(tempFolder: string, files: FileSystem = NODE_FILES): WholeFiles {
  let count = 0;

  async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
    count += 1;
    const temporary = join(tempFolder, `${process.pid}-${count}`);
    try {
      await files.writeFile(temporary, bytes);
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
          for (const folder of [tempFolder, dirname(path)]) {
            await files.mkdir(folder, { recursive: true });
          }
          await writeOnce(path, bytes);
        });
      } catch (error) {
        throw writeTrouble(path, error);
      }
    },
    async sweep() {
      const left = await readdir(tempFolder).catch(() => []);
      for (const name of left) await files.rm(join(tempFolder, name), { force: true });
    },
  };
}
