import { describe, expect, test } from 'vitest';
import {
  AbortError,
  isNamed,
  ModelPackError,
  orAborted,
  reviveError,
  TokenPackError,
  throwIfAborted,
  WorkerLostError,
} from '../../runtime/errors.ts';

/** An error as comlink hands it over: message, name and stack of a plain Error. */
function crossed(error: Error): Error {
  const { message, name, stack } = error;
  return Object.assign(new Error(message), { message, name, stack });
}

describe('errors', () => {
  test('an error that crossed the worker boundary gets its class and stack back', () => {
    for (const original of [
      new AbortError('a'),
      new WorkerLostError('b'),
      new ModelPackError('c'),
      new TokenPackError('d'),
      new RangeError('e'),
    ]) {
      const revived = reviveError(crossed(original));
      expect(revived).toBeInstanceOf(original.constructor);
      expect(revived.message).toBe(original.message);
      expect(revived.stack).toBe(original.stack);
      expect(isNamed(crossed(original), original.name as 'AbortError')).toBe(true);
    }
  });

  test('an unknown error stays what it is, a thrown text becomes an Error', () => {
    const unknown = new TypeError('x');
    expect(reviveError(unknown)).toBe(unknown);
    expect(reviveError('text').message).toBe('text');
  });

  test('orAborted rejects as soon as the signal aborts, and follows the promise otherwise', async () => {
    const control = new AbortController();
    const never = orAborted(new Promise(() => {}), control.signal, 'test');
    control.abort();
    await expect(never).rejects.toThrow(AbortError);
    await expect(orAborted(Promise.resolve(1), control.signal, 'test')).rejects.toThrow(AbortError);
    await expect(orAborted(Promise.resolve(1), undefined, 'test')).resolves.toBe(1);
    const live = new AbortController().signal;
    await expect(orAborted(Promise.reject(new TypeError('x')), live, 'test')).rejects.toThrow(
      TypeError,
    );
    expect(() => throwIfAborted(control.signal, 'test')).toThrow(AbortError);
    expect(() => throwIfAborted(live, 'test')).not.toThrow();
  });
});
