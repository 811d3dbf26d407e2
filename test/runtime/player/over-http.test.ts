/** What a player fetches from a real server: how often, how much. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadKernels } from '../../../runtime/kernels/kernels.ts';
import { urlSource } from '../../../runtime/pack-source.ts';
import type { RangeChoice } from '../../../runtime/player/contract.ts';
import { openPackBytes } from '../../../runtime/player/pack-bytes.ts';
import { createPlayerService } from '../../../runtime/player/player-service.ts';
import { bakeFolder } from '../../support/baked-folder.ts';
import { root } from '../../support/source-files.ts';
import { type Sent, type StaticHost, serveFolder } from '../../support/static-server.ts';

let folder = '';
let host: StaticHost;
let noRanges: StaticHost;
let model: StaticHost;
const sent: Sent[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scenefoley-player-'));
  await bakeFolder(folder);
  const onSend = (one: Sent) => sent.push(one);
  host = await serveFolder({ folder, ranges: true, onSend });
  noRanges = await serveFolder({ folder, onSend });
  model = await serveFolder({ folder: join(root, 'models/foley-tiny'), onSend });
});
beforeEach(() => {
  sent.length = 0;
});
afterAll(async () => {
  for (const one of [host, noRanges, model]) await one?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A service that has loaded the pack of a thousand sounds. */
async function open(server: StaticHost, range: RangeChoice) {
  const service = createPlayerService({
    ...{ loadKernels, openPack: openPackBytes, openModel: urlSource },
    openModelCache: () => undefined,
  });
  const packs = [`${server.url}thousand.foley`];
  const options = { packs, model: model.url, cacheBytes: 2 ** 24, range };
  const [contents] = (await service.load(options)).packs;
  return { service, sounds: contents!.sounds };
}

const bytesSent = () => sent.reduce((sum, { bytes }) => sum + bytes, 0);
const ranges = () => sent.map(({ range }) => range).filter((range) => range !== '');

describe('a pack of a thousand sounds over HTTP', () => {
  test('auto: three plain requests in all, whatever is played then', async () => {
    const { service, sounds } = await open(host, 'auto');
    expect(sounds.length).toBe(1000);
    for (let i = 0; i < 1000; i += 100) await service.take(i, { pack: 0, sound: i }, 0);
    const paths = sent.map(({ path, range }) => path + range).sort();
    expect(paths).toEqual(['/decoder.safetensors', '/model.json', '/thousand.foley']);
    expect(bytesSent()).toBeLessThan(2_500_000);
  });

  test('piece by piece: one request for the index, one more for a hundred neighbours', async () => {
    const { service } = await open(host, true);
    expect(ranges()).toEqual(['bytes=0-65535']);
    for (let i = 600; i < 700; i++) await service.take(i, { pack: 0, sound: i }, 0);
    expect(ranges().length).toBeLessThanOrEqual(3);
    const pack = sent.filter(({ path }) => path === '/thousand.foley');
    expect(pack.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(3 * 65536);
  });

  test('both ways and without ranges the same samples', async () => {
    const at = { pack: 0, sound: 512 };
    const opened = [await open(host, 'auto'), await open(host, true), await open(noRanges, true)];
    const takes = await Promise.all(opened.map(({ service }) => service.take(1, at, 0)));
    expect(takes[1]!.pcm).toEqual(takes[0]!.pcm);
    expect(takes[2]!.pcm).toEqual(takes[0]!.pcm);
    expect(takes[0]!.pcm.some((sample) => sample !== 0)).toBe(true);
  });
});
