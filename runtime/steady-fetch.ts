/**
 * `fetch` for files: a server that falls silent half way is given up. A slow line is no trouble as long as something comes.
 *
 *   fetch ──▶ response       as late as it likes: the browser may have other requests to send first, and gives up by itself
 *     └──▶ part, part, …     within STALL_MS of being asked for, or of whatever else came to any of us: they share a line
 */

/** Milliseconds. */
export const STALL_MS = 60_000;

/** When something came last, to whomever of us. */
let heardAt = 0;

/** As `fetch`. @throws Error, out of the body too, when nothing came for `STALL_MS` */
export async function steadyFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const stop = new AbortController();
  const signal = init.signal ? AbortSignal.any([init.signal, stop.signal]) : stop.signal;
  const response = await fetch(url, { ...init, signal });
  if (response.body === null) return response;
  return new Response(
    steady(response.body, (error) => stop.abort(error)),
    response,
  );
}

/** Read part by part as it is read itself. */
function steady(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onSilent: (error: Error) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await inTime(reader.read(), onSilent);
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

async function inTime<T>(read: Promise<T>, onSilent: (error: Error) => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const askedAt = performance.now();
  const silent = new Promise<never>((_resolve, reject) => {
    const wait = (ms: number) => {
      timer = setTimeout(() => {
        const left = Math.max(askedAt, heardAt) + STALL_MS - performance.now();
        if (left > 0) return wait(left);
        const error = new Error(`nothing came for ${STALL_MS / 1000} s`);
        reject(error);
        onSilent(error);
      }, ms);
    };
    wait(STALL_MS);
  });
  try {
    const part = await Promise.race([read, silent]);
    heardAt = performance.now();
    return part;
  } finally {
    clearTimeout(timer);
  }
}
