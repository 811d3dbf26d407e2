import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { STALL_MS, steadyFetch } from '../../runtime/steady-fetch.ts';

const URL = 'https://game.test/sounds.foley';
const SILENT = `nothing came for ${STALL_MS / 1000} s`;
const part = (byte: number) => new Uint8Array([byte]);

let signals: AbortSignal[] = [];

/** Answers when it is told to; the body's parts come when they are told to. */
function answerWith(respond: () => Promise<Response>): void {
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    if (init.signal) signals.push(init.signal);
    return respond();
  });
}

function openBody() {
  let body!: ReadableStreamDefaultController<Uint8Array>;
  const cancelled: unknown[] = [];
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      body = controller;
    },
    cancel: (reason) => void cancelled.push(reason),
  });
  return { stream, body, cancelled };
}

/** Of a promise, so that it may reject before it is awaited. */
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'there',
    (error: Error) => error.message,
  );

describe('on a clock of its own', () => {
  beforeEach(() => {
    signals = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('an answer may be late: the browser has a queue, and gives up by itself', async () => {
    const { stream, body } = openBody();
    body.close();
    let answer = (_response: Response) => {};
    answerWith(
      () =>
        new Promise((answered) => {
          answer = answered;
        }),
    );
    const asked = steadyFetch(URL);
    await vi.advanceTimersByTimeAsync(10 * STALL_MS);
    answer(new Response(stream));
    expect((await (await asked).arrayBuffer()).byteLength).toBe(0);
  });

  test('a body that stops half way is given up', async () => {
    const { stream, body } = openBody();
    answerWith(async () => new Response(stream));
    const read = outcome((await steadyFetch(URL)).arrayBuffer());
    body.enqueue(part(1));
    await vi.advanceTimersByTimeAsync(STALL_MS);
    expect(await read).toBe(SILENT);
    expect(signals[0]?.aborted).toBe(true);
  });

  test('a slow one is waited for as long as something comes', async () => {
    const { stream, body } = openBody();
    answerWith(async () => new Response(stream));
    const read = (await steadyFetch(URL)).arrayBuffer();
    for (let i = 0; i < 10; i++) {
      await vi.advanceTimersByTimeAsync(STALL_MS - 1);
      body.enqueue(part(i));
    }
    body.close();
    expect([...new Uint8Array(await read)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('who waits while another gets its bytes over the same line is not given up', async () => {
    const [small, large] = [openBody(), openBody()];
    const bodies = [small, large];
    answerWith(async () => new Response(bodies.shift()?.stream));
    const waiting = (await steadyFetch(URL)).arrayBuffer();
    const flowing = (await steadyFetch(URL)).arrayBuffer();
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(STALL_MS - 1);
      large.body.enqueue(part(i));
    }
    large.body.close();
    expect((await flowing).byteLength).toBe(5);
    await vi.advanceTimersByTimeAsync(STALL_MS - 1);
    small.body.enqueue(part(1));
    small.body.close();
    expect((await waiting).byteLength).toBe(1);
  });

  test('who reads slowly is no silent server', async () => {
    const { stream, body } = openBody();
    answerWith(async () => new Response(stream));
    const reader = (await steadyFetch(URL)).body?.getReader();
    await vi.advanceTimersByTimeAsync(2 * STALL_MS);
    body.enqueue(part(7));
    expect((await reader?.read())?.value).toEqual(part(7));
    await vi.advanceTimersByTimeAsync(2 * STALL_MS);
    body.close();
    expect((await reader?.read())?.done).toBe(true);
  });

  test('what is not read is cancelled', async () => {
    const { stream, cancelled } = openBody();
    answerWith(async () => new Response(stream));
    await (await steadyFetch(URL)).body?.cancel('enough');
    expect(cancelled).toEqual(['enough']);
  });

  test('status and headers stay, with a body and without', async () => {
    const headers = { etag: '"1"', 'content-range': 'bytes 0-0/9' };
    answerWith(async () => new Response(part(1), { status: 206, statusText: 'Part', headers }));
    const response = await steadyFetch(URL, { headers: { Range: 'bytes=0-0' } });
    expect([response.status, response.statusText, response.ok]).toEqual([206, 'Part', true]);
    expect(response.headers.get('content-range')).toBe('bytes 0-0/9');
    await response.body?.cancel();
    answerWith(async () => new Response(null, { status: 404 }));
    expect((await steadyFetch(URL)).status).toBe(404);
  });
});

describe('from a server', () => {
  let server: Server;
  let address: string;
  beforeEach(async () => {
    server = createServer((_request, response) => {
      response.write('half');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('the caller’s signal ends it, before and within the body', async () => {
    await expect(steadyFetch(address, { signal: AbortSignal.abort() })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    const stop = new AbortController();
    const response = await steadyFetch(address, { signal: stop.signal });
    const read = response.text();
    stop.abort();
    await expect(read).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
