/** What `--help` says: plain, as it is piped and searched as often as it is read. */
import { stripVTControlCharacters } from 'node:util';
import { type ArgsDef, type CommandDef, renderUsage } from 'citty';

export async function usageOf<A extends ArgsDef>(command: CommandDef<A>): Promise<string> {
  const lines = stripVTControlCharacters(await renderUsage(command)).split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}
