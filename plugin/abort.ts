/** Taking things back: errors named AbortError, and promises that give way to a signal, or to time. */

/** @param what the call that was stopped, as in 'emitter.play' */
export function abortError(what: string): DOMException {
  return new DOMException(`${what}: aborted before it was done. Nothing to do.`, 'AbortError');
}

/** @throws AbortError if the signal is aborted. */
export function throwIfAborted(signal: AbortSignal, what: string): void {
  if (signal.aborted) throw abortError(what);
}

/**
 * The promise, or AbortError as soon as the signal aborts; the work behind it is not stopped.
 * @throws AbortError
 */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal, what: string): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(abortError(what));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Resolves with the promise, or when it has taken too long. */
export function atMost(ms: number, promise: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const handle = setTimeout(resolve, ms);
    promise.then(resolve, reject).finally(() => clearTimeout(handle));
  });
}
