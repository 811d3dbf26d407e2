import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWholeFiles } from '../../../bake/files/whole-file.ts';
import { failingFiles } from '../failing-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-whole-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = new TextEncoder().encode('whole');
const refused = async () => {
  throw new Error('no longer ours');
};

describe('whole files', () => {
  test('that may not be changed are neither written nor removed, and no temporary one is left', async () => {
    const path = join(folder, 'a');
    await createWholeFiles(folder).write(path, bytes);
    const whole = createWholeFiles(folder, { mayChange: refused });
    await expect(whole.write(join(folder, 'b'), bytes)).rejects.toThrow('no longer ours');
    await expect(whole.remove(path)).rejects.toThrow('no longer ours');
    expect(await readdir(folder)).toEqual(['a']);
  });

  test('what fails because the folder is another’s by now says that', async () => {
    const whole = createWholeFiles(folder, { files: failingFiles('EIO'), mayChange: refused });
    await expect(whole.write(join(folder, 'a'), bytes)).rejects.toThrow('no longer ours');
    const own = createWholeFiles(folder, { files: failingFiles('EIO') });
    await expect(own.write(join(folder, 'a'), bytes)).rejects.toThrow('a cannot be written: EIO');
  });
});
