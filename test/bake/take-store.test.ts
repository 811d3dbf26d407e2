import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFolderStore } from '../../bake/take-store.ts';
import { failingFiles } from './failing-files.ts';
import { job, record } from './records.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

const filesIn = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

describe('a folder of takes', () => {
  test('gives back what was put there, also to another store', async () => {
    const one = record(job());
    await createFolderStore(folder).put(one);
    const store = createFolderStore(folder);
    expect(await store.get(one.job.id)).toEqual(one);
    expect(await store.get(job({ seed: 1 }).id)).toBeUndefined();
  });

  test('a damaged record is not there, and is written anew', async () => {
    const store = createFolderStore(folder);
    const one = record(job());
    await store.put(one);
    const [path = ''] = await filesIn();
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, 100));
    expect(await store.get(one.job.id)).toBeUndefined();
    await store.put(one);
    expect(await readFile(path)).toEqual(whole);
  });

  test('many may write the same at once', async () => {
    const one = record(job());
    const stores = Array.from({ length: 4 }, () => createFolderStore(folder));
    await Promise.all(stores.flatMap((store) => [store.put(one), store.put(one)]));
    expect(await stores[0]?.get(one.job.id)).toEqual(one);
    expect((await filesIn()).length).toBe(1);
  });

  test('an id that is none reaches no file', async () => {
    await expect(createFolderStore(folder).get('../../etc/passwd')).rejects.toThrow('64 digits');
  });

  test('disk full: one sentence, nothing half-written, and what was there stays', async () => {
    const one = record(job());
    await createFolderStore(folder).put(one);
    const full = createFolderStore(folder, { files: failingFiles('ENOSPC') });
    await expect(full.put(record(job({ seed: 1 })))).rejects.toThrow(
      /cannot be written: the disk is full \(ENOSPC\)\. Free some space and bake again/,
    );
    expect((await filesIn()).length).toBe(1);
    expect(await full.get(one.job.id)).toEqual(one);
  });

  test('what a killed process left half-written is swept away', async () => {
    const store = createFolderStore(folder);
    await store.put(record(job()));
    await writeFile(join(folder, 'temporary', '4711-1'), 'half');
    await store.sweep();
    expect((await filesIn()).length).toBe(1);
  });

  test('of the records that nobody needs the oldest go', async () => {
    const store = createFolderStore(folder);
    const all = [0, 1, 2, 3].map((seed) => record(job({ seed })));
    for (const [age, one] of all.entries()) {
      await store.put(one);
      const { id } = one.job;
      await utimes(join(folder, id.slice(0, 2), id.slice(2)), 1000 + age, 1000 + age);
    }
    const [first, ...others] = all.map(({ job: { id } }) => id);
    await store.prune(new Set([first ?? '']), 2);
    const left = await Promise.all([first ?? '', ...others].map((id) => store.get(id)));
    expect(left.map((one) => one !== undefined)).toEqual([true, false, true, true]);
  });
});
