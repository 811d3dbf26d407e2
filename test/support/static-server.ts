/**
 * A plain static host, as games are served from: files and nothing else, no special headers but those asked for.
 *
 *   http://127.0.0.1:PORT/base/…  ──▶  folder/…
 */
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

export interface StaticHost {
  /** Ends in '/'. */
  url: string;
  close(): Promise<void>;
}

export interface StaticHostOptions {
  folder: string;
  /** Path that the folder lies under; default '/'. */
  base?: string;
  headers?: Record<string, string>;
  /** Answer requests for a part of a file with that part. Default false. */
  ranges?: boolean;
  /** Told of each file that is sent. */
  onSend?: (sent: Sent) => void;
}

export interface Sent {
  path: string;
  /** As asked for; '' for the whole file. */
  range: string;
  bytes: number;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.yaml': 'text/yaml',
};

export async function serveFolder(options: StaticHostOptions): Promise<StaticHost> {
  const { folder, base = '/', headers = {}, ranges = false, onSend } = options;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const file = fileOf(folder, base, decodeURIComponent(pathname));
    if (file === null) return void response.writeHead(404, headers).end();
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    const { size } = statSync(file);
    const range = ranges ? rangeOf(request.headers.range, size) : null;
    const { start, end } = range ?? { start: 0, end: size - 1 };
    onSend?.({ path: pathname, range: request.headers.range ?? '', bytes: end - start + 1 });
    response.writeHead(range ? 206 : 200, {
      ...{ 'Content-Type': type, 'Content-Length': end - start + 1 },
      ...(ranges && { 'Accept-Ranges': 'bytes' }),
      ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
      ...headers,
    });
    createReadStream(file, size > 0 ? { start, end } : {}).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** @returns null where there is none. */
function fileOf(folder: string, base: string, pathname: string): string | null {
  if (!pathname.startsWith(base)) return null;
  const inside = normalize(`/${pathname.slice(base.length)}`);
  const file = join(folder, inside.endsWith('/') ? `${inside}index.html` : inside);
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

/** @returns null where none is asked for that the file has. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | null {
  const [, from, to] = header?.match(/^bytes=(\d+)-(\d+)$/) ?? [];
  const start = Number(from);
  const end = Math.min(Number(to), size - 1);
  return start <= end ? { start, end } : null;
}
