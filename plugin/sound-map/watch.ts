/**
 * A sound map that is edited while the game runs; for development.
 *
 *   every two seconds ── download ─ as before? ─ no ──▶ onChange(map)
 *                                                └───▶ onError(error), once; the old map stays
 *
 * The browser asks with ETag and Last-Modified by itself, so that an unchanged file is not sent again. Pages that Vite serves
 * can do without: docs/sound-map.md shows `import.meta.hot`.
 */

import type { Unsubscribe } from '../adapter.ts';
import { messageOf } from '../message-of.ts';
import type { SoundMap } from '../sound-definition.ts';
import { parseSoundMap } from '../sound-map.ts';
import { type DownloadOptions, download } from './download.ts';

export interface WatchOptions extends Pick<DownloadOptions, 'fetch'> {
  /** Milliseconds between two looks, at least 100; default 2000. */
  interval?: number | undefined;
}

const INTERVAL_MS = 2000;
const LEAST_MS = 100;

/**
 * The first look only remembers what there is.
 * @param onError told once of each edit that is no sound map, and of a server that is gone.
 * @returns stops it; twice is fine.
 */
export function watchSoundMap(
  url: string | URL,
  onChange: (map: SoundMap) => void,
  onError: (error: Error) => void,
  options: WatchOptions = {},
): Unsubscribe {
  const { fetch = globalThis.fetch, interval = INTERVAL_MS } = options;
  if (!(interval >= LEAST_MS)) {
    throw new RangeError(
      `sound-map: interval must be at least ${LEAST_MS} ms, got ${interval}. Correct it.`,
    );
  }
  const stop = new AbortController();
  const address = String(url);
  const asking: DownloadOptions = {
    fetch: (input, init) => fetch(input, { ...init, cache: 'no-cache' }),
    signal: stop.signal,
  };
  let seen: string | null = null;
  let told = '';
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function look(): Promise<void> {
    const text = await download(address, asking);
    told = '';
    const isFirst = seen === null;
    const isSame = text === seen;
    seen = text;
    if (isFirst || isSame) return;
    const map = await parseSoundMap(text, address);
    if (!stop.signal.aborted) onChange(map);
  }

  function tell(error: unknown): void {
    const message = messageOf(error);
    if (stop.signal.aborted || message === told) return;
    told = message;
    onError(error instanceof Error ? error : new Error(message));
  }

  async function goOn(): Promise<void> {
    await look().catch(tell);
    if (!stop.signal.aborted) timer = setTimeout(goOn, interval);
  }

  void goOn();
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
}
