import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  isTidy,
  type OutputFolder,
  openOutputFolder,
  type WantedFile,
} from '../../../bake/bake/output-folder.ts';

let folder: string;
let privateFolder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-output-'));
  privateFolder = join(folder, '.scenefoley');
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openOutputFolder({ folder, privateFolder, known: [] });
const textOf = (path: string) => readFile(join(folder, path), 'utf8');

interface TextFile extends WantedFile {
  text: string;
}
const file = (path: string, text: string, key = text): TextFile => ({ path, key, text });
const put = (output: OutputFolder, one: TextFile) =>
  output.write(one, new TextEncoder().encode(one.text));

async function filesIn(): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((path) => !path.startsWith('.scenefoley')).sort();
}

/** As a bake does. */
async function write(...files: TextFile[]) {
  const output = await open();
  const paths = files.map(({ path }) => path);
  await output.claim(paths);
  const written = [];
  const made: string[] = [];
  for (const one of files) {
    const found = await output.find(one);
    if (found === undefined) made.push(one.path);
    written.push(found ?? (await put(output, one)));
  }
  return { written, made, removed: await output.finish(paths) };
}

describe('a bake’s folder', () => {
  test('of many files the ledger is saved after a part of them, so that saving takes no longer than they do', async () => {
    const paths = Array.from({ length: 10_000 }, (_, i) => `a/${i}`);
    const output = await open();
    await output.claim(paths);
    const written = async () => {
      const text = await readFile(join(privateFolder, 'ledger.json'), 'utf8');
      return text.match(/"sha256":"[0-9a-f]/g)?.length ?? 0;
    };
    for (const path of paths.slice(0, 156)) await put(output, file(path, 'x'));
    expect(await written()).toBe(0);
    await put(output, file('a/156', 'x'));
    expect(await written()).toBe(157);
  });

  test('gets the files, with their hashes, in folders of their own', async () => {
    const { written } = await write(file('door/a.wav', 'abc'));
    expect(await textOf('door/a.wav')).toBe('abc');
    expect(written).toEqual([
      {
        path: 'door/a.wav',
        bytes: 3,
        sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      },
    ]);
  });

  test('files of the same key are neither made nor written again, damaged ones are', async () => {
    await write(file('a', 'abc'), file('b', 'abc'));
    await writeFile(join(folder, 'b'), 'damaged');
    const before = await stat(join(folder, 'a'));
    const { made } = await write(file('a', 'abc'), file('b', 'abc'));
    expect(made).toEqual(['b']);
    expect(await textOf('b')).toBe('abc');
    expect((await stat(join(folder, 'a'))).mtimeMs).toBe(before.mtimeMs);
  });

  test('what nobody wants any more is removed, its empty folder too', async () => {
    await write(file('door/a', '1'), file('bell/b', '2'));
    await writeFile(join(folder, 'bell', 'notes.txt'), 'mine');
    const { removed } = await write(file('c', '3'));
    expect(removed).toEqual(['bell/b', 'door/a']);
    expect(await filesIn()).toEqual(['bell', 'bell/notes.txt', 'c']);
  });

  test('a foreign file is an error before anything is written, and stays as it is', async () => {
    await writeFile(join(folder, 'b'), 'mine');
    await expect(write(file('a', '1'), file('b', '2'))).rejects.toThrow(
      /b is there already, and no bake wrote it\. Move it away/,
    );
    expect(await filesIn()).toEqual(['b']);
    expect(await textOf('b')).toBe('mine');
    await write(file('a', '1'));
    await write();
    expect(await textOf('b')).toBe('mine');
  });

  test('killed between two files, the next bake knows what is its own', async () => {
    const output = await open();
    await output.claim(['a', 'b']);
    await put(output, file('a', '1'));
    expect(await isTidy(privateFolder, [])).toBe(false);
    const { removed } = await write(file('c', '3'));
    expect(removed).toEqual(['a', 'b']);
    expect(await filesIn()).toEqual(['c']);
    expect(await isTidy(privateFolder, ['c'])).toBe(true);
  });

  test('half-written files of a killed bake are swept away', async () => {
    await write(file('a', '1'));
    await writeFile(join(privateFolder, 'temporary', 'x'), 'half');
    expect(await isTidy(privateFolder, ['a'])).toBe(false);
    await write(file('a', '1'));
    expect(await readdir(join(privateFolder, 'temporary'))).toEqual([]);
  });

  test('of a fresh checkout the manifest’s files are its own', async () => {
    await writeFile(join(folder, 'a'), 'old');
    const known = [{ path: 'a', bytes: 3, sha256: '' }];
    const output = await openOutputFolder({ folder, privateFolder, known });
    await output.claim(['a']);
    await put(output, file('a', 'new'));
    expect(await textOf('a')).toBe('new');
  });

  test('no ledger and no manifest reaches beyond the folder', async () => {
    const outside = join(folder, '..', `outside-${process.pid}`);
    await writeFile(outside, 'mine');
    await mkdir(privateFolder);
    const evil = [`../outside-${process.pid}`, outside, 'a/../../x', '..\\x', 'C:\\x', ''];
    const entries = evil.map((path) => ({ path, bytes: 1, sha256: '', key: '' }));
    await writeFile(join(privateFolder, 'ledger.json'), JSON.stringify(entries));
    const output = await openOutputFolder({ folder, privateFolder, known: entries });
    expect(await output.finish([])).toEqual([]);
    expect(await readFile(outside, 'utf8')).toBe('mine');
    await rm(outside);
  });

  test('a ledger that is none is an empty one', async () => {
    await mkdir(privateFolder);
    for (const text of ['', '{', '[1]', '{"a":1}', '[{"path":3}]', 'null']) {
      await writeFile(join(privateFolder, 'ledger.json'), text);
      expect((await write(file('a', '1'))).removed).toEqual([]);
      await rm(join(folder, 'a'));
    }
  });
});
