/**
 * Plays baked sounds: token packs in, PCM out, with the codec's decoder alone: no language model, no text encoder.
 *
 *   load ──▶ worker: header and index of each pack, decoder ──▶ what there is, kept here: `has` and `sounds` need no waiting
 *   take ── looked up here ──▶ worker: codes → PCM ──▶ Take
 *      │ raced with: the signal (AbortError), dispose (AbortError), the worker's death (WorkerLostError)
 *
 * The main thread's end; player/player-worker.ts is the other. A lost worker is replaced at the next call.
 */
import { proxy, type Remote, wrap } from 'comlink';
import { absoluteFolder, absoluteUrl } from './absolute-url.ts';
import type { BakedSound, Hertz, SoundRequestInput, Take } from './contract.ts';
import { AbortError, isNamed, orAborted, QueueFullError, throwIfAborted } from './errors.ts';
import { type Logger, silentLogger } from './logger.ts';
import type {
  OnLog,
  PlayerApi,
  PlayerContents,
  PlayerLoadOptions,
  RangeChoice,
} from './player/contract.ts';
import { createShelf, type Shelf } from './player/shelf.ts';
import { checkInput } from './sound-request.ts';
import { openWorkerCalls } from './worker-calls.ts';

export type { RangeChoice } from './player/contract.ts';
export { type PlayOnOptions, playOn } from './player/play-on.ts';

export interface PlayerOptions {
  /** Of two packs with the same sound the first answers. 1 to 64. */
  packs: string | URL | readonly (string | URL)[];
  /** Folder of the model that the packs were baked with; only model.json and decoder.safetensors are fetched. */
  model: string | URL;
  /** Of decoded sound. Default 16 MiB, two minutes; 0 keeps nothing. */
  cacheBytes?: number;
  /** Fetch packs piece by piece. Default 'auto': those above 1 MiB, where the server does it. */
  range?: RangeChoice;
  /** Default: a module worker from `player-worker.js` beside this file. */
  workerFactory?: () => Worker;
  /** Default: silent. */
  logger?: Logger;
}

export interface PlayerCallOptions {
  signal?: AbortSignal;
}

/** What is loaded. */
export interface PlayerInfo {
  sampleRate: Hertz;
  packs: {
    /** Its URL. */
    place: string;
    numSounds: number;
    /** It was fetched at once; otherwise codes are fetched as they are needed. */
    isWhole: boolean;
  }[];
  /** Packs that cannot be played: their sounds are not there. The logger is warned of each. */
  failed: {
    /** Its URL. */
    place: string;
    /** What is wrong, and what to do. */
    reason: string;
  }[];
}

export interface Player {
  /**
   * Starts the worker, reads what the packs hold and loads the decoder; once. `take` calls it by itself.
   * A pack of several that cannot be played leaves the others be. Where none is left:
   * @throws TokenPackError, ModelPackError, AbortError, WorkerLostError
   */
  load(options?: PlayerCallOptions): Promise<PlayerInfo>;
  /** False before `load` has ended, and for a request out of its limits. */
  has(request: SoundRequestInput): boolean;
  /** What the packs hold, in their order; empty before `load` has ended. */
  readonly sounds: readonly BakedSound[];
  /**
   * A sound of the packs, decoded or out of the cache; a more urgent one is decoded first.
   * @throws RangeError that names near ones where it is in no pack; AbortError, WorkerLostError, QueueFullError, and what `load` throws
   */
  take(request: SoundRequestInput, options?: PlayerCallOptions): Promise<Take>;
  /** Ends the worker; pending calls reject with AbortError. Twice is fine. */
  dispose(): Promise<void>;
}

/** Calls that may be on their way at once. */
const MAX_PENDING = 256;
const MAX_PACKS = 64;
const CACHE_BYTES = 2 ** 24;

