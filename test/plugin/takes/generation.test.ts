import { expect, test } from 'vitest';
import { createGeneration, type PartStream } from '../../../plugin/takes/generation.ts';
import type { SoundPart } from '../../../runtime/contract.ts';

const never = new AbortController().signal;
const aborted = expect.objectContaining({ name: 'AbortError' });

/** A generation whose work is in the test's hands; parts are told by their first sample. */
function setUp() {
  let tell = (_part: SoundPart) => {};
  let finish = (_whole: string) => {};
  let fail = (_error: Error) => {};
  let stopped = false;
  let over = 0;
  const arrivals: number[] = [];
  const generation = createGeneration<string>({
    make: (signal, onPart) => {
      tell = onPart;
      signal.addEventListener('abort', () => {
        stopped = true;
      });
      return new Promise((resolve, reject) => {
        finish = resolve;
        fail = reject;
      });
    },
    meter: { arrived: (part) => void arrivals.push(part), wait: () => 0 },
    onOver: () => {
      over += 1;
    },
  });
  return {
    generation,
    arrivals,
    part: (value: number) =>
      tell({ pcm: Float32Array.of(value, 0, 0, 0), sampleRate: 8, source: 'generated' }),
    finish: (whole: string) => finish(whole),
    fail: (error: Error) => fail(error),
    facts: () => ({ stopped, over }),
    begun: () => Promise.resolve(),
  };
}

async function read(stream: PartStream<string>): Promise<(number | string)[]> {
  const all: (number | string)[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return [...all, value];
    all.push(value.pcm[0] ?? 0);
  }
}

test('a listener gets every part in order, then the whole', async () => {
  const { generation, part, finish, begun, arrivals, facts } = setUp();
  const all = read(generation.listen(never));
  await begun();
  part(1);
  part(2);
  await Promise.resolve();
  part(3);
  finish('whole');
  expect(await all).toEqual([1, 2, 3, 'whole']);
  expect(arrivals).toEqual([0.5, 0.5, 0.5]);
  expect(facts()).toEqual({ stopped: false, over: 1 });
});

test('who comes later gets them from the first one on, who waits gets the whole', async () => {
  const { generation, part, finish, begun } = setUp();
  const early = read(generation.listen(never));
  await begun();
  part(1);
  part(2);
  const whole = generation.whole(never);
  const late = read(generation.listen(never));
  part(3);
  finish('whole');
  expect(await Promise.all([early, late, whole])).toEqual([
    [1, 2, 3, 'whole'],
    [1, 2, 3, 'whole'],
    'whole',
  ]);
});

test('a slow reader misses nothing though the work is done', async () => {
  const { generation, part, finish, begun } = setUp();
  const stream = generation.listen(never);
  await begun();
  part(1);
  part(2);
  finish('whole');
  await generation.whole(never);
  expect(await read(stream)).toEqual([1, 2, 'whole']);
});

test('one who leaves takes nothing from the others; the last one stops the work', async () => {
  const { generation, part, begun, facts } = setUp();
  const leaving = generation.listen(never);
  const staying = generation.listen(never);
  const stop = new AbortController();
  const waiting = generation.whole(stop.signal);
  await begun();
  part(1);
  leaving.leave();
  leaving.leave();
  stop.abort();
  await expect(waiting).rejects.toThrow(aborted);
  expect((await staying.next()).done).toBe(false);
  expect(facts()).toEqual({ stopped: false, over: 0 });
  staying.leave();
  expect(facts()).toEqual({ stopped: true, over: 1 });
});

test('an aborted listener is told so and has left', async () => {
  const { generation, begun, facts } = setUp();
  const stop = new AbortController();
  const next = generation.listen(stop.signal).next();
  await begun();
  stop.abort();
  await expect(next).rejects.toThrow(aborted);
  expect(facts()).toEqual({ stopped: true, over: 1 });
});

test('a failure reaches everyone, after the parts that came', async () => {
  const { generation, part, fail, begun, facts } = setUp();
  const stream = generation.listen(never);
  const whole = generation.whole(never);
  await begun();
  part(1);
  fail(new Error('no model'));
  await expect(whole).rejects.toThrow('no model');
  expect((await stream.next()).done).toBe(false);
  await expect(stream.next()).rejects.toThrow('no model');
  expect(facts()).toEqual({ stopped: false, over: 1 });
});
