/** Sound maps and servers for tests. */
import type { SoundMapError } from '../../../plugin/sound-map.ts';

/** A server that has one file. */
export function fakeFetch(text: string, init: ResponseInit = {}): typeof fetch {
  return () => Promise.resolve(new Response(text, init));
}

/** @returns each problem's line; fails where there is none, or another error. */
export async function problemsOf(load: () => Promise<unknown>): Promise<string[]> {
  const error = await load().then(
    () => new Error('no problem was found'),
    (thrown: unknown) => thrown as Error,
  );
  if (error.name !== 'SoundMapError') throw error;
  return (error as SoundMapError).problems.map(({ message }) => message);
}
