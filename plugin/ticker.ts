/** A few times a second, for what can wait a little: loops that could not begin, prompts to prepare. Keeps no process alive. */

/** Milliseconds; four times a second. */
export const TICK_MS = 250;

/**
 * @param onError told of what a tick throws; the next one comes all the same
 * @returns stops it.
 */
export function createTicker(tick: () => void, onError: (error: unknown) => void): () => void {
  const safely = () => {
    try {
      tick();
    } catch (error) {
      onError(error);
    }
  };
  const handle: unknown = setInterval(safely, TICK_MS);
  (handle as { unref?: () => void }).unref?.();
  return () => clearInterval(handle as ReturnType<typeof setInterval>);
}
