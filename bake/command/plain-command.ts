/** A command that takes words and options, and either does its work or says in one line why not. */
import { type ArgsDef, defineCommand, type ParsedArgs } from 'citty';
import { messageOf } from '../../runtime/errors.ts';
import { type Command, EXIT, type Output, readArgs } from '../command.ts';
import { usageOf } from './usage.ts';

export interface CommandParts<A extends ArgsDef> {
  name: string;
  about: string;
  args: A;
  /** Words beside options: how many at most, and what is missing where there are none. */
  words: { most: number; missing: string };
  /** @param words at least one */
  run(words: readonly string[], args: ParsedArgs<A>, output: Output): Promise<void>;
}

export function createCommand<A extends ArgsDef>(parts: CommandParts<A>): Command {
  const { name, about, args, words } = parts;
  return async (rawArgs, output) => {
    if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
      output.print(await usageOf(defineCommand({ meta: { name, description: about }, args })));
      return EXIT.OK;
    }
    try {
      const read = readArgs(name, rawArgs, args);
      if (read._.length === 0) throw new Error(`${name}: ${words.missing}`);
      if (read._.length > words.most) {
        throw new Error(
          `${name}: at most ${words.most} at a time, got ${read._.length}. Quote names with spaces.`,
        );
      }
      await parts.run(read._, read, output);
      return EXIT.OK;
    } catch (error) {
      output.printError(messageOf(error));
      return EXIT.ERROR;
    }
  };
}
