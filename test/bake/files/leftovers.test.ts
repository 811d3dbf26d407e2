import { randomUUID } from 'node:crypto';
import { lutimes, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sweepLeftovers } from '../../../bake/files/leftovers.ts';
import { createWholeFiles } from '../../../bake/files/whole-file.ts';

const HOUR_MS = 3600 * 1000;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-leftovers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function leave(hours: number, name: string = randomUUID()): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, 'half');
  const changed = (Date.now() - hours * HOUR_MS) / 1000;
  await utimes(path, changed, changed);
  return name;
}

const left = async () => (await readdir(folder)).sort();
const clockOff = (hours: number) => () => Date.now() + hours * HOUR_MS;

describe('temporary files where others may be writing', () => {
  test('older than a day are removed, younger ones stay', async () => {
    await leave(25);
    const young = await leave(23);
    await sweepLeftovers(folder);
    expect(await left()).toEqual([young]);
  });

  test('a name that is not ours stays, however old; so do folders and links', async () => {
    const names = ['4711-1', 'notes.txt', `${randomUUID()}.bak`, randomUUID().toUpperCase()];
    for (const name of names) await leave(1000, name);
    const [inside, link] = [randomUUID(), randomUUID()];
    await mkdir(join(folder, inside));
    await utimes(join(folder, inside), 1000, 1000);
    await symlink(join(folder, 'notes.txt'), join(folder, link));
    await lutimes(join(folder, link), 1000, 1000);
    await sweepLeftovers(folder);
    expect(await left()).toEqual([...names, inside, link].sort());
  });

  test('what is young by one clock stays: ours runs days ahead, or days behind', async () => {
    const [fresh, old] = [await leave(0), await leave(25)];
    await sweepLeftovers(folder, { now: clockOff(-48) });
    expect(await left()).toEqual([fresh, old].sort());
    await sweepLeftovers(folder, { now: clockOff(48) });
    expect(await left()).toEqual([fresh]); // ours calls it two days old, the drive does not
  });

  test('a writer whose file was swept away writes it again', async () => {
    const temporary = join(folder, 'temporary');
    let isSwept = false;
    const mayChange = async () => {
      if (isSwept) return;
      isSwept = true; // it slept for a day before it could rename
      for (const name of await readdir(temporary)) await utimes(join(temporary, name), 1000, 1000);
      await sweepLeftovers(temporary);
      expect(await readdir(temporary)).toEqual([]);
    };
    await mkdir(temporary);
    const whole = createWholeFiles(temporary, { mayChange });
    await whole.write(join(folder, 'record'), new TextEncoder().encode('whole'));
    expect(await left()).toEqual(['record', 'temporary']);
  });

  test('a folder that is not there, or is none, is no error', async () => {
    await sweepLeftovers(join(folder, 'nowhere'));
    await sweepLeftovers(join(folder, await leave(25)));
    expect((await left()).length).toBe(1);
  });

  test('one call looks at a thousand names', async () => {
    await Promise.all(Array.from({ length: 1010 }, () => leave(25)));
    await sweepLeftovers(folder);
    expect((await left()).length).toBe(10);
    await sweepLeftovers(folder);
    expect(await left()).toEqual([]);
  });
});
