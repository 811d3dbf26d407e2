/**
 * `bake`: a sound map in, assets out, on the command line.
 *
 *   options ──▶ BakeOptions ──▶ bake.ts ──▶ BakeReport ──▶ lines, or JSON for machines ──▶ exit code
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineCommand, type ParsedArgs } from 'citty';
import { isNamed, messageOf } from '../../runtime/errors.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { FolderHeldError, FolderLostError } from '../bake/folder-lock.ts';
import { type BakeOptions, type BakeReport, bake } from '../bake.ts';
import { createProgressLines } from '../command/progress-lines.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { usageOf } from '../command/usage.ts';
import { EXIT, type ExitCode, numberOf, type Output, readArgs } from '../command.ts';
import type { AssetFormat, GateSettings } from '../contract.ts';
import { counted } from '../counted.ts';
import { ASSET_FORMATS } from '../manifest/schema.ts';
import { EMBEDDED_MODEL } from '../node-pipeline.ts';
import { DEFAULT_GATE } from '../quality-gate.ts';

const ARGS = {
  soundMap: { type: 'positional', description: 'Sound map, YAML or JSON', required: true },
  output: { type: 'string', alias: 'o', description: 'Folder for the assets', default: 'assets' },
  workers: { type: 'string', description: 'Worker threads (default: one a core, at most 4)' },
  format: {
    type: 'string',
    description: 'foley, wav, flac, opus; several with commas',
    default: 'foley',
  },
  model: { type: 'string', description: 'Folder of a model pack (default: the embedded one)' },
  'max-rolls': { type: 'string', description: 'How often a take is rolled at most, 1 to 32' },
  'min-score': { type: 'string', description: 'Least score of the judge, 0 to 1; 0 asks no judge' },
  gate: {
    type: 'boolean',
    description: 'Judge takes (--no-gate: take them as they come)',
    default: true,
  },
  check: { type: 'boolean', description: 'Write nothing; exit code 2 where assets are stale' },
  release: { type: 'boolean', description: 'Refuse a model that forbids commercial use' },
  queue: { type: 'string', description: 'redis://host:6379: takes are made by scenefoley worker' },
  store: { type: 'string', description: 'Folder or s3://bucket/prefix that takes are kept in' },
  json: { type: 'boolean', description: 'For machines: a line of JSON for each thing told' },
} as const;

type Args = ParsedArgs<typeof ARGS>;

const COMMAND = defineCommand({
  meta: { name: 'bake', description: 'Turns a sound map into assets' },
  args: ARGS,
});

/** Beyond it memory is what is short: each thread has the model. */
const DEFAULT_WORKERS = 4;
/** Of a list for people. */
const MAX_LINES = 20;

export async function runBake(rawArgs: string[], output: Output): Promise<ExitCode> {
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    output.print(await usageOf(COMMAND));
    return EXIT.OK;
  }
  try {
    const args = checkedArgs(rawArgs);
    const tell = args.json ? jsonTeller(output) : lineTeller(output);
    const options = { ...optionsOf(args), ...tell.while };
    const team = await teamOptions(args, options);
    const report = await untilStopped((signal) => bake({ ...options, ...team, signal }));
    tell.report(report, resolve(args.output));
    return exitCodeOf(report);
  } catch (error) {
    output.printError(sentenceOf(error));
    return isOthers(error) ? EXIT.HELD : EXIT.ERROR;
  }
}

/** Another bake has the folder. */
function isOthers(error: unknown): boolean {
  return error instanceof FolderHeldError || error instanceof FolderLostError;
}

function sentenceOf(error: unknown): string {
  if (isNamed(error, 'AbortError')) {
    return 'bake: stopped. What was made is kept: bake again to go on.';
  }
  return messageOf(error);
}

function exitCodeOf({ outcome, faulty }: BakeReport): ExitCode {
  if (outcome === 'stale') return EXIT.STALE;
  return faulty.length > 0 ? EXIT.REJECTED : EXIT.OK;
}

function checkedArgs(rawArgs: string[]): Args {
  if (rawArgs.length === 0) throw new Error('bake: no sound map. Name a YAML or JSON file.');
  const args = readArgs('bake', rawArgs, ARGS);
  if (args._.length > 1) {
    throw new Error(`bake: one sound map, got ${args._.length}. Bake them one after the other.`);
  }
  return args;
}

