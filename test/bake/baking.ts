/** Bakes in temporary folders, with the small pack; takes are made in this thread. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type BakeOptions, type BakeReport, bake } from '../../bake/bake.ts';
import type { TakeJob, TakeMaker } from '../../bake/contract.ts';
import { createTakeMaker } from '../../bake/take-maker.ts';
import type { MakeAll } from '../../bake/take-pool.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

export interface Bakery {
  folder: string;
  /** Sounds of 0.1 s; what is asked to be made goes to `made`. */
  made: TakeJob[];
  write(map: string): void;
  bake(options?: Partial<BakeOptions>): Promise<BakeReport>;
  /** SHA-256 of every file of the output folder that a game gets, by its path. */
  files(output?: string): Record<string, string>;
  dispose(): Promise<void>;
}

export function createBakery(): Bakery {
  const folder = mkdtempSync(join(tmpdir(), 'scenefoley-bake-'));
  const made: TakeJob[] = [];
  let maker: Promise<TakeMaker> | undefined;
  const makeAll: MakeAll = async (jobs, onRecord, signal) => {
    maker ??= createTakeMaker({ model: TINY_PACK, gate: null });
    for (const job of jobs) {
      made.push(job);
      await onRecord(await (await maker).make(job, signal));
    }
  };
  const soundMap = join(folder, 'sounds.yaml');
  return {
    folder,
    made,
    write: (map) => writeFileSync(soundMap, map),
    bake: (options = {}) =>
      bake({
        ...{ soundMap, output: join(folder, 'assets'), model: TINY_PACK, workers: 1 },
        ...{ formats: ['foley'], gate: null, makeAll },
        ...options,
      }),
    files: (output = 'assets') => hashesIn(join(folder, output)),
    async dispose() {
      await (await maker)?.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns SHA-256 by path of all files but those that are kept between bakes */
export function hashesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .filter((path) => !path.startsWith('.scenefoley'))
    .sort();
  const hashOf = (path: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex');
  return Object.fromEntries(files.map((path) => [path, hashOf(path)]));
}
