import { afterEach, describe, expect, test, vi } from 'vitest';
import { AbortError, WorkerLostError } from '../../runtime/errors.ts';
import { openWorkerCalls } from '../../runtime/worker-calls.ts';

const never = <T>() => new Promise<T>(() => {});
afterEach(() => vi.useRealTimers());

function open() {
  const worker = Object.assign(new EventTarget(), { terminate: vi.fn() });
  const watched = {
    worker: worker as unknown as Worker,
    connect: never<boolean>,
    ping: never<void>,
  };
  const onClosed = vi.fn();
  const calls = openWorkerCalls(watched, 'test', onClosed);
  const crash = (message: string) =>
    worker.dispatchEvent(Object.assign(new Event('error'), { message }));
  return { worker, calls, onClosed, crash };
}

describe('calls to a worker', () => {
  test('an answer is handed on, an error comes with its class', async () => {
    const { calls } = open();
    expect(await calls.call(async () => 3)).toBe(3);
    const crossed = Object.assign(new Error('gone'), { name: 'AbortError' });
    await expect(calls.call(() => Promise.reject(crossed))).rejects.toBeInstanceOf(AbortError);
    calls.close(new Error('over'));
  });

  test('busy while a call waits', async () => {
    const { calls } = open();
    let answer = (_: string) => {};
    const waiting = calls.call(() => new Promise<string>((resolve) => (answer = resolve)));
    expect(calls.busy).toBe(true);
    answer('there');
    expect(await waiting).toBe('there');
    await vi.waitFor(() => expect(calls.busy).toBe(false));
    calls.close(new Error('over'));
  });

  test('a worker that dies takes no call with it: all reject, later ones too', async () => {
    const { worker, calls, onClosed, crash } = open();
    const both = [calls.call(never), calls.call(never)];
    crash('out of memory');
    const lost = 'test: the worker is gone: out of memory. The next call starts a new one.';
    for (const call of both) await expect(call).rejects.toThrow(lost);
    await expect(calls.call(async () => 3)).rejects.toBeInstanceOf(WorkerLostError);
    crash('again');
    expect([onClosed, worker.terminate].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  test('closed: the error that was given, once; what is sent then goes nowhere', async () => {
    const { worker, calls, onClosed } = open();
    const waiting = calls.call(never);
    calls.close(new AbortError('disposed'));
    calls.close(new Error('twice'));
    await expect(waiting).rejects.toThrow('disposed');
    const sent = vi.fn(async () => {});
    calls.send(sent);
    expect([sent, onClosed, worker.terminate].map(({ mock }) => mock.calls.length)).toEqual([
      0, 1, 1,
    ]);
  });

  test('what is sent may fail', async () => {
    const { calls } = open();
    calls.send(() => Promise.reject(new Error('lost on the way')));
    expect(await calls.call(async () => 3)).toBe(3);
    calls.close(new Error('over'));
  });
});
