import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runAudition } from '../../../bake/commands/audition.ts';
import { TINY_PACK } from '../../runtime/tiny-pack.ts';

let folder: string;
let map: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenefoley-audition-'));
  map = join(folder, 'sounds.yaml');
  await writeFile(map, 'sounds: { step: { prompt: a step } }');
});
afterAll(() => rm(folder, { recursive: true }));

async function audition(args: string[], onLine: (line: string) => void = () => {}) {
  const printed: string[] = [];
  const errors: string[] = [];
  let stop = () => {};
  const until = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const print = (line: string) => {
    printed.push(line);
    onLine(line);
  };
  const output = { print, printError: (line: string) => errors.push(line) };
  const running = runAudition(args, output, until);
  return { stop, printed, errors, code: running };
}

test('the page is served until it is told to end', async () => {
  let told = (_line: string) => {};
  const line = new Promise<string>((resolve) => {
    told = resolve;
  });
  const options = [map, '--port', '0', '--model', TINY_PACK];
  const { stop, code, errors } = await audition(options, told);
  const url = (await line).match(/http:\S+/)?.[0] ?? '';
  const listing = await (await fetch(`${url}sounds`)).json();
  expect(listing).toMatchObject({ file: 'sounds.yaml', problems: [], sounds: [{ name: 'step' }] });
  stop();
  expect(await code).toBe(0);
  expect(errors.filter((line) => !line.includes('judge'))).toEqual([]); // it does not know this model
  await expect(fetch(url)).rejects.toThrow();
});

test('what is wrong is one line and exit code 1', async () => {
  const wrong: [string[], string][] = [
    [[], 'no sound map'],
    [[map, map], 'one sound map, got 2'],
    [[join(folder, 'no.yaml')], `audition: the sound map ${join(folder, 'no.yaml')} cannot be`],
    [[map, '--port', 'x'], "--port must be a number, got 'x'"],
    [[map, '--port', '70000'], '--port must be a whole number from 0 to 65535, got 70000'],
    [[map, '--prot', '1'], 'no option --prot'],
    [[map, '--model', '/nowhere'], '/nowhere/model.json: expected a JSON file'],
  ];
  for (const [args, message] of wrong) {
    const { code, printed, errors } = await audition(args);
    expect([await code, printed, errors.length]).toEqual([1, [], 1]);
    expect(errors[0]).toContain(message);
  }
});

test('--help names every option', async () => {
  const { code, printed } = await audition(['--help']);
  expect(await code).toBe(0);
  for (const option of ['--port', '--model']) expect(printed.join('\n')).toContain(option);
});
