/** Lets `fetch` answer from bytes the way servers do, for tests in Node. Until `vi.unstubAllGlobals()`. */
import { vi } from 'vitest';

export interface ByteServer {
  /** Range headers asked for, '' for none, in order. */
  asked: string[];
  /** Bytes sent. */
  sent: number;
  files: Map<string, Uint8Array>;
}

export interface ServerHabits {
  /** 'always': ranges, with Content-Range. 'hidden': without that header, as from another origin. 'wrong': another range than asked for. */
  ranges?: 'always' | 'never' | 'hidden' | 'wrong';
  headers?: () => Record<string, string>;
  /** Awaited before each answer. */
  before?: () => Promise<void>;
}

export function serveBytes(
  files: Record<string, Uint8Array>,
  { ranges = 'always', headers = () => ({}), before }: ServerHabits = {},
): ByteServer {
  const server: ByteServer = { asked: [], sent: 0, files: new Map(Object.entries(files)) };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const range = new Headers(init.headers).get('range') ?? '';
    server.asked.push(range);
    await before?.();
    const file = server.files.get(url);
    if (file === undefined) return new Response('', { status: 404, statusText: 'Not Found' });
    const [, from = 0, last = 0] = (range.match(/^bytes=(\d+)-(\d+)$/) ?? []).map(Number);
    const common = { 'content-length': `${file.length}`, ...headers() };
    if (range === '' || ranges === 'never') {
      server.sent += file.length;
      return new Response(new Uint8Array(file), { headers: common });
    }
    if (from >= file.length) return new Response('', { status: 416 });
    const shift = ranges === 'wrong' ? 1 : 0;
    const piece = file.slice(from - shift, last + 1 - shift);
    server.sent += piece.length;
    const told = `bytes ${from - shift}-${from - shift + piece.length - 1}/${file.length}`;
    const contentRange = ranges === 'hidden' ? {} : { 'content-range': told };
    const length = { 'content-length': `${piece.length}` };
    return new Response(piece, { status: 206, headers: { ...common, ...length, ...contentRange } });
  });
  return server;
}

/** Different everywhere, the same each time. */
export function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8) * 17) % 251);
}
