/** A user's file is changed whole, keeps its rights, and nothing is left beside it. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeWhole } from '../../../bake/files/write-whole.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-whole-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a file is made, and made anew with the rights it had', async () => {
  const file = join(folder, 'a.txt');
  await writeWhole(file, 'one');
  for (const mode of [0o600, 0o666]) {
    await chmod(file, mode);
    await writeWhole(file, Uint8Array.of(116, 119, 111));
    expect(await readFile(file, 'utf8')).toBe('two');
    expect((await stat(file)).mode & 0o777).toBe(mode);
  }
  expect(await readdir(folder)).toEqual(['a.txt']);
});

test('where it cannot be written nothing is left', async () => {
  const taken = join(folder, 'taken');
  await writeFile(join(folder, 'other'), '');
  await expect(writeWhole(join(taken, 'a.txt'), 'one')).rejects.toThrow(/ENOENT/);
  await expect(writeWhole(join(folder, 'other', 'a.txt'), 'one')).rejects.toThrow(/ENOTDIR/);
  await expect(writeWhole(folder, 'one')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(await readdir(folder)).toEqual(['other']);
});

test('many at once: one of them is there, whole', async () => {
  const file = join(folder, 'a.txt');
  const texts = Array.from({ length: 20 }, (_, i) => String(i).repeat(100_000));
  await Promise.all(texts.map((text) => writeWhole(file, text)));
  expect(texts).toContain(await readFile(file, 'utf8'));
  expect(await readdir(folder)).toEqual(['a.txt']);
});
