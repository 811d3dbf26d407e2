import { describe, expect, test } from 'vitest';
import { AbortError, QueueFullError } from '../../runtime/errors.ts';
import { createRequestQueue, type RequestQueue, type Turn } from '../../runtime/request-queue.ts';
import { fastRandom } from '../reference/seeded.ts';

/** Long enough for every promise that is settled to be told. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

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

/** Work in steps, each taken when the test says so; `ran` tells whose steps were taken. */
function stepWork(queue: RequestQueue, ran: number[]) {
  return (id: number, priority: number, steps: number) => {
    let step = () => {};
    const promise = queue.add(id, priority, async (_signal, turn) => {
      for (let i = 0; i < steps; i++) {
        await turn();
        ran.push(id);
        await new Promise<void>((resolve) => {
          step = resolve;
        });
      }
      return id;
    });
    promise.catch(() => {});
    return {
      promise,
      async step() {
        await settle(); // it has begun
        step();
        await settle();
      },
    };
  };
}

function open(maxPaused?: number) {
  const queue = createRequestQueue(64, maxPaused);
  const ran: number[] = [];
  return { queue, ran, add: stepWork(queue, ran) };
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
      await settle();
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
    await settle();
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
    await settle();
    urgent!.finish();
    await expect(urgent!.promise).resolves.toBe(3);
    await settle();
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

describe('a more urgent request', () => {
  test('pauses the running one between two steps; that one goes on where it was', async () => {
    const { queue, ran, add } = open();
    const low = add(1, 0, 3);
    await low.step();
    const high = add(2, 5, 2);
    await settle();
    expect([ran, queue.waiting, queue.paused]).toEqual([[1, 1], 1, 0]);
    await low.step();
    expect([ran, queue.waiting, queue.paused]).toEqual([[1, 1, 2], 0, 1]);
    await high.step();
    await high.step();
    await expect(high.promise).resolves.toBe(2);
    expect([ran, queue.paused]).toEqual([[1, 1, 2, 2, 1], 0]);
    await low.step();
    await expect(low.promise).resolves.toBe(1);
  });

  test('an equal or less urgent one pauses nobody', async () => {
    const { ran, add } = open();
    const first = add(1, 5, 3);
    add(2, 5, 1);
    add(3, 4, 1);
    for (let i = 0; i < 3; i++) await first.step();
    expect(ran).toEqual([1, 1, 1, 2]);
  });

  test('pauses nest: the most urgent ends first, the least urgent last', async () => {
    const { queue, ran, add } = open();
    const works = [add(0, 0, 2), add(1, 1, 2), add(2, 2, 2)];
    await works[0]!.step();
    await works[2]!.step();
    expect([ran, queue.paused]).toEqual([[0, 2, 2], 1]);
    await works[2]!.step();
    for (const id of [1, 1, 0]) await works[id]!.step();
    expect(ran).toEqual([0, 2, 2, 1, 1, 0]);
    expect(await Promise.all(works.map(({ promise }) => promise))).toEqual([0, 1, 2]);
  });

  test('waits for the running one to end when the bound of paused ones is reached', async () => {
    const { queue, ran, add } = open(2);
    const works = [0, 1, 2, 3].map((id) => ({ id, add: () => add(id, id, 2) }));
    const begun = [];
    for (const work of works) {
      begun.push(work.add());
      await begun.at(-2)?.step();
    }
    expect([ran, queue.paused, queue.waiting]).toEqual([[0, 1, 2, 2], 2, 1]);
    for (const id of [2, 3, 3, 1, 0]) await begun[id]!.step();
    expect(ran).toEqual([0, 1, 2, 2, 3, 3, 1, 0]);
    expect(await Promise.all(begun.map(({ promise }) => promise))).toEqual([0, 1, 2, 3]);
  });

  test('with no pauses allowed, requests run to their ends', async () => {
    const { ran, add } = open(0);
    const low = add(1, 0, 2);
    const high = add(2, 5, 1);
    for (const work of [low, low, high]) await work.step();
    expect(ran).toEqual([1, 1, 2]);
  });
});

describe('raised', () => {
  test('while it waits: it is the next, and the running one pauses for it', async () => {
    const { queue, ran, add } = open();
    const running = add(1, 5, 2);
    const others = [add(2, 4, 1), add(3, -1000, 1)];
    queue.raise(3, 6);
    for (const work of [running, others[1]!, running]) await work.step();
    expect(ran).toEqual([1, 3, 1, 2]);
  });

  test('while paused: it goes on, and who ran pauses, at the bound of paused ones too', async () => {
    const { queue, ran, add } = open(1);
    const low = add(1, 0, 3);
    const high = add(2, 5, 3);
    await low.step();
    queue.raise(1, 6);
    for (const work of [high, low, low, high, high]) await work.step();
    expect(ran).toEqual([1, 2, 1, 1, 2, 2]);
    expect(await Promise.all([low.promise, high.promise])).toEqual([1, 2]);
  });

  test('while it runs: what would have made it pause waits', async () => {
    const { queue, ran, add } = open();
    const low = add(1, 0, 2);
    add(2, 5, 1);
    queue.raise(1, 5);
    await low.step();
    await low.step();
    expect(ran).toEqual([1, 1, 2]);
  });

  test('to less than it is, or under an unknown id, nothing changes', async () => {
    const { queue, ran, add } = open();
    const [first, second] = [add(1, 5, 1), add(2, 4, 1), add(3, 3, 1)];
    queue.raise(2, -7);
    queue.raise(99, 100);
    await first!.step();
    await second!.step();
    expect(ran).toEqual([1, 2, 3]);
  });
});

describe('cancelled', () => {
  async function pausedPair() {
    const opened = open();
    const low = opened.add(1, 0, 2);
    const high = opened.add(2, 5, 2);
    await low.step();
    expect(opened.queue.paused).toBe(1);
    return { ...opened, low, high };
  }

  test('while paused: AbortError at once, the running one is not disturbed', async () => {
    const { queue, ran, low, high } = await pausedPair();
    queue.cancel(1);
    await expect(low.promise).rejects.toThrow(AbortError);
    expect(queue.paused).toBe(0);
    for (let i = 0; i < 2; i++) await high.step();
    await expect(high.promise).resolves.toBe(2);
    expect(ran).toEqual([1, 2, 2]);
  });

  test('while running: AbortError at its turn, the paused one goes on', async () => {
    const { queue, ran, low, high } = await pausedPair();
    queue.cancel(2);
    await high.step();
    await expect(high.promise).rejects.toThrow(AbortError);
    expect([ran, queue.paused]).toEqual([[1, 2, 1], 0]);
    await low.step();
    await expect(low.promise).resolves.toBe(1);
  });

  test('all of them, in every state: nothing is left, and the next request runs', async () => {
    const { queue, low, high, add } = await pausedPair();
    const waiting = add(3, 1, 1);
    for (const id of [3, 1, 2]) queue.cancel(id);
    await high.step();
    for (const { promise } of [low, high, waiting])
      await expect(promise).rejects.toThrow(AbortError);
    expect([queue.waiting, queue.paused]).toEqual([0, 0]);
    const next = add(4, 0, 1);
    await settle();
    await next.step();
    await expect(next.promise).resolves.toBe(4);
  });
});

describe('errors', () => {
  test('of the running one do not disturb the paused one, nor the other way round', async () => {
    const { queue, add } = open();
    const low = add(1, 0, 2);
    const failing = queue.add(2, 5, async (_signal, turn) => {
      await turn();
      throw new TypeError('x');
    });
    failing.catch(() => {});
    await low.step();
    await expect(failing).rejects.toThrow(TypeError);
    await low.step();
    await expect(low.promise).resolves.toBe(1);
  });

  test('thrown before anything is awaited, they are rejections too', async () => {
    const queue = createRequestQueue();
    const broken = () => {
      throw new TypeError('at once');
    };
    await expect(queue.add(1, 0, broken)).rejects.toThrow(TypeError);
    await expect(queue.add(2, 0, async () => 'fine')).resolves.toBe('fine');
  });
});

test('requests of random priorities, raised and cancelled, all end, and only one runs at a time', async () => {
  const random = fastRandom(7);
  const queue = createRequestQueue(64, 2);
  let running = 0;
  let mostPaused = 0;
  const work = (steps: number) => async (_signal: AbortSignal, turn: Turn) => {
    for (let i = 0; i < steps; i++) {
      await turn();
      expect(++running).toBe(1);
      await settle();
      running--;
      mostPaused = Math.max(mostPaused, queue.paused);
    }
  };
  const all: Promise<string>[] = [];
  for (let id = 0; id < 200; id++) {
    const request = queue.add(id, random(), work(Math.floor(random() * 12)));
    all.push(
      request.then(
        () => 'done',
        ({ name }: Error) => name,
      ),
    );
    if (random() < 0.2) queue.cancel(Math.floor(random() * id));
    if (random() < 0.5) queue.raise(Math.floor(random() * id), 2 * random());
    const isFlood = id > 100;
    while (!isFlood && random() < 0.8) await settle();
  }
  const ends = await Promise.all(all);
  expect(new Set(ends)).toEqual(new Set(['done', 'AbortError', 'QueueFullError']));
  expect([queue.waiting, queue.paused, mostPaused]).toEqual([0, 0, 2]);
});
