/**
 * A worker thread that makes takes and encodes them, one at a time: the far end of take-pool.ts.
 *
 *   { settings } once, as workerData      job   ──▶ maker   ──▶ record      or { error }
 *                                         order ──▶ encoder ──▶ bytes       or { error }
 *
 * Writes nothing: a thread that is killed leaves nothing half done. Errors cross by name, as at every such boundary. Whoever
 * encodes makes no more: the model is let go.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { reviveError } from '../runtime/errors.ts';
import type { MakerSettings, TakeJob, TakeMaker, TakeRecord } from './contract.ts';
import type { EncodeOrder, EncodeTake } from './take-encoder.ts';

/** What a thread is asked for, and what comes of it. */
export interface ThreadWork {
  make: { asked: TakeJob; answer: TakeRecord };
  encode: { asked: EncodeOrder; answer: Uint8Array<ArrayBuffer>[] };
}

export type ThreadTask<Kind extends keyof ThreadWork = keyof ThreadWork> = {
  [K in Kind]: { kind: K; asked: ThreadWork[K]['asked'] };
}[Kind];

/** An Error itself would lose its name on the way. */
export type CrossingError = Pick<Error, 'name' | 'message'>;

export type ThreadAnswer =
  | { kind: 'done'; answer: ThreadWork[keyof ThreadWork]['answer'] }
  | { kind: 'failed'; error: CrossingError }
  | { kind: 'log'; level: 'warn' | 'info'; message: string };

const settings = workerData as MakerSettings;
const tell = (answer: ThreadAnswer, moved: ArrayBuffer[] = []) =>
  parentPort?.postMessage(answer, moved);
const logger = {
  warn: (message: string) => tell({ kind: 'log', level: 'warn', message }),
  info: (message: string) => tell({ kind: 'log', level: 'info', message }),
};

let maker: Promise<TakeMaker> | undefined;
let encode: Promise<EncodeTake> | undefined;

async function make(job: TakeJob): Promise<void> {
  maker ??= openMaker();
  tell({ kind: 'done', answer: await (await maker).make(job) });
}

async function openMaker(): Promise<TakeMaker> {
  const { createTakeMaker } = await import('./take-maker.ts');
  return createTakeMaker(settings, logger);
}

async function encodeOne(order: EncodeOrder): Promise<void> {
  const idle = maker;
  maker = undefined;
  await (await idle)?.dispose();
  encode ??= openEncoder();
  const files = await (await encode)(order);
  const moved = files.map(({ buffer }) => buffer);
  tell({ kind: 'done', answer: files }, moved);
}

async function openEncoder(): Promise<EncodeTake> {
  const { createTakeEncoder } = await import('./take-encoder.ts');
  return createTakeEncoder(settings.model);
}

async function carryOut(task: ThreadTask): Promise<void> {
  try {
    await (task.kind === 'make' ? make(task.asked) : encodeOne(task.asked));
  } catch (error) {
    const { name, message } = reviveError(error);
    tell({ kind: 'failed', error: { name, message } });
  }
}

parentPort?.on('message', (task: ThreadTask) => void carryOut(task));
