/**
 * Takes that are ready to play: the PCM that a maker gives (the runtime, or packs in front of it) as AudioBuffers, kept by bytes.
 *
 *   request ── peek ────▶ Playable, at once                   (the render loop asks here)
 *           ── get ─────▶ Playable, when it is made           (one generation for all who ask for the same)
 *           ── stream ──▶ part, part, … Playable, as it is made, from the first part on for everyone
 *
 * What is being made already for somebody with more time becomes as urgent as whoever comes, and tells its parts to who listens.
 *
 * The worker keeps codes, 250 bytes a second; this keeps PCM, so that a cached sound is scheduled without a crossing.
 */
import type { SoundStream } from '../runtime/client.ts';
import type {
  Progress,
  Seconds,
  SoundPart,
  SoundRequestInput,
  Take,
  TakeSource,
} from '../runtime/contract.ts';
import { throwIfAborted } from './abort.ts';
import { createLruMap } from './lru-map.ts';
import { createGeneration, type Generation, type PartStream } from './takes/generation.ts';
import { createMeters } from './takes/meter.ts';
import type { SoundMaker } from './takes/sound-maker.ts';
import { takeKey } from './takes/take-key.ts';

/** A take and what a voice needs of it. */
export interface Playable {
  take: Take;
  /** null where there is no sound. */
  buffer: AudioBuffer | null;
  duration: Seconds;
}

/** Parts of a sound as it is made, then its take. */
export type TakeStream = PartStream<Playable>;

/** Its requests are not to be changed afterwards: their keys are kept with them. */
export interface TakeLibrary {
  peek(request: SoundRequestInput): Playable | undefined;
  /** Whether `peek` would find it; asking keeps nothing longer. */
  has(request: SoundRequestInput): boolean;
  /** Not asked of what is there: `get` will have it within some ten milliseconds, out of a pack. */
  isBaked(request: SoundRequestInput): boolean;
  /** False: it is not there and never will be, since it was not baked and nothing else is made. */
  offers(request: SoundRequestInput): boolean;
  /** Seeds of a sound that are answered by this one, itself included: a pack may have it for another, where its bake rolled again. */
  seedsHeardAs(sound: string, seed: number): number[];
  /** Resolves when it is known what is baked; never rejects. */
  readonly known: Promise<void>;
  /**
   * The work goes on while anybody waits for it: it is aborted with its last waiter.
   * @throws AbortError, and whatever the maker throws.
   */
  get(request: SoundRequestInput, signal: AbortSignal): Promise<Playable>;
  /** Likewise, with its parts on the way. */
  stream(request: SoundRequestInput, signal: AbortSignal): TakeStream;
  /** @returns null: nobody is making it. Progress is 0 to 1, null while it is not known. */
  making(request: SoundRequestInput): { readonly progress: number | null } | null;
  /** From now on the maker tells how far it is: some dozen messages a sound, so only while somebody looks. */
  watchProgress(): void;
  /** Asked for and there, asked for and not, kept, and their bytes. */
  readonly counts: { hits: number; misses: number; takes: number; bytes: number };
}

export interface TakeLibraryOptions {
  maker: SoundMaker;
  context: BaseAudioContext | null;
  /** Called once for each take that comes from the maker. */
  onTake: (take: Take, latencyMs: number) => void;
  /** Of PCM; default 32 MiB. */
  maxBytes?: number;
}

interface Making {
  readonly generation: Generation<Playable>;
  /** As the maker's, told there if it is news. */
  readonly hasten: SoundStream['hasten'];
  progress: number | null;
}

