import { expect, test } from 'vitest';
import { inLanes, inTiers } from '../../../plugin/takes/lanes.ts';
import { gateway } from '../fake-runtime.ts';

const settle = () => new Promise((resolve) => setTimeout(resolve));

/** Work that ends when it is told to. */
function openWork() {
  const begun: number[] = [];
  const ends = new Map<number, { end: () => void; fail: (error: Error) => void }>();
  const work = (item: number) =>
    new Promise<void>((end, fail) => {
      begun.push(item);
      ends.set(item, { end, fail });
    });
  return { begun, work, of: (item: number) => ends.get(item)! };
}

test('as many at a time as there are lanes, in order, each begun when another has ended', async () => {
  const { begun, work, of } = openWork();
  let isDone = false;
  const all = inLanes([1, 2, 3, 4], 2, work).then(() => {
    isDone = true;
  });
  expect(begun).toEqual([1, 2]);
  of(2).end();
  await settle();
  expect(begun).toEqual([1, 2, 3]);
  of(1).end();
  await settle();
  of(4).end();
  await settle();
  expect([begun, isDone]).toEqual([[1, 2, 3, 4], false]);
  of(3).end();
  await all;
});

test('the first error is thrown as soon as it happens, and the others go on', async () => {
  const { begun, work, of } = openWork();
  const all = inLanes([1, 2, 3, 4], 2, work);
  of(1).fail(new TypeError('one'));
  await expect(all).rejects.toThrow('one');
  of(2).fail(new TypeError('two'));
  await settle();
  expect(begun).toEqual([1, 2, 3, 4]);
});

test('work that throws at once is an error like any other', async () => {
  const thrown = inLanes([1, 2, 3], 2, (item) => {
    if (item === 2) throw new TypeError('two');
    return Promise.resolve();
  });
  await expect(thrown).rejects.toThrow('two');
});

test('no items, or more lanes than items, is done at once', async () => {
  await inLanes([], 2, () => Promise.reject(new Error('nothing to do')));
  await inLanes([1], 8, async () => {});
});

test('what is baked never waits for what must be made, and both wait until it is known which is which', async () => {
  const { open, opened } = gateway();
  const done: string[] = [];
  const takes = { known: opened, isBaked: ({ prompt }: { prompt: string }) => prompt < 'c' };
  const requests = ['x', 'y', 'z', 'a', 'b'].map((prompt) => ({ prompt }));
  const { open: load, opened: loaded } = gateway();
  const all = inTiers(requests, 2, takes, async ({ prompt }) => {
    if (prompt > 'c') await loaded;
    done.push(prompt);
  });
  await settle();
  expect(done).toEqual([]);
  open();
  await settle();
  expect(done).toEqual(['a', 'b']);
  load();
  await all;
  expect(done).toEqual(['a', 'b', 'x', 'y', 'z']);
});
