import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bakedTake, bakedTakes } from '../../runtime/baked-takes.ts';
import { openPackFolder, type PackFolder } from './run-command.ts';

let folder: PackFolder;
beforeAll(async () => {
  folder = await openPackFolder();
});
afterAll(() => folder.dispose());

const takes = [
  ...bakedTakes(6),
  bakedTake({ sound: 'door', prompt: 'door slams', rolledTo: 77, model: 'other', draw: 9 }),
  { ...bakedTake({ sound: 'door', prompt: 'door slams', seed: 1 }), loudness: -Infinity },
];

test('sounds, prompts, takes, seeds, seconds, bytes, licences and the codec', async () => {
  const file = await folder.write('a.foley', takes);
  const { code, printed, errors } = await folder.run('info', file);
  expect([code, errors]).toEqual([0, []]);
  const seconds = takes.reduce((sum, { plan }) => sum + plan.length, 0) / 32000;
  expect(printed).toContain(`a.foley: 3 sounds, 3 prompts, 8 takes, ${seconds.toFixed(1)} s`);
  expect(printed).toMatch(
    /[\d,]+ bytes: index \d+ \([\d.]+ a take\), codes 1,840 \(250 a second\)/,
  );
  expect(printed).toContain('model foley-tiny, licence MIT (text encoder: Apache-2.0): 7 takes');
  expect(printed).toContain('model other, licence MIT (text encoder: Apache-2.0): 1 take');
  expect(printed).toContain(`codec ${folder.info.codecHash}`);
  expect(printed).toMatch(/footstep: 4 takes, \d\.\d s, 500 bytes/);
  expect(printed).toContain('  light footstep on surface 0   seed 0, 1, 2, 3');
  expect(printed).toContain('  steady rain   loop, seed 4, 5');
  expect(printed).toContain('  door slams   seed 0 (by 77), 1');
});

test('of many seeds the first are named', async () => {
  const many = Array.from({ length: 20 }, (_, seed) => bakedTake({ seed }));
  const { printed } = await folder.run('info', await folder.write('many.foley', many));
  expect(printed).toContain('seed 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more');
});

test('--json is everything, and silence is null', async () => {
  const { printed } = await folder.run('info', await folder.write('a.foley', takes), '--json');
  const summary = JSON.parse(printed);
  expect(summary).toMatchObject({ takes: 8, prompts: 3, info: folder.info });
  expect(summary.sounds.map(({ sound }: { sound: string }) => sound)).toEqual([
    'footstep',
    'rain',
    'door',
  ]);
  const [rolled, silent] = summary.sounds[2].prompts[0].takes;
  expect(rolled).toMatchObject({ seed: 0, usedSeed: 77, soundKey: takes[6]!.soundKey, bytes: 125 });
  expect(silent).toMatchObject({ seed: 1, loudness: null, loop: false, duration: 0.5 });
  const { index, codes, all } = summary.bytes;
  expect(index + codes).toBe(all);
  expect(all).toBe((await readFile(folder.at('a.foley'))).length);
});

test('damaged codes are told, with the byte', async () => {
  const file = await folder.write('bad.foley', takes);
  const bytes = await readFile(file);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(file, bytes);
  const { code, printed, errors } = await folder.run('info', file);
  expect([code, printed]).toEqual([1, '']);
  expect(errors[0]).toMatch(/bad\.foley, byte \d+: expected 125 bytes of codes of 'door'/);
});

test('an empty pack, no pack, help', async () => {
  const empty = await folder.run('info', await folder.write('empty.foley', []));
  expect(empty.printed).toContain('0 sounds, 0 prompts, 0 takes, 0.0 s');
  expect((await folder.run('info')).errors[0]).toContain('info: no token pack');
  const wrong = await folder.run('info', 'models/foley-tiny/model.json');
  expect(wrong.errors[0]).toMatch(/model\.json, byte 0: .*It is no token pack/);
  expect((await folder.run('info', '-h')).printed).toContain('--json');
});
