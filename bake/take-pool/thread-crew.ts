/**
 * Worker threads that are asked for one thing at a time each.
 *
 *   ask ──▶ an idle thread, else a new one ──▶ answer
 *                    ├── fails of it ──▶ its error; the thread lives, and is idle again
 *                    └── dies ──▶ another one is asked, once; dies too: an error that names the take
 */
import { Worker } from 'node:worker_threads';
import { AbortError, reviveError, WorkerLostError } from '../../runtime/errors.ts';
import { type Logger, silentLogger } from '../../runtime/logger.ts';
import type { MakerSettings } from '../contract.ts';
import type { CrossingError, ThreadAnswer, ThreadTask, ThreadWork } from '../take-thread.ts';

export interface ThreadCrew {
  /** As many at once, as many threads. @throws AbortError where it was stopped, WorkerLostError */
  ask<Kind extends keyof ThreadWork>(task: ThreadTask<Kind>): Promise<ThreadWork[Kind]['answer']>;
  /** What is under way rejects, and nothing is begun until it is started again. */
  stop(): Promise<void>;
  start(): void;
}

export interface ThreadCrewOptions {
  logger?: Logger;
  /** For tests: another thread's file. */
  threadUrl?: URL;
}

/** How often a task is begun: a thread may die once of something else. */
const MAX_BEGINS = 2;

export function createThreadCrew(settings: MakerSettings, options: ThreadCrewOptions): ThreadCrew {
  const logger = onceEach(options.logger ?? silentLogger);
  const idle = new Set<Worker>();
  const all = new Set<Worker>();
  let isStopped = false;

  function begin(): Worker {
    const thread =
      options.threadUrl === undefined
        ? new Worker(new URL('../take-thread.ts', import.meta.url), { workerData: settings })
        : new Worker(options.threadUrl, { workerData: settings });
    all.add(thread);
    thread.on('error', () => {}); // its exit follows
    thread.once('exit', () => {
      all.delete(thread);
      idle.delete(thread);
    });
    return thread;
  }

  function anyThread(): Worker {
    const [thread] = idle;
    if (thread === undefined) return begin();
    idle.delete(thread);
    return thread;
  }

  /** One that dies right after its answer may be known to be dead before the answer is heard of. */
  function putBack(thread: Worker): void {
    if (all.has(thread)) idle.add(thread);
  }

  async function ask<Kind extends keyof ThreadWork>(
    task: ThreadTask<Kind>,
    begins = 1,
  ): Promise<ThreadWork[Kind]['answer']> {
    if (isStopped) throw new AbortError('take-pool: it was stopped.');
    const thread = anyThread();
    try {
      const answer = await answerOf(thread, task, logger);
      putBack(thread);
      return answer;
    } catch (error) {
      if (!(error instanceof WorkerLostError)) {
        putBack(thread);
        throw error;
      }
      if (isStopped) throw error;
      if (begins >= MAX_BEGINS) throw lostTwice(task.asked, error);
      logger.warn(
        `take-pool: a worker thread died, so its take is given to another. (${error.message})`,
      );
      return ask(task, begins + 1);
    }
  }

  return {
    ask: (task) => ask(task),
    async stop() {
      isStopped = true;
      await Promise.all([...all].map((thread) => thread.terminate()));
    },
    start() {
      isStopped = false;
    },
  };
}

/** What several threads say is heard once. */
function onceEach(logger: Logger): Logger {
  const heard = new Set<string>();
  const once = (level: keyof Logger) => (message: string) => {
    if (!heard.has(message)) logger[level](message);
    heard.add(message);
  };
  return { warn: once('warn'), info: once('info') };
}

/** @throws WorkerLostError where the thread dies instead */
function answerOf<Kind extends keyof ThreadWork>(
  thread: Worker,
  task: ThreadTask<Kind>,
  logger: Logger,
): Promise<ThreadWork[Kind]['answer']> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      thread.off('message', onAnswer).off('error', onError).off('exit', onExit);
      act();
    };
    const onAnswer = (said: ThreadAnswer) => {
      if (said.kind === 'log') logger[said.level](said.message);
      else if (said.kind === 'done') settle(() => resolve(said.answer));
      else settle(() => reject(crossed(said.error)));
    };
    const onError = (error: Error) => settle(() => reject(new WorkerLostError(error.message)));
    const onExit = (code: number) =>
      settle(() => reject(new WorkerLostError(`It ended with exit code ${code}.`)));
    thread.on('message', onAnswer).once('error', onError).once('exit', onExit);
    thread.postMessage(task);
  });
}

function crossed({ name, message }: CrossingError): Error {
  return reviveError(Object.assign(new Error(message), { name }));
}

function lostTwice(asked: ThreadTask['asked'], error: Error): Error {
  const { sound, spec } = 'take' in asked ? asked.take : asked;
  return new WorkerLostError(
    `take-pool: two worker threads died of '${spec.prompt}' (sound '${sound}', seed ${spec.seed}): ${error.message} ` +
      `Bake with fewer --workers if memory is short.`,
  );
}
