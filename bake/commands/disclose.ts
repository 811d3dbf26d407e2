/**
 * `disclose`: the summary of generated sounds that stores ask for.
 *
 *   assets/manifest.json, … ──▶ counts, models, licences, where prompts came from ──▶ Markdown, or --json
 */
import { defineCommand, renderUsage } from 'citty';
import { messageOf } from '../../runtime/errors.ts';
import { EXIT, type ExitCode, fromCaller, type Output, readArgs } from '../command.ts';
import { readManifest } from '../manifest.ts';
import { disclosureText } from '../provenance/disclosure-text.ts';
import { disclosureOf } from '../provenance.ts';

const ARGS = {
  assets: {
    type: 'positional',
    description: 'Folders that were baked into, or their manifests',
    required: false,
  },
  live: { type: 'boolean', description: 'The game makes sounds on the player’s machine too' },
  json: { type: 'boolean', description: 'For machines: one JSON object' },
} as const;

const COMMAND = defineCommand({
  meta: { name: 'disclose', description: 'What stores ask about generated sounds' },
  args: ARGS,
});

export async function runDisclose(
  rawArgs: string[],
  { print, printError }: Output,
): Promise<ExitCode> {
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    print(await renderUsage(COMMAND));
    return EXIT.OK;
  }
  try {
    const args = readArgs('disclose', rawArgs, ARGS);
    if (args._.length === 0)
      throw new Error('disclose: no folder. Say where sounds were baked to.');
    const opened = await Promise.all(args._.map((path) => readManifest(fromCaller(path))));
    const manifests = opened.map(({ manifest }) => manifest);
    const disclosure = disclosureOf(manifests, { live: args.live ?? false });
    print(args.json ? JSON.stringify(disclosure, undefined, 1) : disclosureText(disclosure));
    return EXIT.OK;
  } catch (error) {
    printError(messageOf(error));
    return EXIT.ERROR;
  }
}
