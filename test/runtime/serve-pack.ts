/** Lets `fetch` answer from a fake pack, for tests of what loads by URL in Node. */
import { vi } from 'vitest';
import type { FakePack } from './fake-pack.ts';

export const FAKE_URL = 'https://models.test/fake/';

/** Until `vi.unstubAllGlobals()`. @returns the URLs asked for so far */
export function servePack({ files }: FakePack): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string, { signal }: RequestInit = {}) => {
    asked.push(url);
    signal?.throwIfAborted();
    const bytes = files.get(url.slice(FAKE_URL.length));
    return bytes ? new Response(bytes) : new Response('', { status: 404 });
  });
  return asked;
}
