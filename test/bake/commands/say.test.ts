import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSay } from '../../../bake/commands/say.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { readRiff } from '../../support/audio-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-say-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function say(...args: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const output = {
    print: (line: string) => printed.push(line),
    printError: (line: string) => errors.push(line),
  };
  const code = await runSay(args, output);
  return { code, printed: printed.join('\n'), errors };
}

describe('say', () => {
  test('words become a WAV file; sound key, seconds and timings are printed', async () => {
    const file = join(folder, 'door.wav');
    const model = ['--model', TINY_PACK];
    const first = await say('heavy wooden door slams', '--seed', '3', '-o', file, ...model);
    expect(first).toMatchObject({ code: 0, errors: [] });
    expect(first.printed).toMatch(/door\.wav: [01]\.\d\d s at 32000 Hz, seed 3, model tiny-pack/);
    expect(first.printed).toMatch(/sound key [0-9a-f]{64}/);
    expect(first.printed).toMatch(/53 steps \d+ ms/);
    const bytes = await readFile(file);
    const chunks = readRiff(bytes);
    expect(chunks.get('LIST')!.toString()).toContain('heavy wooden door slams');
    expect(chunks.has('smpl')).toBe(false);

    const again = join(folder, 'again.wav');
    await say('heavy wooden door slams', '--seed', '3', '-o', again, ...model);
    expect(await readFile(again)).toEqual(bytes);
    await say('heavy wooden door slams', '--seed', '4', '-o', again, ...model);
    expect(await readFile(again)).not.toEqual(bytes);
  });

  test('every option reaches the request', async () => {
    const file = join(folder, 'rain.wav');
    const options = '--duration 0.3 --guidance 1 --temperature 0.5 --top-k 5 --top-p 0.9 --loop';
    const { code } = await say('rain', ...options.split(' '), '-o', file, '--model', TINY_PACK);
    expect(code).toBe(0);
    const chunks = readRiff(await readFile(file));
    const samples = chunks.get('data')!.length / 2; // a loop is at most a fifth shorter than asked
    expect(chunks.get('smpl')!.readUInt32LE(48)).toBe(samples - 1);
    expect(samples).toBeLessThanOrEqual(0.3 * 32000);
    expect(samples).toBeGreaterThan(0.75 * 0.3 * 32000);
  });

  test('what is wrong is one line and exit code 1', async () => {
    const wrong: [string[], string][] = [
      [[], 'no prompt'],
      [[''], 'prompt must be 1 to 256 characters'],
      [['door', 'slams'], '2 words outside quotes'],
      [['door', '--seed', 'x'], "--seed must be a number, got 'x'"],
      [['door', '--seed', '-1'], 'seed must be a whole number from 0 to 4294967295, got -1'],
      [['door', '--duration', '11'], 'duration must be a number from 0.1 to 10, got 11'],
      [['door', '--sed', '3'], 'no option --sed'],
      [['door', '--model', '/nowhere'], '/nowhere/model.json: expected a JSON file, found ENOENT'],
      [
        ['door', '--model', TINY_PACK, '-o', '/nowhere/x.wav'],
        'say: /nowhere/x.wav cannot be written: ENOENT',
      ],
    ];
    for (const [args, message] of wrong) {
      const { code, printed, errors } = await say(...args);
      expect([code, printed, errors.length]).toEqual([1, '', 1]);
      expect(errors[0]).toContain(message);
    }
  });

  test('--help names every option', async () => {
    const { code, printed } = await say('--help');
    expect(code).toBe(0);
    for (const option of ['--seed', '--duration', '--guidance', '--top-k', '--loop', '--model']) {
      expect(printed).toContain(option);
    }
  });
});
