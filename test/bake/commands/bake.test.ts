import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runBake } from '../../../bake/commands/bake.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';
import { type Bakery, createBakery } from '../baking.ts';

const MAP = 'sounds: { door: { prompt: a door, duration: 0.1, variations: 2 } }';
let folder: string;
let bakery: Bakery;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scenefoley-command-'));
  bakery = createBakery();
  // As the command would with --no-gate: it then has nothing to do.
  bakery.write(MAP);
  await bakery.bake();
});
afterAll(async () => {
  await bakery.dispose();
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const output = {
    print: (line: string) => printed.push(line),
    printError: (line: string) => errors.push(line),
  };
  const code = await runBake(args, output);
  return { code, printed, errors };
}
const map = () => join(bakery.folder, 'sounds.yaml');
const baked = () => ['-o', join(bakery.folder, 'assets'), '--model', TINY_PACK, '--no-gate'];

describe('bake', () => {
  test('says when there is nothing to do, and exits with 0', async () => {
    const { code, printed, errors } = await run(map(), ...baked());
    expect([code, errors]).toEqual([0, []]);
    expect(printed.join()).toMatch(
      /assets: nothing to do, 2 takes of 1 sound are as the sound map says/,
    );
    expect((await run(map(), ...baked(), '--check')).code).toBe(0);
  });

  test('--check exits with 2 and says what is stale', async () => {
    const { code, printed, errors } = await run(map(), ...baked(), '--check', '--format', 'wav');
    expect([code, errors]).toEqual([2, [expect.stringContaining('formats')]]);
    expect(printed.join()).toContain('stale. Bake again.');
    const never = await run(map(), '-o', join(folder, 'never'), '--model', TINY_PACK, '--check');
    expect([never.code, never.errors]).toEqual([2, ['manifest.json is not there']]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('--json: a line of JSON for each thing told', async () => {
    const { printed } = await run(map(), ...baked(), '--json');
    const lines = printed.map((line) => JSON.parse(line));
    expect(lines).toEqual([
      expect.objectContaining({ event: 'report', outcome: 'fresh', takes: 2 }),
    ]);
    const [stale] = (await run(map(), ...baked(), '--json', '--check', '--format', 'wav')).printed;
    expect(JSON.parse(stale ?? '')).toMatchObject({
      outcome: 'stale',
      reasons: [expect.any(String)],
    });
  });

  test('what is wrong is said in a sentence, with exit code 1, and nothing is written', async () => {
    const bad = join(bakery.folder, 'bad.yaml');
    writeFileSync(bad, 'sounds:\n  a: { prompt: 3 }\n  b: { loop: 7, prompt: x }\n');
    const output = ['-o', join(folder, 'out'), '--model', TINY_PACK];
    const wrong: [string[], string][] = [
      [[], 'no sound map'],
      [[map(), map()], 'one sound map, got 2'],
      [['nowhere.yaml', ...output], 'nowhere.yaml cannot be read: ENOENT'],
      [[bad, ...output], 'bad.yaml:2:'],
      [[bad, ...output], 'bad.yaml:3:'],
      [[map(), ...output, '--workers', 'x'], "--workers must be a number, got 'x'"],
      [[map(), ...output, '--workers', '1000'], 'workers must be a whole number from 1 to 64'],
      [
        [map(), ...output, '--format', 'wav,mp3'],
        "--format must be of foley, wav, flac, opus, got 'mp3'",
      ],
      [[map(), ...output, '--max-rolls', '0'], 'maxRolls must be 1 to 32'],
      [[map(), ...output, '--chek'], 'no option --chek'],
      [[map(), '-o', join(folder, 'out'), '--model', '/nowhere'], '/nowhere/model.json'],
    ];
    for (const [args, message] of wrong) {
      const { code, printed, errors } = await run(...args);
      expect([code, printed, errors.length]).toEqual([1, [], 1]);
      expect(errors[0]).toContain(message);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('another map in the folder of a bake: it is told, and what is removed is counted', async () => {
    const other = join(bakery.folder, 'other.yaml');
    writeFileSync(other, MAP);
    const output = join(folder, 'shared');
    const options = {
      output,
      model: TINY_PACK,
      workers: 1,
      formats: ['foley'] as const,
      gate: null,
    };
    await bakery.bake(options);
    const { code, printed, errors } = await run(other, ...baked(), '-o', output);
    expect([code, errors]).toEqual([0, [expect.stringContaining("has what 'sounds.yaml' asked")]]);
    expect(printed.join()).toContain('; 1 of earlier bakes removed');
    rmSync(output, { recursive: true });
  });

  test('--help names every option', async () => {
    const { code, printed } = await run('--help');
    expect(code).toBe(0);
    const options = ['output', 'workers', 'format', 'model', 'max-rolls', 'min-score', 'no-gate'];
    for (const option of [...options, 'check', 'release', 'json']) {
      expect(printed.join()).toContain(`--${option}`);
    }
  });
});
