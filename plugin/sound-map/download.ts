/** A sound map's text from a server: what is no sound map is refused before it is read. */
import { orAborted } from '../abort.ts';
import { soundMapError } from './problems.ts';
import { MAX_BYTES, tooLarge } from './read-text.ts';

export interface DownloadOptions {
  /** Default: the page's own. */
  fetch?: typeof fetch | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * @throws SoundMapError for no answer, an answer other than 200, a page, or more than 1 MB.
 * @throws AbortError
 */
export async function download(url: string, options: DownloadOptions): Promise<string> {
  const { signal } = options;
  const text = readAnswer(url, options);
  return signal === undefined ? text : orAborted(text, signal, 'loadSoundMap');
}

async function readAnswer(
  url: string,
  { fetch = globalThis.fetch, signal }: DownloadOptions,
): Promise<string> {
  const answer = await answerOf(
    () => fetch(url, signal === undefined ? {} : { signal }),
    url,
    signal,
  );
  if (!answer.ok) {
    await answer.body?.cancel();
    throw soundMapError(
      url,
      `the server answered ${answer.status}. Correct the address, or put the file there.`,
    );
  }
  const announced = Number(answer.headers.get('content-length') ?? 0);
  if (announced > MAX_BYTES) {
    await answer.body?.cancel();
    throw tooLarge(url, announced);
  }
  const text = await answerOf(() => readBody(answer, url), url, signal);
  if (/^\s*<(?:!doctype|html|\?xml)/i.test(text)) {
    throw soundMapError(
      url,
      'is a page, no sound map: some servers answer so for a file that is not there. Correct the address.',
    );
  }
  return text;
}

/** What the network says, as an error that names the file; an abort stays one. */
async function answerOf<T>(
  ask: () => Promise<T>,
  url: string,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const isOurs = error instanceof Error && error.name === 'SoundMapError';
    if (isOurs || signal?.aborted) throw error;
    throw soundMapError(url, `cannot be loaded: ${String(error)}. Is the server there?`, error);
  }
}

/** Stops as soon as it is too much, whatever was announced. */
async function readBody(answer: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  const reader = answer.body?.getReader();
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > MAX_BYTES) {
      await reader?.cancel();
      throw tooLarge(url, bytes);
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