export function createPlayer(options: PlayerOptions): Player {
  const { workerFactory = startWorker, logger = silentLogger } = options;
  const what = loadOptionsOf(options);
  let link: Link | undefined;
  let shelf: Shelf | undefined;
  let disposed = false;
  let lastId = 0;
  let pending = 0;

  /** The worker in use, or a new one. */
  function connected(): Link {
    if (disposed) throw disposal();
    link ??= openLink(workerFactory(), what, logger, (gone) => {
      if (link === gone) link = undefined;
    });
    return link;
  }

  async function takeIn(used: Link, input: SoundRequestInput, signal: AbortSignal | undefined) {
    const loaded = await loadIn(used, signal);
    const place = loaded.shelf.find(input);
    if (place === undefined) throw loaded.shelf.missing(input);
    const id = ++lastId;
    const cancel = () => used.send((api) => api.cancel(id));
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const taking = used.call((api) => api.take(id, place, input.priority ?? 0));
      const take = await orAborted(taking, signal, 'player');
      return { ...take, seed: input.seed ?? take.seed }; // one that was rolled again answers to two seeds
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  async function loadIn(used: Link, signal: AbortSignal | undefined): Promise<Loaded> {
    const loaded = await orAborted(used.load(), signal, 'player');
    shelf = loaded.shelf;
    return loaded;
  }

  return {
    async load({ signal } = {}) {
      throwIfAborted(signal, 'player');
      return (await loadIn(connected(), signal)).info;
    },
    has: (request) => shelf !== undefined && isOn(shelf, request),
    get sounds() {
      return shelf?.sounds ?? [];
    },
    async take(request, { signal } = {}) {
      const input = { ...request }; // the caller may go on using its object
      checkInput(input);
      throwIfAborted(signal, 'player');
      if (pending >= MAX_PENDING) throw tooMany();
      pending++;
      try {
        return await takeIn(connected(), input, signal);
      } finally {
        pending--;
      }
    },
    async dispose() {
      disposed = true;
      link?.close(disposal());
    },
  };
}

interface Loaded {
  shelf: Shelf;
  info: PlayerInfo;
}

/** One worker. */
interface Link {
  /** What the packs hold, once. A worker that failed to load is of no use: it ends. */
  load(): Promise<Loaded>;
  call<T>(work: (api: Remote<PlayerApi>) => Promise<T>): Promise<T>;
  send(what: (api: Remote<PlayerApi>) => Promise<void>): void;
  close(error: Error): void;
}

function openLink(
  worker: Worker,
  what: PlayerLoadOptions,
  logger: Logger,
  onClosed: (link: Link) => void,
): Link {
  const api = wrap<PlayerApi>(worker);
  const onLog: OnLog = (level, message) => logger[level](message);
  const watched = {
    worker,
    connect: (lockName: string) => api.connect(lockName, proxy(onLog)),
    ping: () => api.ping(),
  };
  const calls = openWorkerCalls(watched, 'player', () => onClosed(link));
  let loading: Promise<Loaded> | undefined;
  const link: Link = {
    load() {
      loading ??= link
        .call((remote) => remote.load(what))
        .then((contents) => ({ shelf: createShelf(contents), info: infoOf(contents) }))
        .catch((error: Error) => {
          link.close(error);
          throw error;
        });
      return loading;
    },
    call: (work) => calls.call(() => work(api)),
    send: (say) => calls.send(() => say(api)),
    close: calls.close,
  };
  return link;
}

function infoOf({ packs, failed }: PlayerContents): PlayerInfo {
  return {
    sampleRate: packs[0]?.info.sampleRate ?? 0,
    packs: packs.map(({ place, sounds, isWhole }) => ({
      ...{ place, isWhole },
      numSounds: sounds.length,
    })),
    failed,
  };
}

function isOn(shelf: Shelf, request: SoundRequestInput): boolean {
  try {
    return shelf.find(request) !== undefined;
  } catch (error) {
    if (isNamed(error, 'RangeError')) return false;
    throw error;
  }
}

/** @throws RangeError */
function loadOptionsOf(options: PlayerOptions): PlayerLoadOptions {
  const { packs, cacheBytes = CACHE_BYTES, range = 'auto' } = options;
  const all = typeof packs === 'string' || packs instanceof URL ? [packs] : packs;
  if (all.length < 1 || all.length > MAX_PACKS) {
    throw new RangeError(
      `player: packs must be 1 to ${MAX_PACKS} addresses, got ${all.length}. Name the packs to play from.`,
    );
  }
  if (!(cacheBytes >= 0 && cacheBytes <= Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(
      `player: cacheBytes must be 0 or more, got ${cacheBytes}. Give a number of bytes.`,
    );
  }
  return {
    packs: all.map(absoluteUrl),
    model: absoluteFolder(options.model),
    ...{ cacheBytes, range },
  };
}

function startWorker(): Worker {
  return new Worker(new URL('./player/player-worker.ts', import.meta.url), { type: 'module' });
}

function disposal(): AbortError {
  return new AbortError('player: it was disposed.');
}

function tooMany(): QueueFullError {
  return new QueueFullError(
    `player: ${MAX_PENDING} sounds are under way already. Ask for fewer at once.`,
  );
}
