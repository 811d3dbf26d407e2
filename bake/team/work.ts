/**
 * One worker of a team: takes jobs from the queue, makes them, keeps them in the store, until it is told to stop.
 *
 *   queue ──▶ in the store already? ── no ──▶ TakeMaker ──▶ store ──▶ done
 *
 * A worker that dies in the middle says nothing more: after LOCK_MS without a sign of life its job is another's.
 */
import type { Job } from 'bullmq';
import type { Logger } from '../../runtime/logger.ts';
import type { GateSettings, TakeJob, TakeMaker, TakeStore } from '../contract.ts';
import { closeAll, connect, loadBullMq, QUEUE_NAME, shown, type TeamJob } from './queue.ts';

export interface WorkOptions {
  /** Address of Redis. */
  url: string;
  store: TakeStore;
  /** What this machine would call the job: another id than its own would be another take. */
  nameOf: (job: TakeJob, gate: GateSettings | null) => string;
  /** Called whenever another gate is asked for than before, as a rule once. */
  openMaker: (gate: GateSettings | null) => Promise<TakeMaker>;
  logger: Logger;
  signal: AbortSignal;
  /** Told once, when jobs can come. */
  onReady?: () => void;
  /** Told of each job when it is in the store. */
  onDone?: (job: TeamJob, how: Outcome) => void;
}

export type Outcome = 'made' | 'kept';

/** A worker shows that it lives twice in this time. */
const LOCK_MS = 6000;
/** How often somebody looks for jobs whose workers are lost. */
const LOOK_MS = 3000;
/** Workers that one job may lose: a job that kills its worker must not go round for ever. */
const MAX_LOST = 3;

/** @returns when `signal` has stopped it and the take in hand is kept; takes of this run. */
export async function work(options: WorkOptions): Promise<number> {
  const { url, signal, logger } = options;
  const [{ Worker }, redis] = await Promise.all([loadBullMq(), connect(url)]);
  const makers = createMakers(options.openMaker);
  let count = 0;
  let inHand: Promise<unknown> = Promise.resolve();
  const worker = new Worker<TeamJob, Outcome>(
    QUEUE_NAME,
    async ({ data }: Job<TeamJob>) => {
      const carrying = carryOut(data, options, makers.get);
      inHand = carrying.catch(() => {}); // BullMQ tells of it
      const how = await carrying;
      count += 1;
      options.onDone?.(data, how);
      return how;
    },
    {
      connection: redis,
      lockDuration: LOCK_MS,
      stalledInterval: LOOK_MS,
      maxStalledCount: MAX_LOST,
    },
  );
  worker.on('error', () => {}); // told once, below
  let isLost = false;
  redis.on('close', () => {
    if (!isLost && !signal.aborted) logger.warn(`team: lost Redis at ${shown(url)}; trying again.`);
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) logger.warn('team: Redis is back.');
    isLost = false;
  });
  await worker.waitUntilReady();
  options.onReady?.();
  await stopped(signal);
  const closing = worker.close(redis.status !== 'ready');
  await inHand; // kept, whether Redis is there or not
  await closeAll(redis, [closing]);
  await makers.dispose();
  return count;
}

async function carryOut(
  { job, gate }: TeamJob,
  { store, nameOf }: WorkOptions,
  makerOf: (gate: GateSettings | null) => Promise<TakeMaker>,
): Promise<Outcome> {
  if (nameOf(job, gate) !== job.id) {
    throw new Error(
      'team: this worker would make another take than the bake asks for. Give both the same --model and the same version of scenefoley.',
    );
  }
  if ((await store.get(job.id)) !== undefined) return 'kept';
  const maker = await makerOf(gate);
  await store.put(await maker.make(job));
  return 'made';
}

/** The maker of the gate that was asked for last: each holds the model, so another gate's takes its place. */
function createMakers(open: WorkOptions['openMaker']) {
  let last: { key: string; maker: Promise<TakeMaker> } | undefined;

  async function dispose(): Promise<void> {
    const gone = last;
    last = undefined;
    await gone?.maker.then((one) => one.dispose()).catch(() => {});
  }

  return {
    async get(gate: GateSettings | null): Promise<TakeMaker> {
      const key = JSON.stringify(gate);
      if (last?.key === key) return last.maker;
      await dispose();
      const opened = { key, maker: open(gate) };
      last = opened;
      opened.maker.catch(() => {
        if (last === opened) last = undefined; // tried again with the next job
      });
      return opened.maker;
    },
    dispose,
  };
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
