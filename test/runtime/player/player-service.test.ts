import { describe, expect, test, vi } from 'vitest';
import { AbortError, TokenPackError } from '../../../runtime/errors.ts';
import type { PlayerLoadOptions } from '../../../runtime/player/contract.ts';
import { createPlayerService } from '../../../runtime/player/player-service.ts';
import { servePacks, TINY_INFO, tinyPack, tinyTakes } from './baked-pack.ts';

const URL = 'https://game.test/sounds.foley';
const OPTIONS: PlayerLoadOptions = {
  ...{ packs: [URL], model: 'https://game.test/model/' },
  ...{ cacheBytes: 2 ** 20, range: 'auto' },
};
const at = (sound: number, pack = 0) => ({ pack, sound });

/** A service that has loaded six takes. */
async function open(changes: Partial<PlayerLoadOptions> = {}) {
  const takes = tinyTakes(6);
  const sources = servePacks({ [URL]: await tinyPack(takes) });
  const service = createPlayerService(sources);
  const contents = await service.load({ ...OPTIONS, ...changes });
  sources.read.length = 0;
  return { takes, sources, service, contents };
}

describe('player service', () => {
  test('load tells what the packs hold, from two files of the model and the index alone', async () => {
    const takes = tinyTakes(400);
    const bytes = await tinyPack(takes);
    const sources = servePacks({ [URL]: bytes });
    const service = createPlayerService(sources);
    const [contents, again] = await Promise.all([service.load(OPTIONS), service.load(OPTIONS)]);
    expect(again).toBe(contents);
    expect(contents.packs[0]).toMatchObject({ place: URL, info: TINY_INFO, isWhole: false });
    expect(contents.packs[0]!.sounds).toEqual(takes.map(({ codes: _, ...sound }) => sound));
    expect(sources.files.sort()).toEqual(['decoder.safetensors', 'model.json']);
    const codesBytes = takes.reduce((sum, { codes }) => sum + Math.ceil((codes.length * 6) / 8), 0);
    const farthest = Math.max(...sources.read.map(({ to }) => to));
    expect(farthest).toBeLessThanOrEqual(bytes.length - codesBytes / 2);
  });

  test('a take is decoded when it is asked for, out of its own codes', async () => {
    const { takes, sources, service } = await open();
    const take = await service.take(7, at(2), 0);
    const { soundKey, model, licence, codes, spec } = takes[2]!;
    expect(take).toMatchObject({ id: 7, source: 'baked', soundKey, model, licence, codes });
    expect([take.prompt, take.sampleRate]).toEqual([spec.prompt, TINY_INFO.sampleRate]);
    expect(take.pcm.length).toBe(takes[2]!.plan.length);
    expect(take.pcm.some((sample) => sample !== 0)).toBe(true);
    expect(take.loop).toBeUndefined();
    expect(sources.read.length).toBe(1);
    const loop = await service.take(8, at(5), 0);
    expect(loop.loop).toEqual({ start: 0, end: loop.pcm.length / loop.sampleRate });
  });

  test('a second time it comes out of the cache, as a copy', async () => {
    const { sources, service } = await open();
    const first = await service.take(1, at(0), 0);
    const pcm = first.pcm.slice();
    first.pcm.fill(0); // as if it had been transferred
    const second = await service.take(2, at(0), 0);
    expect([second.id, second.pcm]).toEqual([2, pcm]);
    expect(second.timings.totalMs).toBe(0);
    expect(sources.read.length).toBe(1);
  });

  test('two who want it at once get it decoded once', async () => {
    const { service } = await open();
    const [one, other] = await Promise.all([service.take(1, at(0), 0), service.take(2, at(0), 0)]);
    expect(one.timings.decodeMs).toBeGreaterThan(0);
    expect(other.timings.decodeMs).toBe(0);
    expect(other.pcm).toEqual(one.pcm);
  });

  test('without a cache it is decoded again, to the same samples', async () => {
    const { sources, service } = await open({ cacheBytes: 0 });
    const [first, second] = [await service.take(1, at(0), 0), await service.take(2, at(0), 0)];
    expect(second.pcm).toEqual(first.pcm);
    expect(sources.read.length).toBe(2);
  });

  test('the most urgent is decoded first, the others in their order', async () => {
    const { service } = await open();
    const ended: number[] = [];
    const ask = (sound: number, priority: number) =>
      service.take(sound, at(sound), priority).then(({ id }) => ended.push(id));
    await Promise.all([ask(0, 0), ask(1, 0), ask(2, 0), ask(3, 1), ask(4, -1), ask(5, 0)]);
    expect(ended[0]).toBe(3);
    expect(ended.filter((id) => id !== 3)).toEqual([0, 1, 2, 5, 4]);
  });

  test('cancelled while it is fetched or waits: AbortError, the others are made', async () => {
    const { sources, service } = await open();
    let arrive = () => {};
    sources.before = () => new Promise((resolve) => (arrive = resolve));
    const fetching = service.take(1, at(0), 0);
    await vi.waitFor(() => expect(sources.read.length).toBe(1));
    service.cancel(1);
    arrive();
    await expect(fetching).rejects.toThrow(AbortError);

    sources.before = async () => {};
    const others = [2, 3, 4].map((id) => service.take(id, at(id), 0));
    const ends = Promise.allSettled(others);
    await others[0];
    service.cancel(4);
    service.cancel(99);
    expect((await ends).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
  });

  test('a pack of another codec: an error that names both', async () => {
    const other = 'ab'.repeat(32);
    const bytes = await tinyPack(tinyTakes(2), { codecHash: other });
    const service = createPlayerService(servePacks({ [URL]: bytes }));
    const loading = service.load(OPTIONS);
    await expect(loading).rejects.toThrow(TokenPackError);
    await expect(loading).rejects.toThrow(other);
    await expect(loading).rejects.toThrow(`${URL} is of another codec`);
    await expect(service.take(1, at(0), 0)).rejects.toThrow(TokenPackError);
  });

  test('several packs: all are read, each keeps its own places', async () => {
    const second = `${URL}2`;
    const doors = tinyTakes(2);
    const bells = tinyTakes(2, 'bronze bell');
    const sources = servePacks({ [URL]: await tinyPack(doors), [second]: await tinyPack(bells) });
    const service = createPlayerService(sources);
    const contents = await service.load({ ...OPTIONS, packs: [URL, second] });
    expect(contents.packs.map(({ place }) => place)).toEqual([URL, second]);
    expect((await service.take(1, at(1, 1), 0)).prompt).toBe('bronze bell');
    expect((await service.take(2, at(1, 0), 0)).prompt).toBe('wooden door slams');
  });

  test('of several packs a bad one takes no other with it: a warning, the others play', async () => {
    const [gone, damaged, foreign] = ['gone', 'damaged', 'foreign'].map((name) => `${URL}-${name}`);
    const bytes = await tinyPack(tinyTakes(2, 'iron gate'));
    bytes[40]! ^= 1;
    const sources = servePacks({
      [damaged!]: bytes,
      [foreign!]: await tinyPack(tinyTakes(2, 'glass'), { codecHash: 'ab'.repeat(32) }),
      [URL]: await tinyPack(tinyTakes(2)),
    });
    const service = createPlayerService(sources);
    const warnings: string[] = [];
    await service.connect('lock', (level, message) => warnings.push(`${level} ${message}`));
    const packs = [gone!, damaged!, foreign!, URL];
    const contents = await service.load({ ...OPTIONS, packs });
    expect(contents.packs.map(({ place }) => place)).toEqual([URL]);
    expect(contents.failed.map(({ place }) => place)).toEqual([gone, damaged, foreign]);
    expect((await service.take(1, at(1, 0), 0)).prompt).toBe('wooden door slams');
    for (const [i, told] of ['HTTP 404', 'byte 28', 'of another codec'].entries()) {
      expect(warnings[i]).toMatch(/^warn player: a pack cannot be played, its sounds are not/);
      expect(warnings[i]).toContain(packs[i]);
      expect(warnings[i]).toContain(told);
      expect(contents.failed[i]!.reason).toContain(told);
    }
    expect(warnings.length).toBe(3);
  });

  test('none of several can be played: what is wrong with the first', async () => {
    const service = createPlayerService(servePacks({}));
    const loading = service.load({ ...OPTIONS, packs: [`${URL}-a`, `${URL}-b`] });
    await expect(loading).rejects.toThrow(`${URL}-a cannot be read: HTTP 404`);
  });

  test('damaged codes: an error with the byte, the other sounds play', async () => {
    const takes = tinyTakes(6);
    const bytes = await tinyPack(takes);
    bytes[bytes.length - 1]! ^= 1;
    const service = createPlayerService(servePacks({ [URL]: bytes }));
    await service.load(OPTIONS);
    await expect(service.take(1, at(5), 0)).rejects.toThrow(/token-pack: https:.*byte \d+/);
    expect((await service.take(2, at(4), 0)).codes).toEqual(takes[4]!.codes);
  });

  test('what is not there is said', async () => {
    const missing = createPlayerService(servePacks({}));
    await expect(missing.load(OPTIONS)).rejects.toThrow(`${URL} cannot be read: HTTP 404`);
    await expect(missing.load(OPTIONS)).rejects.toThrow('404');
    const { service } = await open();
    await expect(service.take(1, at(6), 0)).rejects.toThrow('no sound 6 in pack 0');
    await expect(service.take(1, at(0, 1), 0)).rejects.toThrow(RangeError);
    const unloaded = createPlayerService(servePacks({}));
    await expect(unloaded.take(1, at(0), 0)).rejects.toThrow('Call load() first');
  });
});
