import { link, mkdtemp, open, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  DEAD_AFTER_MS,
  FolderHeldError,
  FolderLostError,
  lockFolder,
} from '../../../bake/bake/folder-lock.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-lock-'));
  path = join(folder, 'assets', '.scenefoley', 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

const lock = (options = {}) => lockFolder(path, 'assets', options);
const FIRST = { pid: 100, host: 'here', isAlive: () => true };
const refusal = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
const SECOND = { pid: 200, host: 'here', isAlive: () => true };

describe('a folder', () => {
  test('has one holder; the second hears who it is', async () => {
    const now = Date.now(); // and the lock is touched with it: it must not look old
    const held = await lock({ ...FIRST, now: () => now });
    const refused = lock(SECOND);
    await expect(refused).rejects.toThrow(FolderHeldError);
    await expect(refused).rejects.toThrow(
      `assets is held by another bake: process 100 on here, since ${new Date(now).toISOString()}.`,
    );
    await held.release();
    await (await lock(SECOND)).release();
  });

  test('is free after release, twice released or not, and nothing is left', async () => {
    const held = await lock();
    await held.release();
    await held.release();
    expect(await readdir(join(folder, 'assets', '.scenefoley'))).toEqual([]);
  });

  test('has one holder on a drive without links, too (exFAT)', async () => {
    const noLinks = { link: () => refusal('EPERM') };
    const held = await lock({ ...FIRST, ...noLinks });
    await expect(lock({ ...SECOND, ...noLinks })).rejects.toThrow('process 100 on here');
    const taken = await lock({ ...SECOND, ...noLinks, isAlive: () => false });
    await expect(held.throwIfLost()).rejects.toThrow(FolderLostError);
    await taken.release();
    expect(await readdir(join(folder, 'assets', '.scenefoley'))).toEqual([]);
  });

  test('is written without links on such a drive alone, not where a link fails of something else', async () => {
    for (const code of ['EIO', 'ENOSPC', 'EACCES'])
      await expect(lock({ link: () => refusal(code) })).rejects.toThrow(`(${code})`);
    expect(await readdir(join(folder, 'assets', '.scenefoley'))).toEqual([]);
  });

  test('of a disk that is full in the midst is left without a lock', async () => {
    const full: typeof open = async (...args) => {
      const file = await open(...args);
      return Object.assign(file, { writeFile: () => refusal('ENOSPC') });
    };
    const trouble = lock({ link: () => refusal('EPERM'), open: full });
    await expect(trouble).rejects.toThrow('the disk is full (ENOSPC)');
    expect(await readdir(join(folder, 'assets', '.scenefoley'))).toEqual([]);
  });

  test('is ours where a network lost the answer, and asked again (NFS)', async () => {
    const twice: typeof link = async (from, to) => {
      await link(from, to);
      await link(from, to);
    };
    const held = await lock({ ...FIRST, link: twice });
    await held.throwIfLost();
    await expect(lock({ ...FIRST, link: twice })).rejects.toThrow(FolderHeldError);
    await held.release();
    await (await lock({ ...SECOND, link: twice })).release();
  });

  test('has one holder of several that begin in the same millisecond of one process', async () => {
    const many = Array.from({ length: 8 }, () => lock({ ...FIRST, now: () => 1e12, began: 0 }));
    const settled = await Promise.allSettled(many);
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    for (const one of settled) if (one.status === 'fulfilled') await one.value.release();
  });

  test('of a dead process is taken over, and its release then is nobody’s', async () => {
    const dead = await lock(FIRST);
    const held = await lock({ ...SECOND, isAlive: () => false });
    await dead.release();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: 200 });
    await held.release();
  });

  test('of another machine is held while it is touched, and taken over after that', async () => {
    const now = Date.now();
    const elsewhere = await lock({ ...FIRST, host: 'there', isAlive: () => false });
    await expect(lock({ ...SECOND, isAlive: () => false })).rejects.toThrow('process 100 on there');
    const held = await lock({ ...SECOND, now: () => now + DEAD_AFTER_MS + 10_000 });
    await held.release();
    await elsewhere.release();
  });

  test('that was taken over while its holder stood still is lost, and stays so', async () => {
    const asleep = await lock(FIRST);
    await asleep.throwIfLost();
    const held = await lock({ ...SECOND, now: () => Date.now() + DEAD_AFTER_MS + 10_000 });
    await expect(asleep.throwIfLost()).rejects.toThrow(FolderLostError);
    await expect(asleep.throwIfLost()).rejects.toThrow(/\(process 200 on here, since 2\d{3}-/);
    await held.throwIfLost();
    await held.release();
    await expect(asleep.throwIfLost()).rejects.toThrow(
      /it has ended, .*\. Nothing more is written/,
    );
    await asleep.release();
  });

  test('of a holder that slept alone is still its own', async () => {
    const held = await lock(FIRST);
    await utimes(path, 1000, 1000);
    await held.throwIfLost();
    await held.release();
  });

  test('of an earlier process with our number is taken over, our own is held', async () => {
    const held = await lock({ pid: 100, began: 0 });
    await expect(lock({ pid: 100, began: 0 })).rejects.toThrow(FolderHeldError);
    const later = await lock({ pid: 100, began: Date.now() + 1000 });
    await later.release();
    await held.release();
  });

  test('of a dead holder goes to one of many, and the others hear of it', async () => {
    for (let round = 0; round < 100; round++) {
      await lock({ ...FIRST, host: 'here' });
      const isAlive = (pid: number) => pid !== 100;
      const many = Array.from({ length: 8 }, async (_, i) => {
        await setTimeout((i * round) % 4); // each finds another moment of the takeover
        return lock({ pid: 200 + i, host: 'here', isAlive });
      });
      const settled = await Promise.allSettled(many);
      const holders = settled.filter(({ status }) => status === 'fulfilled');
      expect(holders.length).toBe(1);
      for (const one of settled) if (one.status === 'fulfilled') await one.value.release();
    }
  });

  test('with a lock that says nothing is held until it is old', async () => {
    await (await lock()).release();
    await writeFile(path, '');
    await expect(lock()).rejects.toThrow(FolderHeldError);
    await utimes(path, 1000, 1000);
    await (await lock()).release();
  });

  test('that cannot be written is one sentence', async () => {
    await writeFile(join(folder, 'assets'), 'a file');
    await expect(lock()).rejects.toThrow(/cannot be written: .* Choose another folder\./);
  });
});
