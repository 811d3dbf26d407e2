import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  AbortError,
  QueueFullError,
  TokenPackError,
  WorkerLostError,
} from '../../runtime/errors.ts';
import { createPlayer, type Player, type PlayerOptions } from '../../runtime/player.ts';
import { type ServedPacks, servePacks, tinyPack, tinyTakes } from './player/baked-pack.ts';
import { FakePlayerWorker } from './player/fake-player-worker.ts';

const PACK = 'https://game.test/sounds.foley';
const MODEL = 'https://game.test/model';
const TAKES = tinyTakes(6);
const DOOR = { prompt: 'wooden door slams', duration: 0.2, seed: 2 };

const players: Player[] = [];
afterEach(async () => {
  for (const player of players.splice(0)) await player.dispose();
});

async function open(changes: Partial<PlayerOptions> = {}) {
  const sources = servePacks({ [PACK]: await tinyPack(TAKES) });
  const workers: FakePlayerWorker[] = [];
  const player = createPlayer({
    ...{ packs: PACK, model: MODEL },
    workerFactory: () => workerOf(workers, sources),
    ...changes,
  });
  players.push(player);
  return { player, sources, workers };
}

function workerOf(workers: FakePlayerWorker[], sources: ServedPacks): Worker {
  const worker = new FakePlayerWorker(sources);
  workers.push(worker);
  return worker as unknown as Worker;
}

