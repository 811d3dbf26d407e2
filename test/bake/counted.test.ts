import { expect, test } from 'vitest';
import { counted } from '../../bake/counted.ts';

test('one is one, all others are many', () => {
  const words = [0, 1, 2, 1000].map((count) => counted(count, 'take'));
  expect(words).toEqual(['0 takes', '1 take', '2 takes', '1,000 takes']);
});
