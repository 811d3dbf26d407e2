/**
 * A file of the user's own is changed: it is there whole or as it was before, whatever happens meanwhile, and its rights stay.
 * What a bake makes goes through whole-file.ts.
 *
 *   bytes ──▶ .NAME.PID-RANDOM.part, beside it, on the disk ── rename ──▶ NAME
 *         ├─▶ NAME itself, where it is no file: a pipe, /dev/stdout, /dev/null
 *         └─▶ NAME itself, where it may be written but not replaced: its folder is closed, or it is mounted by itself
 *
 * Of a link the file that it leads to is meant, be it there yet or not. What is written in its place is not whole meanwhile.
 */
import { randomBytes } from 'node:crypto';
import {
  type FileHandle,
  lstat,
  open,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './file-trouble.ts';
import type { FileSystem } from './whole-file.ts';

/** Said where nothing may be put in the place of a file, though the file itself may be open to us. */
const NOT_REPLACED: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EBUSY', 'EROFS']);

/**
 * @param files for tests: where replacing fails
 * @throws Error of the file system; nothing is left beside it then.
 */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  files: Pick<FileSystem, 'rename'> = { rename },
): Promise<void> {
  if (await isWrittenThrough(path)) return writeFile(path, content);
  const target = await realpath(path).catch(() => path); // it is new
  try {
    await replace(target, content, files);
  } catch (error) {
    const file = NOT_REPLACED.has(codeOf(error)) ? await opened(target) : undefined;
    if (file === undefined) throw error;
    await overwrite(file, content);
  }
}

/** True of a pipe or a device, and of a link to what is not there. */
async function isWrittenThrough(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => lstat(path).catch(() => undefined));
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

async function replace(
  path: string,
  content: string | Uint8Array,
  files: Pick<FileSystem, 'rename'>,
): Promise<void> {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}-${randomHex()}.part`);
  const before = await stat(path).catch(() => undefined);
  try {
    const file = await open(part, 'wx', before?.mode);
    try {
      if (before !== undefined) await file.chmod(before.mode); // the process's mask took some away
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** @returns undefined: it is not there, or may not be written. */
function opened(path: string): Promise<FileHandle | undefined> {
  return open(path, 'r+').catch(() => undefined);
}

async function overwrite(file: FileHandle, content: string | Uint8Array): Promise<void> {
  try {
    await file.writeFile(content);
    await file.truncate(Buffer.byteLength(content));
    await file.sync();
  } finally {
    await file.close();
  }
}

function randomHex(): string {
  return randomBytes(4).toString('hex');
}
