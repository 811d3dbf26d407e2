/**
 * The main thread's end of the boundary: the only file that knows a worker exists.
 *
 *   generate ── checked ──▶ worker ──▶ Take
 *      │ raced with: the signal (AbortError), dispose (AbortError), the worker's death (WorkerLostError)
 *
 * A lost worker is replaced at the next call; codes it had cached are in IndexedDB still.
 */
import { proxy, type Remote, wrap } from 'comlink';
import { absoluteFolder } from './absolute-url.ts';
import type {
  DeviceChoice,
  LoadOptions,
  Pace,
  Progress,
  RuntimeApi,
  RuntimeEvent,
  RuntimeInfo,
  SoundPart,
  SoundRequestInput,
  Take,
} from './contract.ts';
import { AbortError, messageOf, orAborted, QueueFullError, throwIfAborted } from './errors.ts';
import { createHearing, type Hearing, readParts } from './hearing.ts';
import { type Logger, silentLogger } from './logger.ts';
import { checkInput, completeRequest } from './sound-request.ts';
import { openWorkerCalls } from './worker-calls.ts';

export type { Logger } from './logger.ts';

export interface RuntimeClientOptions {
  /** Folder of the model pack, relative to the page or absolute. */
  modelUrl: string;
  /** Default 'wasm'. */
  device?: DeviceChoice;
  /** Folder of onnxruntime-web's .wasm files. Default: beside its JavaScript, as bundlers place them. */
  ortUrl?: string;
  /** Threads of onnxruntime's CPU backend, in a cross-origin isolated page; the kernels use one. Default 1. */
  numThreads?: number;
  /** Keep codes in IndexedDB. Default true. */
  persist?: boolean;
  /** Default: a module worker from `worker.js` beside this file. */
  workerFactory?: () => Worker;
  /** Default: silent. */
  logger?: Logger;
}

export interface GenerateOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface StreamOptions extends GenerateOptions {
  /** No parts until `hasten` asks for them; default false. */
  quiet?: boolean;
}

/** Parts of a sound, then its take. */
export interface SoundStream extends AsyncGenerator<SoundPart, Take, void> {
  /** At least so urgent from now on; with `parts`, a quiet stream tells those that were made, then the others. */
  hasten(priority: number, parts: boolean): void;
}

export interface RuntimeClient {
  /** Starts the worker and loads the model; once. `generate` calls it by itself. @throws ModelPackError, AbortError, WorkerLostError */
  load(options?: GenerateOptions): Promise<RuntimeInfo>;
  /** @throws RangeError, AbortError, WorkerLostError, QueueFullError, ModelPackError */
  generate(request: SoundRequestInput, options?: GenerateOptions): Promise<Take>;
  /**
   * Parts as they are made, or as they are decoded where the sound was cached, then the whole take (with its own
   * loudness: for later plays). A loop has no parts. Leaving the iterator early takes the request back.
   * @throws as generate
   */
  stream(request: SoundRequestInput, options?: StreamOptions): SoundStream;
  /** Bytes of the model's files, without loading them. @throws ModelPackError */
  downloadSize(): Promise<number>;
  /** How fast to generate from now on, default 'full'; workers to come are told too. */
  setPace(pace: Pace): void;
  /** True while the worker loads or generates. */
  readonly busy: boolean;
  /** Forgets all codes, in memory and in IndexedDB. */
  clearCache(): Promise<void>;
  /** Ends the worker; pending calls reject with AbortError. Twice is fine. */
  dispose(): Promise<void>;
}

/** Calls that may be on their way at once; the worker's own queue is shorter. */
const MAX_PENDING = 256;

export function createRuntimeClient(options: RuntimeClientOptions): RuntimeClient {
  let link: Link | undefined;
  let disposed = false;
  let lastId = 0;
  let pending = 0;
  let pace: Pace = 'full';

  /** The worker in use, or a new one. */
  function connected(): Link {
    if (disposed) throw disposal();
    if (link !== undefined) return link;
    link = openLink(options, (gone) => {
      if (link === gone) link = undefined;
    });
    if (pace !== 'full') link.send((api) => api.setPace(pace));
    return link;
  }

  async function admitted(
    input: SoundRequestInput,
    given: GenerateOptions,
    hearing?: Hearing,
  ): Promise<Take> {
    const asked = { ...input }; // the caller may go on using its object
    checkInput(asked);
    throwIfAborted(given.signal, 'client');
    if (pending >= MAX_PENDING) throw tooMany();
    pending++;
    try {
      return await generateIn(connected(), ++lastId, asked, given, hearing);
    } finally {
      pending--;
    }
  }

  return {
    async load(given = {}) {
      throwIfAborted(given.signal, 'client');
      return loadIn(connected(), given);
    },
    generate: (input, given = {}) => admitted(input, given),
    stream(input, { quiet = false, ...given } = {}) {
      const hearing = createHearing(!quiet);
      const take = (signal: AbortSignal) => admitted(input, { ...given, signal }, hearing);
      return Object.assign(readParts(hearing, take, given.signal), { hasten: hearing.hasten });
    },
    async downloadSize() {
      const { downloadSize } = await import('./download-size.ts');
      return downloadSize(options.modelUrl, options.device);
    },
    setPace(next) {
      if (next === pace) return;
      pace = next;
      link?.send((api) => api.setPace(next));
    },
    get busy() {
      return link?.busy ?? false;
    },
    clearCache: async () => connected().call((api) => api.clearCache()),
    async dispose() {
      disposed = true;
      link?.close(disposal());
    },
  };
}

