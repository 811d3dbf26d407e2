/** The player in Chromium: a real worker, packs baked in Node, over HTTP. */
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import type { Take } from '../../runtime/contract.ts';
import { TokenPackError, WorkerLostError } from '../../runtime/errors.ts';
import { createPlayer, type Player, type PlayerOptions, playOn } from '../../runtime/player.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';

const MODEL = '/models/foley-tiny/';
const NUM_SOUNDS = 12;

let folder = '';
let pack: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  folder = await commands.bakeFolder();
  pack = await bytesOf(`${folder}sounds.foley`);
});

const players: Player[] = [];
const urls: string[] = [];
afterEach(async () => {
  for (const player of players.splice(0)) await player.dispose();
  for (const url of urls.splice(0)) URL.revokeObjectURL(url);
});

function open(changes: Partial<PlayerOptions> = {}): Player {
  const player = createPlayer({ packs: `${folder}sounds.foley`, model: MODEL, ...changes });
  players.push(player);
  return player;
}

async function bytesOf(url: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer());
}

/** A player of these bytes. */
function openBytes(bytes: Uint8Array<ArrayBuffer>, changes: Partial<PlayerOptions> = {}): Player {
  urls.push(URL.createObjectURL(new Blob([bytes])));
  return open({ packs: urls.at(-1)!, ...changes });
}

/** All sounds of a player, one after the other. */
async function takesOf(player: Player): Promise<Take[]> {
  await player.load();
  const takes: Take[] = [];
  for (const { spec } of player.sounds) takes.push(await player.take(spec));
  return takes;
}

/** Decibels of `a` minus `b`, relative to `b`. */
function difference(a: Float32Array, b: Float32Array): number {
  const energy = (of: (i: number) => number) => b.reduce((sum, _, i) => sum + of(i) ** 2, 0);
  return 10 * Math.log10(energy((i) => a[i]! - b[i]!) / energy((i) => b[i]!));
}

describe('player in Chromium', () => {
  test.each(['auto', true, false] as const)(
    'a pack baked in Node sounds as Node decodes it, to the bit (range: %s)',
    async (range) => {
      const player = open({ range });
      const takes = await takesOf(player);
      expect(takes.length).toBe(NUM_SOUNDS);
      for (const [i, { pcm, source }] of takes.entries()) {
        const expected = new Float32Array((await bytesOf(`${folder}${i}.f32`)).buffer);
        expect([source, pcm.length]).toEqual(['baked', expected.length]);
        expect(expected.some((sample) => Math.abs(sample) > 0.01)).toBe(true);
        expect(difference(pcm, expected)).toBeLessThan(-60);
        expect(pcm).toEqual(expected);
      }
      const info = await player.load();
      expect(info.packs[0]!.isWhole).toBe(range !== true);
    },
  );

  test('a thousand sounds are known after load; one of a second is decoded in hundredths', async () => {
    const player = open({ packs: `${folder}thousand.foley` });
    const info = await player.load();
    expect([info.packs[0]!.numSounds, player.sounds.length]).toEqual([1000, 1000]);
    expect(player.sounds.every(({ spec }) => player.has(spec))).toBe(true);
    const times: number[] = [];
    for (const { spec } of player.sounds.slice(0, 20)) {
      const take = await player.take(spec);
      expect(take.pcm.length).toBe(take.sampleRate);
      times.push(take.timings.totalMs);
    }
    expect(Math.min(...times)).toBeLessThan(50);
  });

  test('is heard on an audio context', async () => {
    const player = open();
    await player.load();
    const take = await player.take({ prompt: 'heavy wooden door slams', duration: 0.8 });
    const context = new OfflineAudioContext(1, take.pcm.length, take.sampleRate);
    playOn(context, take);
    expect((await context.startRendering()).getChannelData(0)).toEqual(take.pcm);
  });

  test('what is no pack, or not the right one, is an error with its address, never a hang', async () => {
    const flipped = pack.slice();
    flipped[200]! ^= 4;
    const newer = pack.slice();
    newer[8] = 9;
    const bad = [
      pack.slice(0, 0),
      pack.slice(0, 20),
      pack.slice(0, 300),
      flipped,
      newer,
      new TextEncoder().encode('<!doctype html><title>Not found</title>'),
    ];
    for (const bytes of bad) {
      // A blob that is empty has no range at all: that is told as a network failure.
      for (const range of bytes.length > 0 ? (['auto', true] as const) : (['auto'] as const)) {
        const loading = openBytes(bytes, { range }).load();
        await expect(loading).rejects.toBeInstanceOf(TokenPackError);
        await expect(loading).rejects.toThrow(urls.at(-1)!);
      }
    }
    const other = open({ model: `/${TINY_PACK}/` }).load();
    await expect(other).rejects.toThrow('sounds.foley is of another codec');
    const nowhere = new URL('/sounds.foley', 'http://127.0.0.1:9').href;
    const missing = open({ packs: nowhere }).load();
    await expect(missing).rejects.toThrow(`${nowhere} cannot be read`);
  });

  test('damaged codes spoil their own sound alone', async () => {
    const damaged = pack.slice();
    damaged[damaged.length - 1]! ^= 1;
    const player = openBytes(damaged);
    await player.load();
    const [first, last] = [player.sounds[0]!, player.sounds.at(-1)!];
    await expect(player.take(last.spec)).rejects.toThrow(/byte \d+/);
    expect((await player.take(first.spec)).soundKey).toBe(first.soundKey);
  });

  test('a worker that is killed: WorkerLostError, the next call starts another', async () => {
    const workers: Worker[] = [];
    const workerFactory = () => {
      const url = new URL('../../runtime/player/player-worker.ts', import.meta.url);
      workers.push(new Worker(url, { type: 'module' }));
      return workers.at(-1)!;
    };
    const player = open({ workerFactory });
    await player.load();
    const { spec } = player.sounds[0]!;
    workers[0]!.terminate();
    await expect(player.take(spec)).rejects.toBeInstanceOf(WorkerLostError);
    expect((await player.take(spec)).source).toBe('baked');
    expect(workers.length).toBe(2);
  });

  test('a worker whose script is missing: WorkerLostError', async () => {
    const url = new URL('./no-such-worker.js', import.meta.url);
    const player = open({ workerFactory: () => new Worker(url, { type: 'module' }) });
    await expect(player.load()).rejects.toBeInstanceOf(WorkerLostError);
  });
});
