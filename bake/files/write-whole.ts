/**
 * A file of the user's own is changed: it is there whole or as it was before, whatever happens meanwhile, and its rights stay.
 * What a bake makes goes through whole-file.ts.
 *
 *   bytes ──▶ .NAME.PID-RANDOM.part, beside it, on the disk ── rename ──▶ NAME
 *         └─▶ NAME itself, where it is no file: a pipe, /dev/stdout, /dev/null
 *
 * Of a link the file that it leads to is meant.
 */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** @throws Error of the file system; nothing is left behind then. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  const isOther = found !== undefined && !found.isFile() && !found.isDirectory();
  if (isOther) await writeFile(path, content);
  else await replace(found === undefined ? path : await realpath(path), content);
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
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
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function randomHex(): string {
  return randomBytes(4).toString('hex');
}
