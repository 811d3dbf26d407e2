/**
 * `say`: words in, a WAV file out, on the command line.
 *
 *   prompt and options → request → pipeline → take → 16-bit WAV that says what made it
 */

import { resolve } from 'node:path';
import { defineCommand, type ParsedArgs } from 'citty';
import type { SoundRequestInput, Take } from '../../runtime/contract.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { checkInput, completeRequest } from '../../runtime/sound-request.ts';
import { usageOf } from '../command/usage.ts';
import { EXIT, type ExitCode, numberOf, type Output, readArgs } from '../command.ts';
import { writeWhole } from '../files/write-whole.ts';
import { factsOf } from '../formats/asset-facts.ts';
import { encodeWav } from '../formats/wav.ts';
import { EMBEDDED_MODEL, openNodePipeline } from '../node-pipeline.ts';

const ARGS = {
  prompt: { type: 'positional', description: 'What to hear, in quotes', required: true },
  output: { type: 'string', alias: 'o', description: 'WAV file to write', default: 'sound.wav' },
  seed: {
    type: 'string',
    description: 'Another seed, another take: 0 to 4294967295',
    default: '0',
  },
  duration: { type: 'string', description: 'Seconds, 0.1 to 10', default: '1' },
  guidance: { type: 'string', description: 'How closely to follow the words, 1 to 20; 1 is off' },
  temperature: { type: 'string', description: '0 to 10; 0 takes the likeliest code every time' },
  'top-k': { type: 'string', description: 'Draw from the k likeliest codes; 0 is off' },
  'top-p': { type: 'string', description: 'Draw from the likeliest codes of this mass; 0 is off' },
  loop: { type: 'boolean', description: 'Make the end run into the beginning' },
  model: { type: 'string', description: 'Folder of a model pack (default: the embedded one)' },
} as const;

type Args = ParsedArgs<typeof ARGS>;

const COMMAND = defineCommand({
  meta: { name: 'say', description: 'Turns words into a sound' },
  args: ARGS,
});

export async function runSay(rawArgs: string[], { print, printError }: Output): Promise<ExitCode> {
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    print(await usageOf(COMMAND));
    return EXIT.OK;
  }
  try {
    const args = checkedArgs(rawArgs);
    const input = requestOf(args);
    const file = resolve(args.output);
    const { take, loadMs } = await makeTake(args, input, { warn: printError, info: () => {} });
    const extras = { isLoop: take.loop !== undefined, facts: factsOf(take) };
    await write(file, encodeWav(take.pcm, take.sampleRate, extras));
    for (const line of reportOf(take, loadMs, file)) print(line);
    return EXIT.OK;
  } catch (error) {
    printError(messageOf(error));
    return EXIT.ERROR;
  }
}

async function makeTake(args: Args, input: SoundRequestInput, logger: Logger) {
  const folder = args.model === undefined ? EMBEDDED_MODEL.href : resolve(args.model);
  const started = performance.now();
  const { pipeline, pack } = await openNodePipeline(folder, logger);
  const loadMs = performance.now() - started;
  try {
    return { take: await pipeline.generate(completeRequest(input, 1, pack.manifest)), loadMs };
  } finally {
    await pipeline.dispose();
  }
}

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await writeWhole(file, bytes).catch((error: unknown) => {
    throw new Error(`say: ${file} cannot be written: ${messageOf(error)}. Choose another place.`);
  });
}

function checkedArgs(rawArgs: string[]): Args {
  if (rawArgs.length === 0) throw new Error('say: no prompt. Say what to hear, in quotes.');
  const args = readArgs('say', rawArgs, ARGS);
  if (args._.length > 1) {
    throw new Error(
      `say: one prompt, got ${args._.length} words outside quotes. Quote the prompt.`,
    );
  }
  return args;
}

/** @throws RangeError for a field out of its limits, before the model is loaded. */
function requestOf(args: Args): SoundRequestInput {
  const number = (option: string, text: string | undefined) => numberOf('say', option, text);
  const input = {
    prompt: args.prompt,
    seed: number('seed', args.seed),
    duration: number('duration', args.duration),
    guidanceScale: number('guidance', args.guidance),
    temperature: number('temperature', args.temperature),
    topK: number('top-k', args['top-k']),
    topP: number('top-p', args['top-p']),
    loop: args.loop,
  };
  checkInput(input);
  return input;
}

function reportOf(take: Take, loadMs: number, file: string): string[] {
  const { textMs, tokensMs, decodeMs, finishMs, totalMs, steps } = take.timings;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const seconds = (take.pcm.length / take.sampleRate).toFixed(2);
  return [
    `${file}: ${seconds} s at ${take.sampleRate} Hz, seed ${take.seed}, model ${take.model} (${take.licence})`,
    `sound key ${take.soundKey}`,
    `load ${ms(loadMs)}, text ${ms(textMs)}, ${steps} steps ${ms(tokensMs)} (${(tokensMs / steps).toFixed(1)} ms each), decode ${ms(decodeMs)}, finish ${ms(finishMs)}; ${ms(totalMs)} in all`,
  ];
}
