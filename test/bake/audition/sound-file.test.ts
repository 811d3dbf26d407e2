/** Choices go into the designer's file: everything else in it stays, and a file that is wrong stays as it is. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSoundFile, type SoundFile } from '../../../bake/audition/sound-file.ts';

const TEXT = `# mine
sounds:
  step: # quick
    prompt: a step
    takes: { ban: [4] }
  hit:
    prompt: a hit # hard
`;

let folder: string;
let path: string;
let file: SoundFile;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-file-'));
  path = join(folder, 'sounds.yaml');
  await writeFile(path, TEXT);
  file = await openSoundFile(path);
});
afterEach(async () => {
  file.dispose();
  await rm(folder, { recursive: true });
});

const takesOf = (sound: string) => file.map?.sounds.get(sound)?.takes;

test('a take is locked, banned, allowed again; no other line changes', async () => {
  await file.choose({ sound: 'hit', lock: 7 });
  expect(await readFile(path, 'utf8')).toBe(`${TEXT}    takes: { lock: 7 }\n`);
  await file.choose({ sound: 'hit', ban: 7 });
  expect(takesOf('hit')).toEqual({ lock: null, ban: [7] });
  await file.choose({ sound: 'hit', lock: 7 });
  expect(takesOf('hit')).toEqual({ lock: 7, ban: [] });
  await file.choose({ sound: 'hit', lock: null });
  await file.choose({ sound: 'step', ban: 2 });
  await file.choose({ sound: 'step', allow: 4 });
  expect(takesOf('step')).toEqual({ lock: null, ban: [2] });
  const kept = (await readFile(path, 'utf8')).split('\n').filter((line) => line.includes('#'));
  expect(kept).toEqual(TEXT.split('\n').filter((line) => line.includes('#')));
  expect(await readdir(folder)).toEqual(['sounds.yaml']);
});

test('choices at once are all written', async () => {
  const seeds = [0, 1, 2, 3, 5];
  await Promise.all(seeds.map((ban) => file.choose({ sound: 'step', ban })));
  expect(takesOf('step')?.ban).toEqual([4, ...seeds]);
});

test('what an editor wrote meanwhile stays', async () => {
  await writeFile(path, `${TEXT}  miss: { prompt: a miss }\n`);
  await file.choose({ sound: 'hit', lock: 1 });
  expect([...(file.map?.sounds.keys() ?? [])]).toEqual(['step', 'hit', 'miss']);
});

test('a map that is wrong tells its problems, keeps the one before, and is not written to', async () => {
  const told = new Promise<void>((resolve) => file.onChange(resolve));
  const wrong = TEXT.replace('prompt: a hit', 'promt: a hit');
  await writeFile(path, wrong);
  await told;
  expect(file.problems.join('\n')).toMatch(/^sounds\.yaml:\d+:\d+: sounds\.hit/);
  expect(file.map?.sounds.get('hit')?.prompt).toBe('a hit');
  await expect(file.choose({ sound: 'hit', lock: 1 })).rejects.toThrow(/sound-map: /);
  expect(await readFile(path, 'utf8')).toBe(wrong);
});

test.each([
  [{ sound: 'hits', lock: 1 }, /there is no sound "hits"\. Did you mean "hit"/],
  [{ sound: '__proto__', lock: 1 }, /there is no sound "__proto__"/],
  [{ sound: 'hit', lock: -1 }, /seed must be a whole number from 0 to 4294967295, got -1/],
  [{ sound: 'hit', ban: 2 ** 32 }, /got 4294967296/],
  [{ sound: 'hit', lock: '1' as unknown as number }, /got "1"/],
])('%j is refused, the file stays', async (choice, words) => {
  await expect(file.choose(choice)).rejects.toThrow(words);
  expect(await readFile(path, 'utf8')).toBe(TEXT);
});

test('no file, no audition', async () => {
  await expect(openSoundFile(join(folder, 'no.yaml'))).rejects.toThrow(
    /^audition: the sound map .*no\.yaml cannot be read: ENOENT.*Check its path\.$/,
  );
});