export function createTakeLibrary(options: TakeLibraryOptions): TakeLibrary {
  const { maker, context, onTake, maxBytes = 32 * 2 ** 20 } = options;
  const ready = createLruMap<string, Playable>(maxBytes, bytesOf);
  const keyOf = rememberKeys(takeKey);
  const making = new Map<string, Making>();
  const meters = createMeters();
  let isWatched = false;
  let hits = 0;
  let misses = 0;

  /** How far the language model is, which takes nearly all the time. */
  function onProgress(key: string, { stage, done, total }: Progress): void {
    const one = making.get(key);
    if (one !== undefined && stage === 'tokens' && total > 0) one.progress = done / total;
  }

  /** @param listens whether parts are wanted; they may be later on, too */
  function begin(request: SoundRequestInput, listens: boolean): Generation<Playable> {
    const key = keyOf(request);
    let stream: SoundStream | undefined;
    let quiet = !listens;
    let urgency = request.priority ?? 0;
    const generation = createGeneration({
      meter: meters.begin(request.duration),
      onOver: () => making.delete(key),
      async make(signal, onPart) {
        const askedAt = performance.now();
        const watch = isWatched && { onProgress: (one: Progress) => onProgress(key, one) };
        const isHastened = urgency > (request.priority ?? 0);
        const asked = isHastened ? { ...request, priority: urgency } : request;
        stream = maker.stream(asked, { signal, quiet, ...watch });
        const take = await readAll(stream, onPart);
        const playable = toPlayable(take, context);
        ready.set(key, playable);
        onTake(take, performance.now() - askedAt);
        return playable;
      },
    });
    making.set(key, {
      generation,
      progress: null,
      hasten(priority, parts) {
        if (priority <= urgency && !(quiet && parts)) return;
        urgency = Math.max(urgency, priority);
        quiet &&= !parts;
        stream?.hasten(urgency, !quiet);
      },
    });
    return generation;
  }

  /** The one that is being made, now as urgent as this one, or a new one. */
  function join(request: SoundRequestInput, listens: boolean): Generation<Playable> {
    const one = making.get(keyOf(request));
    one?.hasten(request.priority ?? 0, listens);
    return one?.generation ?? begin(request, listens);
  }

  return {
    peek(request) {
      const playable = ready.get(keyOf(request));
      if (playable === undefined) misses += 1;
      else hits += 1;
      return playable;
    },
    has: (request) => ready.has(keyOf(request)),
    isBaked: (request) => maker.isBaked?.(request) ?? false,
    offers: (request) => maker.offers?.(request) ?? true,
    seedsHeardAs: (sound, seed) => [...(maker.askedFor?.(sound, seed) ?? []), seed],
    known: maker.known ?? Promise.resolve(),
    async get(request, signal) {
      throwIfAborted(signal, 'takes.get');
      return ready.get(keyOf(request)) ?? join(request, false).whole(signal);
    },
    stream(request, signal) {
      const playable = ready.get(keyOf(request));
      return playable === undefined ? join(request, true).listen(signal) : endOf(playable);
    },
    making: (request) => making.get(keyOf(request)) ?? null,
    watchProgress() {
      isWatched = true;
    },
    get counts() {
      return { hits, misses, takes: ready.size, bytes: ready.weight };
    },
  };
}

/** Of the PCM, here and in its AudioBuffer. */
function bytesOf({ take, buffer }: Playable): number {
  return take.pcm.byteLength * (buffer === null ? 1 : 2);
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

async function readAll(
  stream: AsyncGenerator<SoundPart, Take, void>,
  onPart: (part: SoundPart) => void,
): Promise<Take> {
  let next = await stream.next();
  for (; !next.done; next = await stream.next()) onPart(next.value);
  return next.value;
}

/** The stream of what is there as a whole. */
function endOf(playable: Playable): TakeStream {
  return { next: async () => ({ done: true, value: playable }), wait: () => 0, leave() {} };
}

/** Where a take that was ready came from: whether the model was needed for it is worth knowing still. */
export function heldSource({ take }: Playable): TakeSource {
  return take.source === 'baked' ? 'baked' : 'memory';
}

function toPlayable(take: Take, context: BaseAudioContext | null): Playable {
  const { pcm, sampleRate } = take;
  const duration = pcm.length / sampleRate;
  if (context === null || pcm.length === 0) return { take, buffer: null, duration };
  const buffer = context.createBuffer(1, pcm.length, sampleRate);
  buffer.copyToChannel(pcm as Float32Array<ArrayBuffer>, 0);
  return { take, buffer, duration };
}
