/**
 * Takes that are ready to play: the runtime's PCM as AudioBuffers, kept by bytes.
 *
 *   request ── peek ──▶ Playable, at once          (the render loop asks here)
 *           ── get ───▶ Playable, when it is made  (one generation for all who ask for the same)
 *
 * The worker keeps codes, 250 bytes a second; this keeps PCM, so that a cached sound is scheduled without a crossing.
 */
import { LRUCache } from 'lru-cache';
import type { RuntimeClient } from '../runtime/client.ts';
import type { Seconds, SoundRequestInput, Take } from '../runtime/contract.ts';
import { abortError, orAborted, throwIfAborted } from './abort.ts';

/** A take and what a voice needs of it. */
export interface Playable {
  take: Take;
  /** null where there is no sound. */
  buffer: AudioBuffer | null;
  duration: Seconds;
}

/** Its requests are not to be changed afterwards: their keys are kept with them. */
export interface TakeLibrary {
  peek(request: SoundRequestInput): Playable | undefined;
  /**
   * The work goes on while anybody waits for it: it is aborted with its last waiter.
   * @throws AbortError, and whatever the runtime throws.
   */
  get(request: SoundRequestInput, signal: AbortSignal): Promise<Playable>;
}

export interface TakeLibraryOptions {
  runtime: RuntimeClient;
  context: BaseAudioContext | null;
  /** Called once for each take that comes from the runtime. */
  onTake: (take: Take, latencyMs: number) => void;
  /** Of PCM; default 32 MiB. */
  maxBytes?: number;
}

interface Job {
  promise: Promise<Playable>;
  waiters: number;
  stop: AbortController;
}

export function createTakeLibrary(options: TakeLibraryOptions): TakeLibrary {
  const { runtime, context, onTake, maxBytes = 32 * 2 ** 20 } = options;
  const ready = new LRUCache<string, Playable>({
    maxSize: maxBytes,
    sizeCalculation: ({ take, buffer }) => 1 + take.pcm.byteLength * (buffer === null ? 1 : 2),
  });
  const jobs = new Map<string, Job>();
  const keyOf = rememberKeys(writeKey);

  function begin(key: string, request: SoundRequestInput): Job {
    const stop = new AbortController();
    const run = async () => {
      const askedAt = performance.now();
      try {
        const take = await runtime.generate(request, { signal: stop.signal });
        const playable = toPlayable(take, context);
        ready.set(key, playable);
        onTake(take, performance.now() - askedAt);
        return playable;
      } finally {
        if (jobs.get(key) === job) jobs.delete(key);
      }
    };
    const job: Job = { promise: Promise.resolve().then(run), waiters: 0, stop };
    job.promise.catch(() => {}); // every waiter has its own copy of the rejection
    jobs.set(key, job);
    return job;
  }

  async function wait(key: string, job: Job, signal: AbortSignal): Promise<Playable> {
    job.waiters += 1;
    try {
      return await orAborted(job.promise, signal, 'takes.get');
    } finally {
      job.waiters -= 1;
      if (job.waiters === 0) abandon(key, job);
    }
  }

  /** A job in progress stops; a new request for the same sound starts afresh. */
  function abandon(key: string, job: Job): void {
    if (jobs.get(key) !== job) return;
    jobs.delete(key);
    job.stop.abort(abortError('takes.get'));
  }

  return {
    peek: (request) => ready.get(keyOf(request)),
    async get(request, signal) {
      throwIfAborted(signal, 'takes.get');
      const key = keyOf(request);
      const playable = ready.get(key);
      if (playable !== undefined) return playable;
      return wait(key, jobs.get(key) ?? begin(key, request), signal);
    },
  };
}

type KeyOf = (request: SoundRequestInput) => string;

/** Rules ask for the same requests at every event, so their keys are written once. */
function rememberKeys(write: KeyOf): KeyOf {
  const known = new WeakMap<SoundRequestInput, string>();
  return (request) => {
    let key = known.get(request);
    if (key === undefined) {
      key = write(request);
      known.set(request, key);
    }
    return key;
  };
}

/** Same sound, same key; how urgent it is does not matter. */
function writeKey(request: SoundRequestInput): string {
  const { prompt, duration, seed, guidanceScale, temperature, topK, topP, loop } = request;
  return JSON.stringify([
    prompt,
    duration,
    seed ?? 0,
    guidanceScale,
    temperature,
    topK,
    topP,
    loop ?? false,
  ]);
}

function toPlayable(take: Take, context: BaseAudioContext | null): Playable {
  const { pcm, sampleRate } = take;
  const duration = pcm.length / sampleRate;
  if (context === null || pcm.length === 0) return { take, buffer: null, duration };
  const buffer = context.createBuffer(1, pcm.length, sampleRate);
  buffer.copyToChannel(pcm as Float32Array<ArrayBuffer>, 0);
  return { take, buffer, duration };
}
