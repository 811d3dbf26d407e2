/**
 * A file behind a URL, read piece by piece where that pays, as a whole otherwise.
 *
 *   range 'auto'   GET ── at most 1 MiB? ── yes ──▶ whole
 *                          └ no: stop, and as `true`
 *   range true     GET with Range ── 206 with the range that was asked for ──▶ that piece
 *                                  └ 200: no ranges here, this is the file ──▶ whole, from now on
 *   range false    GET ──▶ whole
 *
 * A whole file is one plain GET, which a service worker can keep. What a service worker has kept it answers with 200,
 * to a request with a range as well.
 */
import { messageOf, UnreachableError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { steadyFetch } from '../steady-fetch.ts';
import type { ByteSource } from '../token-pack.ts';
import type { RangeChoice } from './contract.ts';
import { readAtMost } from './read-at-most.ts';

export interface HttpSource extends ByteSource {
  /** True once the file is here as a whole. */
  readonly isWhole: boolean;
}

/** Files up to here are read as a whole: they cost less than the requests for their pieces. */
export const SMALL_FILE = 2 ** 20;
/** No file is read as a whole beyond this. */
export const LARGEST_FILE = 2 ** 24;

/** @throws UnreachableError that names the URL. Nothing is asked for yet unless `range` is 'auto'. */
export async function openHttpSource(
  url: string,
  range: RangeChoice,
  logger: Logger,
): Promise<HttpSource> {
  let whole: Promise<Uint8Array> | undefined;
  let isWhole = false;
  let version: string | undefined;

  /** The file itself, once for all who ask. */
  function readWhole(response: () => Promise<Response>): Promise<Uint8Array> {
    whole ??= response()
      .then(async (found) => {
        checkVersion(found);
        const bytes = await readAtMost(found, LARGEST_FILE);
        isWhole = true;
        return bytes;
      })
      .catch((error: unknown) => {
        whole = undefined; // the next read tries again
        throw error;
      });
    return whole;
  }

  /** A file that was replaced in the meantime fits no index read before. */
  function checkVersion({ headers }: Response): void {
    const found = headers.get('etag') ?? headers.get('last-modified') ?? undefined;
    if (version !== undefined && found !== undefined && found !== version) {
      throw new Error('it was replaced since it was opened. Load the page again');
    }
    version ??= found;
  }

  async function readPiece(from: number, to: number): Promise<Uint8Array> {
    const response = await get(url, { Range: `bytes=${from}-${to - 1}` }, [416]);
    if (response.status === 416) return discard(response, new Uint8Array(0)); // the file ends before
    if (isAnswer(response, from, to)) {
      checkVersion(response);
      return readAtMost(response, to - from);
    }
    if (whole === undefined) {
      logger.info(`player: ${url} is read as a whole: its server does not send pieces.`);
    }
    const isFile = response.status === 200 && whole === undefined;
    if (!isFile) await discard(response, undefined);
    return (await readWhole(isFile ? async () => response : () => get(url))).subarray(from, to);
  }

  const read = async (from: number, to: number): Promise<Uint8Array> => {
    if (to <= from) return new Uint8Array(0);
    if (whole === undefined && range !== false) return readPiece(from, to);
    return (await readWhole(() => get(url))).subarray(from, to);
  };

  return named(url, async () => {
    if (range === 'auto') {
      const response = await get(url);
      if (isLarge(response)) await discard(response, undefined);
      else await readWhole(async () => response);
    }
    return {
      place: url,
      read: (from, to) => named(url, () => read(from, to)),
      get isWhole() {
        return isWhole;
      },
    };
  });
}

/** Every failure names the file. */
async function named<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new UnreachableError(
      `player: ${url} cannot be read: ${messageOf(error)}. Check the address and the server.`,
      { cause: error },
    );
  }
}

/** @param also statuses beside 200 and 206 that are no failure */
async function get(
  url: string,
  headers: Record<string, string> = {},
  also: readonly number[] = [],
): Promise<Response> {
  const response = await steadyFetch(url, { headers });
  if (response.ok || also.includes(response.status)) return response;
  await discard(response, undefined);
  throw new Error(`HTTP ${response.status} ${response.statusText}`.trim());
}

/** A server that says it does no ranges is not asked for any. */
function isLarge({ headers }: Response): boolean {
  const length = Number(headers.get('content-length') ?? 0);
  return length > SMALL_FILE && headers.get('accept-ranges') !== 'none';
}

/**
 * The range that was asked for, or up to the file's end. Another origin may hide the header: then the length is
 * checked, and the pack's own checksums do the rest.
 */
function isAnswer({ status, headers }: Response, from: number, to: number): boolean {
  if (status !== 206) return false;
  const header = headers.get('content-range');
  if (header === null) return true;
  const [, first, last, total] = header.match(/^bytes (\d+)-(\d+)\/(\d+|\*)$/) ?? [];
  const end = total === '*' ? to : Math.min(to, Number(total));
  return Number(first) === from && Number(last) === end - 1;
}

/** What is not read would hold its connection. */
async function discard<T>(response: Response, result: T): Promise<T> {
  await response.body?.cancel();
  return result;
}
