/**
 * The errors of the library. Told apart by `name`, because classes do not survive the worker boundary
 * (comlink carries message, name and stack only); `reviveError` gives a crossed one its class back.
 *
 * Out-of-range fields of a request are the language's own RangeError.
 */

/** The caller took it back: signal aborted, or the runtime disposed. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
}

/** The worker crashed or was killed; the next call starts a new one. */
export class WorkerLostError extends Error {
  override readonly name = 'WorkerLostError';
}

/** A model pack is missing a file, or has one cut short, altered or of a newer format. */
export class ModelPackError extends Error {
  override readonly name = 'ModelPackError';
}

/** A token pack is none, cut short, altered, of a newer format or of another codec. */
export class TokenPackError extends Error {
  override readonly name = 'TokenPackError';
}

/** A file cannot be read now: no answer, a broken connection, a refusal. Another time it may be there. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Too many requests wait; this one was the least urgent. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

/** The WebGPU device went away in mid-generation; the pipeline goes on without it. Never leaves the worker. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

const CLASSES = {
  AbortError,
  WorkerLostError,
  ModelPackError,
  TokenPackError,
  UnreachableError,
  QueueFullError,
  DeviceLostError,
  RangeError,
};

export type ErrorName = keyof typeof CLASSES;

/** True for an error of that name, whichever side of the worker boundary it comes from. */
export function isNamed(error: unknown, name: ErrorName): boolean {
  return error instanceof Error && error.name === name;
}

/** @returns an error of the class that its `name` tells; others, and things that are no errors, as an Error. */
export function reviveError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const known = CLASSES[error.name as ErrorName];
  if (known === undefined || error instanceof known) return error;
  const revived = new known(error.message);
  if (error.stack !== undefined) revived.stack = error.stack;
  return revived;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @throws AbortError if the signal is aborted; `what` names what was stopped. */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new AbortError(`${what}: aborted by the caller.`);
}

/**
 * The promise, or AbortError as soon as the signal aborts. The work behind the promise is not stopped.
 * @throws AbortError
 */
export function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  what: string,
): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(new AbortError(`${what}: aborted by the caller.`));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const done = () => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(done);
  });
}
