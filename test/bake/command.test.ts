import { describe, expect, test } from 'vitest';
import { readArgs } from '../../bake/command.ts';

const ARGS = {
  file: { type: 'positional', required: true },
  output: { type: 'string', alias: 'o', default: 'assets' },
  'max-rolls': { type: 'string' },
  json: { type: 'boolean' },
} as const;

describe('readArgs', () => {
  test('words and options, in any order; what is left out has its default', () => {
    expect(readArgs('bake', ['a.yaml', '--json'], ARGS)).toMatchObject({
      ...{ _: ['a.yaml'], file: 'a.yaml', output: 'assets', json: true },
    });
    expect(readArgs('bake', ['-o', 'out', 'a.yaml'], ARGS)).toMatchObject({ output: 'out' });
  });

  test('an option without its value is refused: nothing is written where nobody said', () => {
    const wrong: [string[], string][] = [
      [['-o'], 'output'],
      [['-o', ''], 'output'],
      [['--output='], 'output'],
      [['-o', '--json'], 'output'],
      [['-o', '--maxRolls', '3'], 'output'],
      [['--max-rolls'], 'max-rolls'],
    ];
    for (const [args, name] of wrong) {
      expect(() => readArgs('bake', ['a.yaml', ...args], ARGS)).toThrow(
        `bake: --${name} has no value. Write it behind the option.`,
      );
    }
  });

  test('what is missing or unknown is said with the command, and where to look', () => {
    expect(() => readArgs('bake', ['--json'], ARGS)).toThrow(/^bake: .*FILE.* See --help\.$/);
    expect(() => readArgs('bake', ['a.yaml', '--jso'], ARGS)).toThrow('bake: no option --jso');
  });
});
