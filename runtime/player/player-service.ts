/**
 * What the player's worker does, without the worker: open packs, decode a sound of theirs when it is asked for.
 *
 *   load   packs ── header and index ──▶ contents      decoder ── checked: made for these packs? ──▶ weights in the kernels
 *            └ one of several that cannot be played: a warning, the others are there
 *   take   cache ──▶ Take
 *            └ no: codes (a piece of the file) ── the most urgent first ──▶ PCM, finished as it was when it was baked
 *
 * Where bytes come from is injected (player-worker.ts has the real ones), so tests run this very file in Node.
 */
import {
  type BakedDecoder,
  checkCodec,
  createBakedDecoder,
  openDecoderPack,
} from '../baked-decoder.ts';
import type { Take } from '../contract.ts';
import { AbortError, messageOf } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { holdLock } from '../life-lock.ts';
import type { Logger } from '../logger.ts';
import { createBreather } from '../macrotask.ts';
import type { ModelManifest } from '../model-manifest.ts';
import type { PackCache, PackSource } from '../model-pack.ts';
import { createRequestQueue } from '../request-queue.ts';
import { openTokenPack, type TokenPack } from '../token-pack.ts';
import type {
  FailedPack,
  OnLog,
  PlayerApi,
  PlayerContents,
  PlayerLoadOptions,
  RangeChoice,
  SoundPlace,
} from './contract.ts';
import type { PackBytes } from './pack-bytes.ts';
import { createTakeCache, type TakeCache } from './take-cache.ts';

export interface PlayerSources {
  loadKernels(): Promise<Kernels>;
  openPack(url: string, range: RangeChoice, logger: Logger): Promise<PackBytes>;
  openModel(url: string): PackSource;
  /** Keeps the decoder between visits; undefined where that cannot be. */
  openModelCache(logger: Logger): PackCache | undefined;
}

interface Loaded {
  kernels: Kernels;
  decoder: BakedDecoder;
  packs: TokenPack[];
  cache: TakeCache;
  contents: PlayerContents;
}

/** Sounds that wait to be decoded; beyond it the least urgent is refused. */
const MOST_WAITING = 256;

export function createPlayerService(sources: PlayerSources): PlayerApi {
  const queue = createRequestQueue(MOST_WAITING);
  const breather = createBreather();
  const stops = new Map<number, AbortController>();
  let loading: Promise<Loaded> | undefined;
  let log: OnLog = () => {};
  const logger: Logger = {
    info: (message) => log('info', message),
    warn: (message) => log('warn', message),
  };

  async function take(id: number, place: SoundPlace, priority: number, signal: AbortSignal) {
    if (loading === undefined) throw new Error('player: nothing is loaded. Call load() first.');
    const { packs, kernels, decoder, cache } = await loading;
    const key = `${place.pack} ${place.sound}`;
    const atHand = cache.get(key, id);
    if (atHand !== undefined) return atHand;
    const pack = packs[place.pack];
    const sound = pack?.sounds[place.sound];
    if (pack === undefined || sound === undefined) throw noSound(place);
    const codes = await pack.readCodes(kernels, sound);
    if (signal.aborted) throw aborted();
    return queue.add(id, priority, async (_, turn): Promise<Take> => {
      await breather.breathe(); // who is cancelled or more urgent by now is heard of
      await turn();
      const made = cache.get(key, id); // somebody else wanted it too
      if (made !== undefined) return made;
      const fresh = { ...(await decoder.decode({ ...sound, codes })), id };
      cache.put(key, fresh);
      return fresh;
    });
  }

  return {
    connect(lockName, onLog) {
      log = onLog;
      return holdLock(lockName);
    },
    async load(options) {
      loading ??= loadAll(sources, options, logger);
      return (await loading).contents;
    },
    async take(id, place, priority) {
      const stop = new AbortController();
      stops.set(id, stop);
      try {
        return await take(id, place, priority, stop.signal);
      } finally {
        stops.delete(id);
      }
    },
    cancel(id) {
      stops.get(id)?.abort();
      queue.cancel(id);
    },
    ping: () => {},
  };
}

async function loadAll(
  sources: PlayerSources,
  options: PlayerLoadOptions,
  logger: Logger,
): Promise<Loaded> {
  const { range, cacheBytes } = options;
  const cache = sources.openModelCache(logger);
  const decoding = openDecoderPack(sources.openModel(options.model), cache ? { cache } : {});
  const [kernels, { manifest, weights }, opened] = await Promise.all([
    sources.loadKernels(),
    decoding,
    Promise.allSettled(
      options.packs.map((url) => openOne(sources.openPack(url, range, logger), decoding)),
    ),
  ]);
  const { playable, failed } = sorted(opened, options.packs);
  for (const { reason } of failed) {
    logger.warn(`player: a pack cannot be played, its sounds are not there. ${reason}`);
  }
  return {
    kernels,
    decoder: createBakedDecoder(kernels, manifest, weights),
    packs: playable.map(({ pack }) => pack),
    cache: createTakeCache(cacheBytes),
    contents: {
      packs: playable.map(({ bytes, pack: { place, info, sounds } }) => ({
        ...{ place, info, sounds: [...sounds] },
        isWhole: bytes.isWhole,
      })),
      failed,
    },
  };
}

interface OpenPack {
  bytes: PackBytes;
  pack: TokenPack;
}

async function openOne(
  opening: Promise<PackBytes>,
  decoding: Promise<{ manifest: ModelManifest }>,
): Promise<OpenPack> {
  const bytes = await opening;
  const pack = await openTokenPack(bytes);
  checkCodec(pack, (await decoding).manifest);
  return { bytes, pack };
}

/** One bad pack of several takes no other with it. @throws what is wrong with the first, where none is left */
function sorted(opened: readonly PromiseSettledResult<OpenPack>[], places: readonly string[]) {
  const playable: OpenPack[] = [];
  const failed: FailedPack[] = [];
  let trouble: unknown;
  for (const [i, result] of opened.entries()) {
    if (result.status === 'fulfilled') playable.push(result.value);
    else {
      trouble ??= result.reason;
      failed.push({ place: places[i] ?? '', reason: messageOf(result.reason) });
    }
  }
  if (playable.length === 0) throw trouble;
  return { playable, failed };
}

function noSound({ pack, sound }: SoundPlace): RangeError {
  return new RangeError(
    `player: there is no sound ${sound} in pack ${pack}. Take one that load() told of.`,
  );
}

function aborted(): AbortError {
  return new AbortError('player: aborted by the caller.');
}
