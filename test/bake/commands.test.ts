import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../bake/commands.ts';

async function run(...args: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const print = (line: string) => printed.push(line);
  const code = await runCli(args, { print, printError: (line) => errors.push(line) });
  return { code, printed, errors };
}

const NAMES = 'say bake gltf worker disclose audition info play pack unpack'.split(' ');

describe('scenefoley', () => {
  test('--version is that of the package', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await run('--version')).toEqual({ code: 0, printed: [version], errors: [] });
    expect((await run('-v')).printed).toEqual([version]);
  });

  test('--help, or nothing, names every command', async () => {
    const { code, printed, errors } = await run('--help');
    expect([code, errors]).toEqual([0, []]);
    for (const name of NAMES) expect(printed.join('\n')).toContain(`\n  ${name} `);
    expect(await run()).toEqual(await run('-h'));
  });

  test('a command’s --help names it', async () => {
    for (const name of NAMES) {
      const { code, printed, errors } = await run(name, '--help');
      expect([code, errors]).toEqual([0, []]);
      expect(printed.join('\n')).toContain(`USAGE ${name} `);
    }
  });

  test('no such command: a line that names all', async () => {
    const { code, errors } = await run('bakk');
    expect([code, errors]).toEqual([1, [expect.stringContaining("no command 'bakk'. Commands:")]]);
  });
});