function loadIn(link: Link, { signal, onProgress }: GenerateOptions): Promise<RuntimeInfo> {
  return link.listen('load', onProgress, () => orAborted(link.load(), signal, 'client'));
}

async function generateIn(
  link: Link,
  id: number,
  input: SoundRequestInput,
  given: GenerateOptions,
  hearing: Hearing | undefined,
): Promise<Take> {
  const { signal, onProgress } = given;
  const request = completeRequest(input, id, await loadIn(link, given));
  request.priority = Math.max(request.priority, hearing?.priority ?? -Infinity);
  const cancel = () => link.send((api) => api.cancel(id));
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const parts = hearing === undefined ? false : hearing.isWanted || ('later' as const);
    const wants = { progress: onProgress !== undefined, parts };
    const work = () => link.call((api) => api.generate(request, wants));
    const abortable = () => orAborted(work(), signal, 'client');
    hearing?.begin((priority, wanted) =>
      link.send(async (api) => {
        if (!(await api.hasten(id, priority, wanted))) hearing.parts.close();
      }),
    );
    return await link.listen(id, onProgress, () => link.listenToParts(id, hearing, abortable));
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

type Topic = 'load' | number;
type Listener = ((progress: Progress) => void) | undefined;

/** The model's worker. */
interface Link {
  /** Loads the model, once. A worker that failed to is of no use: it ends. */
  load(): Promise<RuntimeInfo>;
  /** The worker's answer, or the reason why there will be none. */
  call<T>(work: (api: Remote<RuntimeApi>) => Promise<T>): Promise<T>;
  /** Says something that nobody waits for an answer to. */
  send(what: (api: Remote<RuntimeApi>) => Promise<void>): void;
  /** True while a call waits for its answer. */
  readonly busy: boolean;
  /** Sends the progress of a topic to the listener while the work is under way. */
  listen<T>(topic: Topic, listener: Listener, work: () => Promise<T>): Promise<T>;
  /** Likewise with the parts of a sound. */
  listenToParts<T>(id: number, hearing: Hearing | undefined, work: () => Promise<T>): Promise<T>;
  /** Ends the worker; waiting calls reject with the error. Twice is fine. */
  close(error: Error): void;
}

function openLink(options: RuntimeClientOptions, onClosed: (link: Link) => void): Link {
  const { logger = silentLogger, workerFactory = startWorker } = options;
  const worker = workerFactory();
  const api = wrap<RuntimeApi>(worker);
  const listeners = new Map<Topic, Set<(progress: Progress) => void>>();
  const hearings = new Map<number, Hearing>();
  let info: Promise<RuntimeInfo> | undefined;

  const onEvent = (event: RuntimeEvent) => {
    if (event.kind === 'log') return logger[event.level](event.message);
    if (event.kind === 'part') return hearings.get(event.of)?.parts.push(event.part);
    for (const listener of listeners.get(event.of) ?? []) tell(listener, event.progress, logger);
  };
  const watched = {
    worker,
    connect: (lockName: string) => api.connect(lockName, proxy(onEvent)),
    ping: () => api.ping(),
  };
  const calls = openWorkerCalls(watched, 'client', () => onClosed(link));
  const link: Link = {
    load() {
      info ??= link
        .call((remote) => remote.load(loadOptionsOf(options)))
        .catch((error: Error) => {
          link.close(error);
          throw error;
        });
      return info;
    },
    call: (work) => calls.call(() => work(api)),
    send: (what) => calls.send(() => what(api)),
    get busy() {
      return calls.busy;
    },
    async listen(topic, listener, work) {
      if (listener === undefined) return work();
      const all = listeners.get(topic) ?? new Set();
      listeners.set(topic, all.add(listener));
      return work().finally(() => {
        all.delete(listener);
        if (all.size === 0) listeners.delete(topic);
      });
    },
    async listenToParts(id, hearing, work) {
      if (hearing === undefined) return work();
      hearings.set(id, hearing);
      // The last part may come after the take: it is sent on another port.
      void hearing.parts.closed.then(() => hearings.delete(id));
      return work();
    },
    close: calls.close,
  };
  return link;
}

/** A listener's own error is its author's, not the sound's. */
function tell(listener: (progress: Progress) => void, progress: Progress, logger: Logger): void {
  try {
    listener(progress);
  } catch (error) {
    logger.warn(`client: onProgress threw ${messageOf(error)}. Mend the listener.`);
  }
}

function startWorker(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
}

function loadOptionsOf(options: RuntimeClientOptions): LoadOptions {
  return {
    modelUrl: absoluteFolder(options.modelUrl),
    device: options.device ?? 'wasm',
    ...(options.ortUrl !== undefined && { ortUrl: absoluteFolder(options.ortUrl) }),
    numThreads: options.numThreads ?? 1,
    persist: options.persist ?? true,
  };
}

function disposal(): AbortError {
  return new AbortError('client: the runtime was disposed.');
}

function tooMany(): QueueFullError {
  return new QueueFullError(
    `client: ${MAX_PENDING} requests are under way already. Ask for fewer sounds at once.`,
  );
}