describe('player', () => {
  test('no worker before it is needed; after load all is known without waiting', async () => {
    const { player, workers } = await open();
    expect([workers.length, player.has(DOOR), player.sounds.length]).toEqual([0, false, 0]);
    const info = await player.load();
    const packs = [{ place: PACK, isWhole: false, numSounds: 6 }];
    expect(info).toEqual({ sampleRate: 32000, packs, failed: [] });
    expect(player.sounds).toEqual(TAKES.map(({ codes: _, ...sound }) => sound));
    expect(TAKES.every(({ spec }) => player.has(spec))).toBe(true);
    expect(player.has({ ...DOOR, seed: 77 })).toBe(false);
    expect(player.has({ prompt: '' })).toBe(false);
    expect(workers[0]!.calls.filter((call) => call === 'load').length).toBe(1);
  });

  test('take loads by itself and brings what was baked; the second time out of the cache', async () => {
    const { player, workers } = await open();
    const [take, loop] = await Promise.all([player.take(DOOR), player.take(TAKES[5]!.spec)]);
    expect(take).toMatchObject({ source: 'baked', prompt: DOOR.prompt, codes: TAKES[2]!.codes });
    expect(loop.loop?.end).toBeCloseTo(loop.pcm.length / loop.sampleRate, 9);
    const again = await player.take(DOOR);
    expect([again.pcm, again.timings.totalMs]).toEqual([take.pcm, 0]);
    expect(workers.length).toBe(1);
  });

  test('a take that was rolled again answers to its own seed too, under that seed', async () => {
    const rolled = { ...TAKES[2]!, seed: 77 };
    const sources = servePacks({ [PACK]: await tinyPack([TAKES[0]!, rolled]) });
    const { player } = await open({ workerFactory: () => workerOf([], sources) });
    await player.load();
    expect(player.has({ ...DOOR, seed: 77 })).toBe(true);
    const takes = [await player.take(DOOR), await player.take({ ...DOOR, seed: 77 })];
    expect(takes.map(({ seed }) => seed)).toEqual([2, 77]);
    expect(takes[1]?.pcm).toEqual(takes[0]?.pcm);
  });

  test('what is in no pack is a RangeError that names near ones, without asking the worker', async () => {
    const { player, workers } = await open();
    await player.load();
    const asking = player.take({ ...DOOR, seed: 77 });
    await expect(asking).rejects.toBeInstanceOf(RangeError);
    await expect(asking).rejects.toThrow("Nearest: 'wooden door slams' (0.2 s, seed 0)");
    expect(workers[0]!.calls).not.toContain('take');
  });

  test('one pack of two that is gone: the other plays, load and what is missing tell of it', async () => {
    const gone = `${PACK}-gone`;
    const { player } = await open({ packs: [gone, PACK] });
    const { packs, failed } = await player.load();
    expect([packs.length, failed]).toEqual([
      1,
      [{ place: gone, reason: expect.stringContaining('HTTP 404') }],
    ]);
    expect((await player.take(DOOR)).codes).toEqual(TAKES[2]!.codes);
    await expect(player.take({ prompt: 'bell' })).rejects.toThrow(`Missing: player: ${gone}`);
  });

  test('a bad request or bad options are RangeErrors and start no worker', async () => {
    const { player, workers } = await open();
    await expect(player.take({ prompt: '' })).rejects.toThrow(RangeError);
    await expect(player.take({ ...DOOR, seed: -1 })).rejects.toThrow('seed');
    expect(workers.length).toBe(0);
    const make = (changes: Partial<PlayerOptions>) => () =>
      createPlayer({ packs: PACK, model: MODEL, ...changes });
    expect(make({ packs: [] })).toThrow('packs must be 1 to 64 addresses, got 0');
    expect(make({ cacheBytes: -1 })).toThrow('cacheBytes must be 0 or more, got -1');
    expect(make({ cacheBytes: Number.NaN })).toThrow(RangeError);
  });

  test('the caller may change its request object at once', async () => {
    const { player } = await open();
    const request = { ...DOOR };
    const taking = player.take(request);
    request.seed = 77;
    expect((await taking).seed).toBe(2);
  });

  test('aborted before, while loading, while fetching: AbortError, the player lives on', async () => {
    const { player, sources, workers } = await open();
    const before = player.take(DOOR, { signal: AbortSignal.abort() });
    await expect(before).rejects.toThrow(AbortError);
    expect(workers.length).toBe(0);

    const loading = new AbortController();
    const early = [player.load({ signal: loading.signal }), player.take(DOOR, loading)];
    loading.abort();
    for (const call of early) await expect(call).rejects.toThrow(AbortError);

    await player.load();
    sources.read.length = 0;
    sources.before = () => new Promise(() => {});
    const late = new AbortController();
    const taking = player.take(DOOR, { signal: late.signal });
    await vi.waitFor(() => expect(sources.read.length).toBe(1));
    late.abort();
    await expect(taking).rejects.toThrow(AbortError);
    expect(workers[0]!.calls).toContain('cancel');
    sources.before = async () => {};
    expect((await player.take(DOOR)).seed).toBe(2);
    expect(workers.length).toBe(1);
  });

  test('a lost worker: WorkerLostError, the next call starts another; what is known stays', async () => {
    const { player, sources, workers } = await open();
    await player.load();
    sources.before = () => new Promise(() => {});
    const taking = player.take(DOOR);
    workers[0]!.crash('out of memory');
    await expect(taking).rejects.toThrow(WorkerLostError);
    await expect(taking).rejects.toThrow('player: the worker is gone: out of memory');
    expect([workers[0]!.terminated, player.has(DOOR)]).toEqual([true, true]);
    sources.before = async () => {};
    expect((await player.take(DOOR)).codes).toEqual(TAKES[2]!.codes);
    expect(workers.length).toBe(2);
  });

  test('a pack that is missing or damaged: an error with its address; the next call tries again', async () => {
    const bytes = await tinyPack(TAKES);
    const packs: Record<string, Uint8Array> = {};
    const workers: FakePlayerWorker[] = [];
    const sources = servePacks(packs);
    const { player } = await open({ workerFactory: () => workerOf(workers, sources) });
    await expect(player.load()).rejects.toThrow(PACK);
    packs[PACK] = bytes.slice(0, 100);
    await expect(player.load()).rejects.toThrow(TokenPackError);
    await expect(player.take(DOOR)).rejects.toThrow(PACK);
    packs[PACK] = bytes;
    expect((await player.take(DOOR)).seed).toBe(2);
    expect(workers.map(({ terminated }) => terminated)).toEqual([true, true, true, false]);
  });

  test('dispose in any state: pending calls reject with AbortError, twice is fine', async () => {
    const idle = await open();
    await idle.player.dispose();
    await idle.player.dispose();
    await expect(idle.player.take(DOOR)).rejects.toThrow(AbortError);
    expect(idle.workers.length).toBe(0);

    const busy = await open();
    const calls = [busy.player.load(), busy.player.take(DOOR)];
    await busy.player.dispose();
    for (const call of calls) await expect(call).rejects.toThrow(AbortError);
    expect(busy.workers[0]!.terminated).toBe(true);
    await expect(busy.player.load()).rejects.toThrow('player: it was disposed.');
  });

  test('a flood is refused beyond a bound, the rest is served', async () => {
    const { player } = await open();
    const flood = Array.from({ length: 1000 }, () => player.take(DOOR));
    const results = await Promise.allSettled(flood);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.every(({ reason }) => reason instanceof QueueFullError)).toBe(true);
    expect(results.length - refused.length).toBe(256);
  });

  test('the logger hears what the worker has to say', async () => {
    const heard: string[] = [];
    const logger = { info: (message: string) => heard.push(message), warn: () => {} };
    const { player, sources } = await open({ logger });
    sources.onOpen = (told) => told.info('player: a note.');
    await player.load();
    await vi.waitFor(() => expect(heard).toEqual(['player: a note.']));
  });

  test('addresses may be relative to the page, or URL objects', async () => {
    const { player } = await open({ packs: [new URL(PACK)], model: new URL(MODEL) });
    expect((await player.load()).packs[0]!.place).toBe(PACK);
  });
});
