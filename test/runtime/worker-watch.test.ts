import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchWorker } from '../../runtime/worker-watch.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Watches a worker whose answers the test decides. */
function watch(connect: () => Promise<boolean>, ping: () => Promise<void> = async () => {}) {
  const worker = new EventTarget();
  const lost: string[] = [];
  const watched = { worker: worker as Worker, connect, ping };
  const stop = watchWorker(watched, (how) => lost.push(how));
  return { worker, lost, stop };
}

const never = () => new Promise<never>(() => {});

describe('worker watch', () => {
  test('an error and an unreadable message are losses, told once', () => {
    const { worker, lost } = watch(never);
    worker.dispatchEvent(Object.assign(new Event('error'), { message: 'boom' }));
    worker.dispatchEvent(new Event('messageerror'));
    expect(lost).toEqual(['boom']);
    const other = watch(never);
    other.worker.dispatchEvent(new Event('messageerror'));
    expect(other.lost).toEqual(['it sent what cannot be read']);
    const missing = watch(never);
    missing.worker.dispatchEvent(new Event('error'));
    expect(missing.lost).toEqual(['its script did not load']);
  });

  test('a worker that never answers is lost after a minute', async () => {
    const { lost } = watch(never);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(lost).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(lost).toEqual(['it does not answer']);
  });

  test('without Web Locks it is pinged, and lost when a ping stays unanswered for a minute', async () => {
    let alive = true;
    const { lost } = watch(
      async () => false,
      () => (alive ? Promise.resolve() : never()),
    );
    await vi.advanceTimersByTimeAsync(600_000);
    expect(lost).toEqual([]);
    alive = false;
    await vi.advanceTimersByTimeAsync(70_000);
    expect(lost).toEqual(['it does not answer']);
  });

  test('with Web Locks: whoever gets the lock knows that it is dead', async () => {
    let release = () => {};
    const request = (_name: string, _options: unknown, granted: () => void) =>
      new Promise<void>((resolve) => {
        release = () => resolve(granted());
      });
    vi.stubGlobal('navigator', { locks: { request } });
    const ping = vi.fn(async () => {});
    const { lost } = watch(async () => true, ping);
    await vi.advanceTimersByTimeAsync(600_000);
    expect([lost, ping.mock.calls.length]).toEqual([[], 0]);
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect(lost).toEqual(['it was terminated']);
  });

  test('once stopped it tells nothing and leaves no timer', async () => {
    for (const connect of [never, async () => false]) {
      const { worker, lost, stop } = watch(connect);
      await vi.advanceTimersByTimeAsync(0);
      stop();
      worker.dispatchEvent(new Event('error'));
      await vi.advanceTimersByTimeAsync(600_000);
      expect(lost).toEqual([]);
    }
    expect(vi.getTimerCount()).toBe(0);
  });
});
