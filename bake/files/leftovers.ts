/**
 * Temporary files that killed processes left where others may be writing: the old ones are removed.
 *
 *   temporary/6f1a…   named by whole-file.ts, a plain file, older than a day by both clocks ──▶ removed
 *   temporary/9c02…   younger, or by one clock alone                                        ──▶ may be somebody's: stays
 *   temporary/other   not named by us                                                       ──▶ stays
 *
 * A network drive dates files by its own clock: a file that is written there now says what it shows. Either clock may be
 * wrong; a file goes where both agree.
 */
import { randomUUID } from 'node:crypto';
import { lstat, opendir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface LeftoverOptions {
  /** Younger ones stay; default a day. */
  olderThanMs?: number;
  /** For tests: this machine's clock. */
  now?: () => number;
}

const DAY_MS = 24 * 3600 * 1000;
/** Names that one call looks at, at most: what is left then is for the next. */
const MAX_LOOKS = 1000;
/** As crypto.randomUUID makes them. */
const TEMPORARY_NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Never rejects: what cannot be removed stays. */
export async function sweepLeftovers(
  folder: string,
  { olderThanMs = DAY_MS, now = Date.now }: LeftoverOptions = {},
): Promise<void> {
  try {
    const old = await filesBefore(now() - olderThanMs, folder);
    if (old.length === 0) return;
    const before = (await clockOf(folder)) - olderThanMs;
    for (const { path, changed } of old) if (changed < before) await rm(path, { force: true });
  } catch {
    // not there, not ours to write, out of reach: nobody needs it swept
  }
}

interface Leftover {
  path: string;
  /** Milliseconds, by the clock of its drive. */
  changed: number;
}

async function filesBefore(moment: number, folder: string): Promise<Leftover[]> {
  const old: Leftover[] = [];
  let looks = 0;
  for await (const { name } of await opendir(folder)) {
    looks += 1;
    if (looks > MAX_LOOKS) break;
    if (!TEMPORARY_NAME.test(name)) continue;
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined); // it may just have got its own name
    if (found?.isFile() && found.mtimeMs < moment) old.push({ path, changed: found.mtimeMs });
  }
  return old;
}

/** Now, as the drive of the folder has it. */
async function clockOf(folder: string): Promise<number> {
  const path = join(folder, randomUUID());
  try {
    await writeFile(path, '');
    return (await lstat(path)).mtimeMs;
  } finally {
    await rm(path, { force: true });
  }
}
