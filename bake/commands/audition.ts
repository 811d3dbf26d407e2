/** `audition`: hear the takes of a sound map on a page of this machine, choose among them, until Ctrl+C. */
import { resolve } from 'node:path';
import { defineCommand, type ParsedArgs } from 'citty';
import { messageOf } from '../../runtime/errors.ts';
import { startAudition } from '../audition.ts';
import { usageOf } from '../command/usage.ts';
import { EXIT, type ExitCode, numberOf, type Output, readArgs } from '../command.ts';
import { EMBEDDED_MODEL } from '../node-pipeline.ts';
import { DEFAULT_GATE } from '../quality-gate.ts';

const ARGS = {
  soundMap: { type: 'positional', description: 'Sound map, YAML or JSON', required: true },
  port: { type: 'string', description: 'Of 127.0.0.1; 0 takes a free one', default: '5190' },
  model: { type: 'string', description: 'Folder of a model pack (default: the embedded one)' },
} as const;

type Args = ParsedArgs<typeof ARGS>;

const COMMAND = defineCommand({
  meta: { name: 'audition', description: 'A page to hear, lock, ban and roll takes' },
  args: ARGS,
});

export async function runAudition(
  rawArgs: string[],
  output: Output,
  until: Promise<void> = interrupted(),
): Promise<ExitCode> {
  const { print, printError } = output;
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    print(await usageOf(COMMAND));
    return EXIT.OK;
  }
  try {
    const audition = await startAudition(optionsOf(rawArgs, printError));
    print(`audition: ${audition.url}   (Ctrl+C ends it)`);
    await until;
    await audition.dispose();
    return EXIT.OK;
  } catch (error) {
    printError(messageOf(error));
    return EXIT.ERROR;
  }
}

function optionsOf(rawArgs: string[], warn: (line: string) => void) {
  if (rawArgs.length === 0)
    throw new Error('audition: no sound map. Name a file, like sounds.yaml.');
  const args: Args = readArgs('audition', rawArgs, ARGS);
  if (args._.length > 1)
    throw new Error(`audition: one sound map, got ${args._.length}. Name one.`);
  return {
    soundMap: resolve(args.soundMap),
    port: portOf(args.port),
    model: args.model === undefined ? EMBEDDED_MODEL.href : resolve(args.model),
    gate: DEFAULT_GATE,
    logger: { warn, info: () => {} },
  };
}

/** @throws RangeError */
function portOf(text: string): number {
  const port = numberOf('audition', 'port', text) ?? 0;
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new RangeError(`audition: --port must be a whole number from 0 to 65535, got ${text}.`);
}

/** Ctrl+C, or asked to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
