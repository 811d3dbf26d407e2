/**
 * An HTTP server for this machine's own browser, and nobody else.
 *
 *   request ── Host is 127.0.0.1 or localhost, and our port? ── Origin ours? ── known path? ──▶ handler
 *                      no: 403, so that a name which was pointed here (DNS rebinding) reads nothing
 *
 * It listens on 127.0.0.1. What changes something must come from a page of ours: its Origin is ours and its body is JSON, which
 * no other site's page can send without asking. A page of ours loads nothing from anywhere else.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isNamed, messageOf } from '../../runtime/errors.ts';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
  /** Of a POST: what came as JSON. */
  body: unknown;
  /** Aborted when the browser has gone. */
  signal: AbortSignal;
}

/** By method and path: 'GET /sounds'. What a handler throws is 400 with the message. */
export type Routes = Readonly<Record<string, (exchange: Exchange) => void | Promise<void>>>;

export interface LocalServer {
  /** Ends in '/'. */
  readonly url: string;
  dispose(): Promise<void>;
}

const MAX_BODY_BYTES = 16_384;
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

/** @param port 0 takes a free one. @throws Error where the port is taken */
export async function startLocalServer(routes: Routes, port: number): Promise<LocalServer> {
  const server = createServer((request, response) => void serve(routes, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(port, error)));
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: found } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${found}/`,
    dispose() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections(); // after close: a connection that comes in between is refused
      return closed;
    },
  };
}

function cannotListen(port: number, error: Error): Error {
  return new Error(
    `audition: port ${port} of 127.0.0.1 cannot be used, got ${error.message}. Give another one with --port.`,
  );
}

async function serve(
  routes: Routes,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  const refusal = refusalOf(request);
  if (refusal !== null) return end(response, 403, refusal);
  const [pathname = '', search = ''] = (request.url ?? '/').split('?', 2);
  const query = new URLSearchParams(search);
  const route = `${request.method} ${pathname}`;
  const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
  if (handler === undefined) return end(response, 404, `audition: nothing at ${route}.`);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  try {
    const body = request.method === 'POST' ? await bodyOf(request) : undefined;
    await handler({ request, response, query, body, signal: gone.signal });
  } catch (error) {
    if (!isNamed(error, 'AbortError')) end(response, 400, messageOf(error));
  }
}

/** @returns why it is not answered; null: it is. */
function refusalOf({ method, headers, socket }: IncomingMessage): string | null {
  const { host = '', origin } = headers;
  if (!hostsOf(socket.localPort).includes(host)) return 'audition: this host is not served here.';
  const site = headers['sec-fetch-site'];
  const isOurs = site === undefined || site === 'same-origin' || site === 'none';
  const isOwnOrigin = origin === `http://${host}`;
  if (!isOurs || (origin !== undefined && !isOwnOrigin)) {
    return 'audition: another site may not ask here.';
  }
  if (method !== 'POST') return null;
  const isJson = headers['content-type'] === 'application/json';
  return isOwnOrigin && isJson ? null : 'audition: only its own page may change something.';
}

/** How browsers write us as host: http's own port is left out. */
export function hostsOf(port: number | undefined): string[] {
  return ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host);
}

/** @throws RangeError for what is too long or no JSON. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new RangeError(`audition: a request has at most ${MAX_BODY_BYTES} bytes.`);
    }
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch {
    throw new RangeError('audition: the request is no JSON.');
  }
}

/** Does nothing where an answer has begun. */
function end(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}

export function answerJson(response: ServerResponse, value: unknown): void {
  response
    .writeHead(200, { 'Content-Type': 'application/json; charset=utf-8' })
    .end(JSON.stringify(value));
}
