/**
 * Records in a folder, by their job's id, so that nothing is made twice.
 *
 *   takes/3f/9a…c1      one record, 64 digits in all          takes/temporary/      what is being written
 *
 * Same id, same bytes: many may write at once, whoever renames last changes nothing. A damaged record counts as not there.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { TakeStore } from './contract.ts';
import { codeOf } from './files/file-trouble.ts';
import { sweepLeftovers } from './files/leftovers.ts';
import { createWholeFiles, type WholeFilesOptions } from './files/whole-file.ts';
import { decodeRecord, encodeRecord } from './take-store/take-record.ts';

export interface FolderStore extends TakeStore {
  sweepLeftovers(): Promise<void>;
  /** Removes all half-written records; nobody else may be writing. */
  sweep(): Promise<void>;
  /** Of the records that are not in `keep`, removes the oldest, so that `limit` are left of them. */
  prune(keep: ReadonlySet<string>, limit: number): Promise<void>;
}

const SHARD = /^[0-9a-f]{2}$/;
const ID = /^[0-9a-f]{64}$/;

export function createFolderStore(folder: string, options?: WholeFilesOptions): FolderStore {
  const temporary = join(folder, 'temporary');
  const whole = createWholeFiles(temporary, options);
  const pathOf = (id: string) => {
    if (!ID.test(id)) throw new RangeError(`take-store: an id has 64 digits, got '${id}'.`);
    return join(folder, id.slice(0, 2), id.slice(2));
  };
  return {
    place: folder,
    async get(id) {
      try {
        return decodeRecord(await readFile(pathOf(id)), id);
      } catch (error) {
        if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
        throw error;
      }
    },
    put: (record) => whole.write(pathOf(record.job.id), encodeRecord(record)),
    sweep: () => whole.sweep(),
    sweepLeftovers: () => sweepLeftovers(temporary),
    async prune(keep, limit) {
      const unused = (await idsIn(folder)).filter((id) => !keep.has(id)).map(pathOf);
      if (unused.length <= limit) return;
      const aged = await Promise.all(
        unused.map(async (path) => ({ path, age: await ageOf(path) })),
      );
      aged.sort((a, b) => a.age - b.age);
      for (const { path } of aged.slice(0, aged.length - limit)) await whole.remove(path);
    },
  };
}

async function idsIn(folder: string): Promise<string[]> {
  const shards = (await readdir(folder).catch(() => [])).filter((name) => SHARD.test(name));
  const ids = await Promise.all(
    shards.map(async (shard) => (await readdir(join(folder, shard))).map((name) => shard + name)),
  );
  return ids.flat().filter((id) => ID.test(id));
}

async function ageOf(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}
