/** A user's file is changed whole, keeps its rights, and nothing is left beside it. */
import { execFileSync } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
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

test('a link stays one: the file that it leads to is made anew', async () => {
  const link = join(folder, 'link.txt');
  await writeFile(join(folder, 'a.txt'), 'one');
  await symlink('a.txt', link);
  await writeWhole(link, 'two');
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('two');
  expect(await readdir(folder)).toEqual(['a.txt', 'link.txt']);
});

test('a link to what is not there yet stays one: the file is made where it leads', async () => {
  const link = join(folder, 'link.txt');
  await symlink('a.txt', link);
  for (const text of ['one', 'two']) {
    await writeWhole(link, text);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe(text);
  }
  expect(await readdir(folder)).toEqual(['a.txt', 'link.txt']);
});

test('links that lead nowhere are errors, and stay', async () => {
  await symlink('nowhere/a.txt', join(folder, 'away'));
  await symlink('round', join(folder, 'round'));
  await expect(writeWhole(join(folder, 'away'), 'one')).rejects.toThrow(/ENOENT/);
  await expect(writeWhole(join(folder, 'round'), 'one')).rejects.toThrow(/ELOOP/);
  expect(await readdir(folder)).toEqual(['away', 'round']);
});

function refusing(code: string) {
  return { rename: () => Promise.reject(Object.assign(new Error(code), { code })) };
}

test.each(['EACCES', 'EPERM', 'EBUSY', 'EROFS'])(
  '%s: a file that cannot be replaced is written in its place',
  async (code) => {
    const file = join(folder, 'a.txt');
    await writeFile(file, 'what was there');
    const { ino } = await stat(file);
    for (const content of ['ö', Uint8Array.of(116, 119, 111)]) {
      await writeWhole(file, content, refusing(code));
      expect(await readFile(file)).toEqual(Buffer.from(content));
    }
    expect((await stat(file)).ino).toBe(ino);
    expect(await readdir(folder)).toEqual(['a.txt']);
    await expect(writeWhole(join(folder, 'b.txt'), 'one', refusing(code))).rejects.toThrow(code);
    expect(await readdir(folder)).toEqual(['a.txt']);
  },
);

test('anything else that is in the way leaves the file as it was', async () => {
  const file = join(folder, 'a.txt');
  await writeFile(file, 'one');
  await expect(writeWhole(file, 'two', refusing('EIO'))).rejects.toThrow('EIO');
  expect(await readFile(file, 'utf8')).toBe('one');
  expect(await readdir(folder)).toEqual(['a.txt']);
});

test.skipIf(process.platform === 'win32')(
  'what is no file, like a pipe, stays what it is',
  async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reading = readFile(pipe, 'utf8');
    await writeWhole(pipe, 'one');
    expect((await stat(pipe)).isFIFO()).toBe(true);
    expect(await reading).toBe('one');
  },
);

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
