/** A file system that refuses to write, as a full disk does: a part of the bytes is there, then the error comes. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import type { FileSystem } from '../../bake/files/whole-file.ts';

export function failingFiles(code: string): FileSystem {
  return {
    ...{ mkdir, rename, rm },
    async writeFile(path, bytes) {
      await writeFile(path, bytes.subarray(0, bytes.length / 2));
      throw Object.assign(new Error(`${code}: write`), { code });
    },
  };
}
