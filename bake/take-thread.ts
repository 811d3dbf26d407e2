/**
 * A worker thread that makes takes, one at a time: the far end of take-pool.ts.
 *
 *   { settings } once, as workerData      job ──▶ maker ──▶ { record } or { error }
 *
 * Writes nothing: a thread that is killed leaves nothing half done. Errors cross by name, as at every such boundary.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { reviveError } from '../runtime/errors.ts';
import type { MakerSettings, TakeJob, TakeMaker, TakeRecord } from './contract.ts';
import { createTakeMaker } from './take-maker.ts';

/** An Error itself would lose its name on the way. */
export type CrossingError = Pick<Error, 'name' | 'message'>;

export type ThreadAnswer =
  | { kind: 'made'; record: TakeRecord }
  | { kind: 'failed'; error: CrossingError }
  | { kind: 'log'; level: 'warn' | 'info'; message: string };

const tell = (answer: ThreadAnswer) => parentPort?.postMessage(answer);
const logger = {
  warn: (message: string) => tell({ kind: 'log', level: 'warn', message }),
  info: (message: string) => tell({ kind: 'log', level: 'info', message }),
};

let maker: Promise<TakeMaker> | undefined;

async function make(job: TakeJob): Promise<ThreadAnswer> {
  try {
    maker ??= createTakeMaker(workerData as MakerSettings, logger);
    return { kind: 'made', record: await (await maker).make(job) };
  } catch (error) {
    const { name, message } = reviveError(error);
    return { kind: 'failed', error: { name, message } };
  }
}

parentPort?.on('message', (job: TakeJob) => void make(job).then(tell));
