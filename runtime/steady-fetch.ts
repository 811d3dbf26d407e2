/**
 * `fetch` for files: a server that falls silent is given up. A slow line is no trouble as long as something comes.
 *
 *   fetch ── silent for STALL_MS ──▶ Error
 *     └──▶ response ── part, part, …      each within STALL_MS of being asked for
 */

/** Milliseconds. */
export const STALL_MS = 30_000;

/** As `fetch`. @throws Error, from here or from the body, when nothing came for `STALL_MS` */
export async function steadyFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const stop = new AbortController();
  const signal = init.signal ? AbortSignal.any([init.signal, stop.signal]) : stop.signal;
  const silent = (error: Error) => stop.abort(error);
  const response = await inTime(fetch(url, { ...init, signal }), silent);
  return response.body === null ? response : new Response(steady(response.body, silent), response);
}

/** Read part by part as it is read itself. */
function steady(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  silent: (error: Error) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await inTime(reader.read(), silent);
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

async function inTime<T>(work: Promise<T>, silent: (error: Error) => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stalled = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new Error(`nothing came for ${STALL_MS / 1000} s`);
      reject(error);
      silent(error);
    }, STALL_MS);
  });
  try {
    return await Promise.race([work, stalled]);
  } finally {
    clearTimeout(timer);
  }
}
