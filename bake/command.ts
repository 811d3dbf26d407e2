/**
 * What every command of the command line is made of: where it speaks, how its options are read, what its exit code says.
 *
 *   'bake sounds.yaml -o assets' ── cli.ts ──▶ commands/bake.ts: run(['sounds.yaml', '-o', 'assets'], output) ──▶ exit code
 */
import { type ArgsDef, type ParsedArgs, parseArgs } from 'citty';
import { messageOf } from '../runtime/errors.ts';

/** Where a command speaks. */
export interface Output {
  /** A line on standard output: what was asked for. */
  print(line: string): void;
  /** A line on standard error: progress, warnings, what is wrong. */
  printError(line: string): void;
  /** Standard error is a terminal: progress may be a bar that is drawn again. Default false. */
  isTerminal?: boolean;
}

export const EXIT = {
  /** All is well. */
  OK: 0,
  /** Something is wrong: one line on standard error says what, where and what to do. */
  ERROR: 1,
  /** `bake --check`: the assets are not those of the sound map. */
  STALE: 2,
  /** Another bake has the output folder. */
  HELD: 3,
  /** It was done, but some takes did not pass the quality gate however often they were rolled again. */
  REJECTED: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** @param rawArgs what stands after the command's name. Never throws: what is wrong is a line and a code. */
export type Command = (rawArgs: string[], output: Output) => Promise<ExitCode>;

/**
 * @param command its name, for messages
 * @throws Error for an option that is not in `definition`, for one that is to have a value and has none, and for what is missing.
 */
export function readArgs<A extends ArgsDef>(
  command: string,
  rawArgs: string[],
  definition: A,
): ParsedArgs<A> {
  const args = parsed(command, rawArgs, definition);
  const unknown = Object.keys(args).find((name) => !knownNames(definition).has(name));
  if (unknown !== undefined) throw new Error(`${command}: no option --${unknown}. See --help.`);
  const empty = Object.keys(definition).find((name) => isWithoutValue(args, definition, name));
  if (empty !== undefined) {
    throw new Error(`${command}: --${empty} has no value. Write it behind the option.`);
  }
  return args;
}

function parsed<A extends ArgsDef>(
  command: string,
  rawArgs: string[],
  definition: A,
): ParsedArgs<A> {
  try {
    return parseArgs<A>(rawArgs, definition);
  } catch (error) {
    throw new Error(`${command}: ${messageOf(error)}. See --help.`);
  }
}

/** `-o` at the end, `-o ""` (an empty variable of a shell), `-o --json`. */
function isWithoutValue<A extends ArgsDef>(
  args: ParsedArgs<A>,
  definition: A,
  name: string,
): boolean {
  const value: unknown = args[name];
  if (definition[name]?.type !== 'string' || typeof value !== 'string') return false;
  return value === '' || (value.startsWith('--') && knownNames(definition).has(value.slice(2)));
}

/** As the parser spells them: with their aliases, and in camel case too. */
function knownNames(definition: ArgsDef): Set<string> {
  const names = Object.entries(definition).flatMap(([name, given]) => [name, ...aliasesOf(given)]);
  return new Set(['_', ...names, ...names.map(camelCase)]);
}

function aliasesOf(given: ArgsDef[string]): string[] {
  return 'alias' in given && given.alias !== undefined ? [given.alias].flat() : [];
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_match: string, letter: string) => letter.toUpperCase());
}

/** @throws RangeError unless it is a number; limits are checked where the number is used. */
export function numberOf(
  command: string,
  option: string,
  text: string | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  throw new RangeError(
    `${command}: --${option} must be a number, got '${text}'. Correct the option.`,
  );
}
