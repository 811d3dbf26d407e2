/**
 * `say`: words in, a WAV file out, on the command line.
 *
 *   prompt and options → request → pipeline → take → 16-bit WAV
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { defineCommand, type ParsedArgs, parseArgs, renderUsage } from 'citty';
import type { SoundRequestInput, Take } from '../runtime/contract.ts';
import { messageOf } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { checkInput, completeRequest } from '../runtime/sound-request.ts';
import { openNodePipeline } from './node-pipeline.ts';
import { encodeWav } from './wav.ts';

/** Where the command speaks. */
export interface Output {
  print(line: string): void;
  printError(line: string): void;
}

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

/** The model that comes with the package; the built command lies in dist/bake/. */
const EMBEDDED_MODEL = new URL('../../models/foley-tiny/', import.meta.url);

/**
 * @param rawArgs what stands after the command's name
 * @returns the exit code: 0, or 1 after one line that says what is wrong
 */
export async function runSay(rawArgs: string[], { print, printError }: Output): Promise<0 | 1> {
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    print(await renderUsage(COMMAND));
    return 0;
  }
  try {
    const args = readArgs(rawArgs);
    const input = requestOf(args);
    const file = fromCaller(args.output);
    const { take, loadMs } = await makeTake(args, input, { warn: printError, info: () => {} });
    await writeFile(file, encodeWav(take.pcm, take.sampleRate));
    for (const line of reportOf(take, loadMs, file)) print(line);
    return 0;
  } catch (error) {
    printError(messageOf(error));
    return 1;
  }
}

async function makeTake(args: Args, input: SoundRequestInput, logger: Logger) {
  const folder = args.model === undefined ? EMBEDDED_MODEL.href : fromCaller(args.model);
  const started = performance.now();
  const { pipeline, pack } = await openNodePipeline(folder, logger);
  const loadMs = performance.now() - started;
  try {
    return { take: await pipeline.generate(completeRequest(input, 1, pack.manifest)), loadMs };
  } finally {
    await pipeline.dispose();
  }
}

function readArgs(rawArgs: string[]): Args {
  if (rawArgs.length === 0) throw new Error('say: no prompt. Say what to hear, in quotes.');
  const args = parseArgs<typeof ARGS>(rawArgs, ARGS);
  const known = new Set(['_', 'o', 'topK', 'topP', ...Object.keys(ARGS)]);
  const unknown = Object.keys(args).find((name) => !known.has(name));
  if (unknown !== undefined) throw new Error(`say: no option --${unknown}. See --help.`);
  if (args._.length > 1) {
    throw new Error(
      `say: one prompt, got ${args._.length} words outside quotes. Quote the prompt.`,
    );
  }
  return args;
}

/** @throws RangeError for a field out of its limits, before the model is loaded. */
function requestOf(args: Args): SoundRequestInput {
  const input = {
    prompt: args.prompt,
    seed: numberOf(args.seed, 'seed'),
    duration: numberOf(args.duration, 'duration'),
    guidanceScale: numberOf(args.guidance, 'guidance'),
    temperature: numberOf(args.temperature, 'temperature'),
    topK: numberOf(args['top-k'], 'top-k'),
    topP: numberOf(args['top-p'], 'top-p'),
    loop: args.loop,
  };
  checkInput(input);
  return input;
}

function numberOf(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  throw new RangeError(`say: --${option} must be a number, got '${text}'. Correct the option.`);
}

/** npm runs scripts in the package's folder; paths are meant from where the user stands. */
function fromCaller(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
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
