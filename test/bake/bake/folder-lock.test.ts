import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
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
const SECOND = { pid: 200, host: 'here', isAlive: () => true };

describe('a folder', () => {
  test('has one holder; the second hears who it is', async () => {
    const held = await lock({ ...FIRST, now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
    await utimes(path, Date.now() / 1000, Date.now() / 1000);
    const refused = lock(SECOND);
    await expect(refused).rejects.toThrow(FolderHeldError);
    await expect(refused).rejects.toThrow(
      'assets is held by another bake: process 100 on here, since 2026-01-02T03:04:05.000Z.',
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
    const link = () => Promise.reject(Object.assign(new Error('no links'), { code: 'EPERM' }));
    const held = await lock({ ...FIRST, link });
    await expect(lock({ ...SECOND, link })).rejects.toThrow('process 100 on here');
    const taken = await lock({ ...SECOND, link, isAlive: () => false });
    await expect(held.throwIfLost()).rejects.toThrow(FolderLostError);
    await taken.release();
    expect(await readdir(join(folder, 'assets', '.scenefoley'))).toEqual([]);
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
