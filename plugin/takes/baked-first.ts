/**
 * Packs first, the model second.
 *
 *   request ──▶ the packs are open ──▶ in one of them ──▶ player ──▶ take, whole
 *                                 └──▶ else ────────────▶ runtime ──▶ part, part, … take
 *                                                    └──▶ or nothing, where the game ships without the model
 *
 * What is baked starts no worker of the model and fetches nothing of it. While the packs are being opened every request waits:
 * they are small. Packs that cannot be opened, or a sound of theirs that cannot be read, count as not there; after a broken
 * connection, or of a player that was busy or lost its worker, they are asked for again a few times.
 */
import type { RuntimeClient, SoundStream, StreamOptions } from '../../runtime/client.ts';
import type {
  BakedSound,
  Seconds,
  SoundPart,
  SoundRequestInput,
  Take,
} from '../../runtime/contract.ts';
import { orAborted } from '../abort.ts';
import { messageOf } from '../message-of.ts';
import { sayFew } from '../say-few.ts';
import type { SoundMaker } from './sound-maker.ts';
import { takeKey } from './take-key.ts';

/** What is needed of a player of packs. */
export interface PackPlayer {
  /** Opens the packs. */
  load(): Promise<unknown>;
  /** From then on. */
  has(request: SoundRequestInput): boolean;
  readonly sounds: readonly BakedSound[];
  /** @throws RangeError naming what is near, where no pack has it */
  take(request: SoundRequestInput, options?: { signal?: AbortSignal }): Promise<Take>;
}

export interface BakedFirstParts {
  player: PackPlayer;
  /** null: what is not baked is never there. */
  runtime: Pick<RuntimeClient, 'stream'> | null;
  warn: (message: string) => void;
}

/** Sounds of a pack that could not be read are remembered, so many at most. */
const MAX_BROKEN = 1024;
/** Times that a sound is asked for while its player is in trouble. */
const MAX_TRIES = 3;
/** Names of errors that say nothing of the pack: another time it may go well. */
const PASSING: ReadonlySet<string> = new Set([
  'QueueFullError',
  'WorkerLostError',
  'UnreachableError',
]);
/** Of what cannot be opened and never will be: given up, no packs, nothing to be opened. */
const FINAL: ReadonlySet<string> = new Set(['AbortError', 'TokenPackError', 'RangeError']);
/** Packs that could not be opened are tried again after so long, one after the other. */
const OPEN_AGAIN: readonly Seconds[] = [2, 10, 30];

export function createBakedFirst({ player, runtime, warn }: BakedFirstParts): Required<SoundMaker> {
  const failures = new Map<string, number>(); // of MAX_TRIES
  const warnBroken = sayFew(warn);
  let open: PackPlayer | null = null;
  let isKnown = false;
  const known = openPacks();

  async function openPacks(): Promise<void> {
    try {
      await player.load();
      open = player;
    } catch (error) {
      const then = runtime === null ? 'nothing baked is heard' : 'their sounds are made instead';
      if (!isAbort(error)) warn(`foley: the packs cannot be opened, ${then}. ${messageOf(error)}`);
      if (!isFinal(error)) tryAgain(OPEN_AGAIN);
    }
    isKnown = true;
  }

  /** Nobody waits for it. */
  function tryAgain([seconds, ...later]: readonly Seconds[]): void {
    if (seconds === undefined) return;
    setTimeout(async () => {
      try {
        await player.load();
        open = player;
      } catch (error) {
        if (!isFinal(error)) tryAgain(later);
      }
    }, 1000 * seconds);
  }

  function isBaked(request: SoundRequestInput): boolean {
    return open?.has(request) === true && failuresOf(request) < MAX_TRIES;
  }

  function failuresOf(request: SoundRequestInput): number {
    return failures.get(takeKey(request)) ?? 0;
  }

  function failed(request: SoundRequestInput, error: unknown): void {
    const times = isPassing(error) ? failuresOf(request) + 1 : MAX_TRIES;
    if (failures.size < MAX_BROKEN) failures.set(takeKey(request), times);
    warnBroken(`foley: "${request.prompt}" cannot be read from its pack. ${messageOf(error)}`);
  }

  /** @returns null: the next tier's turn. */
  async function unpack(request: SoundRequestInput, signal: AbortSignal): Promise<Take | null> {
    await orAborted(known, signal, 'foley');
    if (open === null) return null;
    if (!isBaked(request)) return runtime === null ? open.take(request) : null; // it names what is near
    try {
      const take = await open.take(request, { signal });
      failures.delete(takeKey(request));
      return take;
    } catch (error) {
      if (signal.aborted) throw error;
      failed(request, error);
      if (runtime === null) throw error;
      return null;
    }
  }

  /** @throws RangeError where nothing is made. */
  function make(request: SoundRequestInput, options: StreamOptions): SoundStream {
    if (runtime !== null) return runtime.stream(request, options);
    const { prompt, seed = 0 } = request;
    throw new RangeError(
      `foley: "${prompt}", seed ${seed}, is in no pack, and nothing is made live. Bake it, or leave \`live\` on.`,
    );
  }

  function stream(request: SoundRequestInput, options: StreamOptions = {}): SoundStream {
    if (runtime !== null && isKnown && !isBaked(request)) return runtime.stream(request, options);
    const { signal = new AbortController().signal } = options;
    return readTiers({ request, options, unpack: () => unpack(request, signal), make });
  }

  return {
    stream,
    isBaked,
    askedFor: (name, rolled) =>
      (open?.sounds ?? [])
        .filter(({ sound, seed }) => sound === name && seed === rolled)
        .map(({ spec }) => spec.seed),
    offers: (request) => runtime !== null || !isKnown || isBaked(request),
    known,
  };
}

interface Tiers {
  request: SoundRequestInput;
  options: StreamOptions;
  /** @returns null: no pack has it. */
  unpack: () => Promise<Take | null>;
  make: (request: SoundRequestInput, options: StreamOptions) => SoundStream;
}

/** The baked take, without parts; else what is streamed, as urgent as it has become meanwhile. */
function readTiers({ request, options, unpack, make }: Tiers): SoundStream {
  let made: SoundStream | undefined;
  let priority = request.priority ?? 0;
  let quiet = options.quiet ?? false;

  async function* read(): AsyncGenerator<SoundPart, Take, void> {
    const take = await unpack();
    if (take !== null) return take;
    made = make({ ...request, priority }, { ...options, quiet });
    return yield* made;
  }

  return Object.assign(read(), {
    hasten(wish: number, parts: boolean) {
      priority = Math.max(priority, wish);
      quiet &&= !parts;
      made?.hasten(wish, parts);
    },
  });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function isFinal(error: unknown): boolean {
  return error instanceof Error && FINAL.has(error.name);
}

function isPassing(error: unknown): boolean {
  return error instanceof Error && PASSING.has(error.name);
}
