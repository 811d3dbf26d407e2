/**
 * Takes that are ready to play: the runtime's PCM as AudioBuffers, kept by bytes.
 *
 *   request ── peek ────▶ Playable, at once                   (the render loop asks here)
 *           ── get ─────▶ Playable, when it is made           (one generation for all who ask for the same)
 *           ── stream ──▶ part, part, … Playable, as it is made, from the first part on for everyone
 *
 * The worker keeps codes, 250 bytes a second; this keeps PCM, so that a cached sound is scheduled without a crossing.
 */
import { LRUCache } from 'lru-cache';
import type { RuntimeClient } from '../runtime/client.ts';
import type { Seconds, SoundPart, SoundRequestInput, Take } from '../runtime/contract.ts';
import { throwIfAborted } from './abort.ts';
import { createGeneration, type Generation, type PartStream } from './generation.ts';
import { createMeters } from './meter.ts';

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
  /**
   * The work goes on while anybody waits for it: it is aborted with its last waiter.
   * @throws AbortError, and whatever the runtime throws.
   */
  get(request: SoundRequestInput, signal: AbortSignal): Promise<Playable>;
  /** Likewise, with its parts on the way. */
  stream(request: SoundRequestInput, signal: AbortSignal): TakeStream;
}

export interface TakeLibraryOptions {
  runtime: RuntimeClient;
  context: BaseAudioContext | null;
  /** Called once for each take that comes from the runtime. */
  onTake: (take: Take, latencyMs: number) => void;
  /** Of PCM; default 32 MiB. */
  maxBytes?: number;
}

type Make = (signal: AbortSignal, onPart: (part: SoundPart) => void) => Promise<Take>;

export function createTakeLibrary(options: TakeLibraryOptions): TakeLibrary {
  const { runtime, context, onTake, maxBytes = 32 * 2 ** 20 } = options;
  const ready = new LRUCache<string, Playable>({
    maxSize: maxBytes,
    sizeCalculation: ({ take, buffer }) => 1 + take.pcm.byteLength * (buffer === null ? 1 : 2),
  });
  const keyOf = rememberKeys(writeKey);
  const making = new Map<string, Generation<Playable>>();
  const meters = createMeters();

  function begin(request: SoundRequestInput, make: Make): Generation<Playable> {
    const key = keyOf(request);
    const generation = createGeneration({
      meter: meters.begin(request.duration),
      onOver: () => making.delete(key),
      async make(signal, onPart) {
        const askedAt = performance.now();
        const take = await make(signal, onPart);
        const playable = toPlayable(take, context);
        ready.set(key, playable);
        onTake(take, performance.now() - askedAt);
        return playable;
      },
    });
    making.set(key, generation);
    return generation;
  }

  return {
    peek: (request) => ready.get(keyOf(request)),
    async get(request, signal) {
      throwIfAborted(signal, 'takes.get');
      const key = keyOf(request);
      const make: Make = (stop) => runtime.generate(request, { signal: stop });
      return ready.get(key) ?? (making.get(key) ?? begin(request, make)).whole(signal);
    },
    stream(request, signal) {
      const key = keyOf(request);
      const playable = ready.get(key);
      if (playable !== undefined) return endOf(playable);
      const make: Make = (stop, onPart) =>
        readAll(runtime.stream(request, { signal: stop }), onPart);
      return (making.get(key) ?? begin(request, make)).listen(signal);
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
