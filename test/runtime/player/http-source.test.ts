import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RangeChoice } from '../../../runtime/player/contract.ts';
import {
  LARGEST_FILE,
  openHttpSource as openWith,
  SMALL_FILE,
} from '../../../runtime/player/http-source.ts';
import { serveBytes, someBytes } from './byte-server.ts';

const URL = 'https://game.test/sounds.foley';
const SMALL = someBytes(1000);
const LARGE = someBytes(SMALL_FILE + 1000);

const told: string[] = [];
const logger = { info: (message: string) => told.push(message), warn: () => {} };
const openHttpSource = (url: string, range: RangeChoice) => openWith(url, range, logger);

afterEach(() => {
  told.length = 0;
  vi.unstubAllGlobals();
});

describe('a file behind a URL', () => {
  test('auto reads a small one as a whole, with one plain request', async () => {
    const server = serveBytes({ [URL]: SMALL });
    const source = await openHttpSource(URL, 'auto');
    expect([source.isWhole, source.place]).toEqual([true, URL]);
    expect(await source.read(10, 20)).toEqual(SMALL.slice(10, 20));
    expect(await source.read(990, 2000)).toEqual(SMALL.slice(990));
    expect(await source.read(5000, 6000)).toEqual(new Uint8Array(0));
    expect(server.asked).toEqual(['']);
  });

  test('auto reads a large one piece by piece', async () => {
    const server = serveBytes({ [URL]: LARGE });
    const source = await openHttpSource(URL, 'auto');
    expect(await source.read(7, 107)).toEqual(LARGE.slice(7, 107));
    const end = LARGE.length;
    expect(await source.read(end - 5, end + 5)).toEqual(LARGE.slice(-5));
    expect(await source.read(end, end + 5)).toEqual(new Uint8Array(0));
    expect(await source.read(20, 20)).toEqual(new Uint8Array(0));
    expect([source.isWhole, told]).toEqual([false, []]);
    const asked = ['', 'bytes=7-106', `bytes=${end - 5}-${end + 4}`, `bytes=${end}-${end + 4}`];
    expect(server.asked).toEqual(asked);
  });

  test('auto takes the word of a server that does no ranges', async () => {
    const server = serveBytes({ [URL]: LARGE }, { headers: () => ({ 'accept-ranges': 'none' }) });
    const source = await openHttpSource(URL, 'auto');
    expect(await source.read(0, 4)).toEqual(LARGE.slice(0, 4));
    expect([source.isWhole, server.asked]).toEqual([true, ['']]);
  });

  test('true asks for nothing before it is read, false for the whole then', async () => {
    const server = serveBytes({ [URL]: SMALL });
    const [piecemeal, whole] = [await openHttpSource(URL, true), await openHttpSource(URL, false)];
    expect(server.asked).toEqual([]);
    expect(await piecemeal.read(1, 3)).toEqual(SMALL.slice(1, 3));
    const reads = await Promise.all([whole.read(1, 3), whole.read(5, 9)]);
    expect(reads).toEqual([SMALL.slice(1, 3), SMALL.slice(5, 9)]);
    expect(server.asked).toEqual(['bytes=1-2', '']);
  });

  test('a server that answers 200 to a range has sent the file: it is read once', async () => {
    const server = serveBytes({ [URL]: LARGE }, { ranges: 'never' });
    const source = await openHttpSource(URL, true);
    const reads = await Promise.all([source.read(1, 3), source.read(500, 600), source.read(0, 1)]);
    expect(reads).toEqual([LARGE.slice(1, 3), LARGE.slice(500, 600), LARGE.slice(0, 1)]);
    expect(await source.read(40, 50)).toEqual(LARGE.slice(40, 50));
    expect([source.isWhole, server.asked.length]).toEqual([true, 3]);
    expect(told[0]).toBe(`player: ${URL} is read as a whole: its server does not send pieces.`);
  });

  test('a server that sends another range than it was asked for is asked for the whole', async () => {
    const server = serveBytes({ [URL]: LARGE }, { ranges: 'wrong' });
    const source = await openHttpSource(URL, true);
    expect(await source.read(40, 50)).toEqual(LARGE.slice(40, 50));
    expect(server.asked).toEqual(['bytes=40-49', '']);
  });

  test('another origin hides Content-Range: the piece is taken', async () => {
    serveBytes({ [URL]: LARGE }, { ranges: 'hidden' });
    const source = await openHttpSource(URL, true);
    expect(await source.read(40, 50)).toEqual(LARGE.slice(40, 50));
    expect(source.isWhole).toBe(false);
  });

  test('a file that was replaced meanwhile is an error, not a mixture', async () => {
    let etag = '"a"';
    serveBytes({ [URL]: LARGE }, { headers: () => ({ etag }) });
    const source = await openHttpSource(URL, true);
    await source.read(0, 4);
    etag = '"b"';
    await expect(source.read(4, 8)).rejects.toThrow('it was replaced since it was opened');
  });

  test('what is missing, refused or too long is an error that names the URL', async () => {
    const server = serveBytes({});
    for (const range of [true, false] as const) {
      const source = await openHttpSource(URL, range);
      const wanted = `player: ${URL} cannot be read: HTTP 404 Not Found.`;
      await expect(source.read(0, 1)).rejects.toThrow(wanted);
    }
    await expect(openHttpSource(URL, 'auto')).rejects.toThrow(URL);
    server.files.set(URL, new Uint8Array(LARGEST_FILE + 1));
    const source = await openHttpSource(URL, false);
    await expect(source.read(0, 1)).rejects.toThrow(`it is longer than ${LARGEST_FILE} bytes`);
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await expect(source.read(0, 1)).rejects.toThrow(`${URL} cannot be read: Failed to fetch`);
  });

  test('after a failure the next read tries again', async () => {
    const server = serveBytes({});
    const source = await openHttpSource(URL, false);
    await expect(source.read(0, 4)).rejects.toThrow('404');
    server.files.set(URL, SMALL);
    expect(await source.read(0, 4)).toEqual(SMALL.slice(0, 4));
  });
});
