import { expect, test } from 'vitest';
import { createBurst, MOST_AT_ONCE } from '../../../plugin/voices/burst.ts';

test('of many sounds in one task the first begin, then only those that are louder than all before', async () => {
  const burst = createBurst();
  const first = Array.from({ length: MOST_AT_ONCE }, (_, i) => burst.admits(i === 3 ? 2 : 1));
  expect(first.every(Boolean)).toBe(true);
  expect([1, 2, 2.5, 2.4, 2.5, 3].map((volume) => burst.admits(volume))).toEqual([
    false,
    false,
    true,
    false,
    false,
    true,
  ]);
  await Promise.resolve();
  expect(burst.admits(0.1)).toBe(true);
});

test('a task with few sounds takes nothing from the next', async () => {
  const burst = createBurst();
  for (let task = 0; task < 5; task++) {
    for (let i = 0; i < MOST_AT_ONCE - 1; i++) expect(burst.admits(1)).toBe(true);
    await Promise.resolve();
  }
});