function optionsOf(args: Args): BakeOptions {
  return {
    soundMap: resolve(args.soundMap),
    output: resolve(args.output),
    model: args.model === undefined ? EMBEDDED_MODEL.href : resolve(args.model),
    workers: numberOf('bake', 'workers', args.workers) ?? defaultWorkers(),
    formats: formatsOf(args.format),
    gate: args.gate ? gateOf(args) : null,
    check: args.check ?? false,
    release: args.release ?? false,
  };
}

/** Nothing of a team's tools is loaded where neither a queue nor a store is named. */
async function teamOptions(
  { queue, store: place }: Args,
  { gate, logger = silentLogger }: BakeOptions,
): Promise<Pick<BakeOptions, 'store' | 'makeAll'>> {
  if (queue !== undefined && place === undefined) {
    throw new Error(
      'bake: --queue needs --store, where workers put their takes: a folder that all machines see, or s3://bucket/prefix.',
    );
  }
  if (place === undefined) return {};
  const { storeAt } = await import('../team/store-at.ts');
  const store = await storeAt(place);
  if (queue === undefined) return { store };
  const { makeOnQueue } = await import('../team/make-on-queue.ts');
  return { store, makeAll: makeOnQueue({ url: queue, store, gate, logger }) };
}

function defaultWorkers(): number {
  return Math.min(availableParallelism(), DEFAULT_WORKERS);
}

function gateOf(args: Args): GateSettings {
  const number = (option: string, text: string | undefined) => numberOf('bake', option, text);
  return {
    ...DEFAULT_GATE,
    maxRolls: number('max-rolls', args['max-rolls']) ?? DEFAULT_GATE.maxRolls,
    minScore: number('min-score', args['min-score']) ?? DEFAULT_GATE.minScore,
  };
}

function formatsOf(text: string): AssetFormat[] {
  const named = text.split(',').map((name) => name.trim());
  const unknown = named.find((name) => !ASSET_FORMATS.some((format) => format === name));
  if (unknown !== undefined) {
    throw new Error(
      `bake: --format must be of ${ASSET_FORMATS.join(', ')}, got '${unknown}'. Correct the option.`,
    );
  }
  return ASSET_FORMATS.filter((format) => named.includes(format));
}

/** What is said on the way, and at the end. */
interface Teller {
  while: Pick<BakeOptions, 'onProgress' | 'logger'>;
  report(report: BakeReport, folder: string): void;
}

/** Each line an object with `event`. */
function jsonTeller({ print }: Output): Teller {
  const line = (event: string, rest: object) => print(JSON.stringify({ event, ...rest }));
  return {
    while: {
      onProgress: (progress) => line('progress', progress),
      logger: { warn: (message) => line('warning', { message }), info: () => {} },
    },
    report: (report, folder) => line('report', { folder, ...report }),
  };
}

function lineTeller(output: Output): Teller {
  const lines = createProgressLines(output);
  return {
    while: {
      onProgress: (progress) => lines.show(progress),
      logger: { warn: (line) => lines.say(line), info: () => {} },
    },
    report(report, folder) {
      for (const line of few(faultLines(report))) output.printError(line);
      if (report.outcome === 'stale')
        for (const line of few(report.reasons)) output.printError(line);
      output.print(lastLine(report, folder));
    },
  };
}

function faultLines({ faulty }: BakeReport): string[] {
  return faulty.map(
    ({ sound, prompt, seed, faults }) =>
      `did not pass: ${sound}: '${prompt}', seed ${seed}: ${faults.join(', ')}`,
  );
}

function few(lines: readonly string[]): string[] {
  if (lines.length <= MAX_LINES) return [...lines];
  return [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more`];
}

function lastLine(report: BakeReport, folder: string): string {
  const { outcome, sounds, takes, made, files, removed } = report;
  if (outcome === 'stale') return `${folder}: stale. Bake again.`;
  const all = `${counted(takes, 'take')} of ${counted(sounds, 'sound')}`;
  if (outcome === 'fresh')
    return `${folder}: nothing to do, ${all} ${takes === 1 ? 'is' : 'are'} as the sound map says`;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const gone = removed.length === 0 ? '' : `; ${removed.length} of earlier bakes removed`;
  return `${folder}: ${all}, ${made} made now; ${counted(files.length, 'file')}, ${Math.ceil(bytes / 1024)} kB${gone}`;
}
