/**
 * `worker`: makes takes for bakes that run elsewhere, until it is stopped.
 *
 *   scenefoley bake sounds.yaml --queue redis://host --store s3://bucket/takes      one
 *   scenefoley worker           --queue redis://host --store s3://bucket/takes      on as many machines as there are, one a core
 */
import { resolve } from 'node:path';
import { defineCommand, type ParsedArgs } from 'citty';
import { arithmeticOf } from '../../runtime/choose-engine.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { untilStopped } from '../command/until-stopped.ts';
import { usageOf } from '../command/usage.ts';
import { EXIT, type ExitCode, type Output, readArgs } from '../command.ts';
import { namedJob } from '../job-id.ts';
import { EMBEDDED_MODEL, openModelFolder } from '../node-pipeline.ts';
import { createTakeMaker } from '../take-maker.ts';
import { storeAt } from '../team/store-at.ts';
import { work } from '../team/work.ts';

const ARGS = {
  queue: { type: 'string', description: 'Address of Redis, redis://host:6379', required: true },
  store: { type: 'string', description: 'Folder or s3://bucket/prefix', required: true },
  model: { type: 'string', description: 'Folder of a model pack (default: the embedded one)' },
} as const;

type Args = ParsedArgs<typeof ARGS>;

const COMMAND = defineCommand({
  meta: { name: 'worker', description: 'Makes takes for bakes on other machines' },
  args: ARGS,
});

/** Ends with SIGINT or SIGTERM, after the take in hand. */
export async function runWorker(rawArgs: string[], output: Output): Promise<ExitCode> {
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    output.print(await usageOf(COMMAND));
    return EXIT.OK;
  }
  try {
    const args = readArgs('worker', rawArgs, ARGS);
    const takes = await untilStopped((stopped) => workUntil(args, output, stopped));
    output.print(`worker: stopped after ${takes} takes`);
    return EXIT.OK;
  } catch (error) {
    output.printError(messageOf(error));
    return EXIT.ERROR;
  }
}

async function workUntil(
  { queue, store: place, model: given }: Args,
  { print, printError }: Output,
  signal: AbortSignal,
): Promise<number> {
  const model = given === undefined ? EMBEDDED_MODEL.href : resolve(given);
  const logger: Logger = { warn: printError, info: () => {} };
  const { manifest, hash: modelHash } = await openModelFolder(model);
  const arithmetic = await arithmeticOf(manifest);
  const store = await storeAt(place);
  return work({
    url: queue,
    store,
    logger,
    signal,
    nameOf: (job, gate) => namedJob(job, { modelHash, arithmetic, gate }).id,
    openMaker: (gate) => createTakeMaker({ model, gate }, logger),
    onReady: () => print(`worker: waiting for takes, kept in ${store.place}`),
    onDone: ({ job: { sound, spec } }, how) =>
      print(`${how} ${sound}: '${spec.prompt}', seed ${spec.seed}`),
  });
}
