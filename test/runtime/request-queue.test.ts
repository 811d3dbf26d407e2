import { describe, expect, test } from 'vitest';
import { AbortError, QueueFullError } from '../../runtime/errors.ts';
import { createRequestQueue, type RequestQueue } from '../../runtime/request-queue.ts';

/** Work that lasts until it is let go, and tells when it starts. */
function openWork(queue: RequestQueue, started: number[]) {
  return (id: number, priority = 0) => {
    let finish: () => void = () => {};
    const promise = queue.add(id, priority, (signal) => {
      started.push(id);
      return new Promise<number>((resolve, reject) => {
        finish = () => resolve(id);
        signal.addEventListener('abort', () => reject(new AbortError('stopped')));
      });
    });
    promise.catch(() => {});
    return { promise, finish: () => finish() };
  };
}

describe('request queue', () => {
  test('one at a time, the highest priority first, equals in order of arrival', async () => {
    const queue = createRequestQueue();
    const started: number[] = [];
    const add = openWork(queue, started);
    const all = [add(1), add(2), add(3, 5), add(4), add(5, 5)];
    expect(started).toEqual([1]);
    for (const id of [1, 3, 5, 2, 4]) {
      expect(started.at(-1)).toBe(id);
      all[id - 1]!.finish();
      await all[id - 1]!.promise;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(started).toEqual([1, 3, 5, 2, 4]);
  });

  test('a failed request does not stop the next', async () => {
    const queue = createRequestQueue();
    const failed = queue.add(1, 0, () => Promise.reject(new TypeError('x')));
    const next = queue.add(2, 0, async () => 'fine');
    await expect(failed).rejects.toThrow(TypeError);
    await expect(next).resolves.toBe('fine');
  });

  test('a waiting request is cancelled at once, a running one through its signal, unknown ids are ignored', async () => {
    const queue = createRequestQueue();
    const started: number[] = [];
    const add = openWork(queue, started);
    const [running, waiting, last] = [add(1), add(2), add(3)];
    queue.cancel(99);
    queue.cancel(2);
    await expect(waiting!.promise).rejects.toThrow(AbortError);
    queue.cancel(1);
    await expect(running!.promise).rejects.toThrow(AbortError);
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toEqual([1, 3]);
    last!.finish();
    await expect(last!.promise).resolves.toBe(3);
  });

  test('when full, the least urgent goes, among equals the one that has waited longest', async () => {
    const queue = createRequestQueue(2);
    const add = openWork(queue, []);
    add(1);
    const [old, urgent] = [add(2), add(3, 5)];
    const fresh = add(4);
    await expect(old!.promise).rejects.toThrow(QueueFullError);
    const idle = add(5, -1);
    await expect(idle.promise).rejects.toThrow('2 dropped so far');
    expect([queue.waiting, queue.dropped]).toEqual([2, 2]);
    queue.cancel(1);
    await new Promise((resolve) => setImmediate(resolve));
    urgent!.finish();
    await expect(urgent!.promise).resolves.toBe(3);
    await new Promise((resolve) => setImmediate(resolve));
    fresh.finish();
    await expect(fresh.promise).resolves.toBe(4);
  });

  test('a thousand requests keep the queue at its bound', async () => {
    const queue = createRequestQueue(64);
    const add = openWork(queue, []);
    for (let id = 0; id < 1000; id++) add(id);
    expect([queue.waiting, queue.dropped]).toEqual([64, 1000 - 1 - 64]);
  });
});
