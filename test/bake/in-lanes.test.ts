import { describe, expect, test } from 'vitest';
import { inLanes } from '../../bake/in-lanes.ts';

describe('work in lanes', () => {
  test('all of it is done, so many at a time, begun in order', async () => {
    const begun: number[] = [];
    let [now, most] = [0, 0];
    await inLanes([0, 1, 2, 3, 4, 5, 6], 3, async (item) => {
      begun.push(item);
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
    });
    expect([begun, most]).toEqual([[0, 1, 2, 3, 4, 5, 6], 3]);
  });

  test('the first error is told when what was under way has ended; nothing more is begun', async () => {
    const ended: number[] = [];
    const end = inLanes([0, 1, 2, 3, 4], 3, async (item) => {
      if (item === 1) throw new Error('disk full');
      await new Promise(setImmediate);
      ended.push(item);
      if (item === 2) throw new Error('a later one');
    });
    await expect(end).rejects.toThrow('disk full');
    expect(ended).toEqual([0, 2]);
  });
});
