/**
 * The queue that a team's machines share: BullMQ on Redis. Neither is loaded before a queue is asked for.
 *
 *   bake --queue redis://host ── TeamJob, TeamJob, … ──▶ Redis ──▶ scenefoley worker, on as many machines as there are
 *                             ◀── done, failed ─────────
 *
 * BullMQ and ioredis are peers: whoever bakes alone does not install them.
 */
import type { GateSettings, TakeJob } from '../contract.ts';

/** What lies in Redis for one take. */
export interface TeamJob {
  job: TakeJob;
  gate: GateSettings | null;
}

export const QUEUE_NAME = 'scenefoley-takes';

/** Milliseconds between two tries to reach a Redis that is gone. */
const RETRY_MS = 500;
/** Milliseconds to wait for the first connection. */
const CONNECT_MS = 5000;

export type BullMq = typeof import('bullmq');
export type Redis = import('ioredis').Redis;

/** @throws Error that says what to install */
export async function loadBullMq(): Promise<BullMq> {
  return loadPeer(() => import('bullmq'));
}

/**
 * A connection that is there, and that tries again for ever once it is lost.
 * @throws Error where nothing answers, or it is no address.
 */
export async function connect(url: string): Promise<Redis> {
  checkUrl(url);
  const { Redis } = await loadPeer(() => import('ioredis'));
  let wasThere = false;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null, // as BullMQ wants it
    retryStrategy: () => (wasThere ? RETRY_MS : null),
  });
  let last = 'it does not answer';
  redis.on('error', (error: Error) => {
    last = error.message || last;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch {
    redis.disconnect();
    throw new Error(`team: no Redis at ${shown(url)}: ${last}. Start it, or correct --queue.`);
  }
  wasThere = true;
  return redis;
}

/** Milliseconds that something may take to close which says goodbye to Redis: one that is gone does not answer. */
const GOODBYE_MS = 2000;

/** Waits for what closes, but not for ever, and ends the connection. */
export async function closeAll(redis: Redis, closing: Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise((resolve) => {
    timer = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([Promise.allSettled(closing), enough]);
  clearTimeout(timer);
  redis.disconnect();
}

/** An address without its password, for messages. */
export function shown(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}

function checkUrl(url: string): void {
  const isRedis = URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol);
  if (isRedis) return;
  throw new Error(
    `team: --queue must be an address like redis://host:6379, got '${url}'. Correct it.`,
  );
}

async function loadPeer<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND';
    if (!missing) throw error;
    throw new Error(
      'team: a queue needs the packages bullmq and ioredis, which are not installed. Run: npm install bullmq ioredis',
    );
  }
}
