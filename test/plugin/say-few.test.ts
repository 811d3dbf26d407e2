import { expect, test } from 'vitest';
import { sayFew } from '../../plugin/say-few.ts';

test.each([
  [2, ['1', '2']],
  [3, ['1', '2', '3 More of this kind are not said.']],
  [100, ['1', '2', '3 More of this kind are not said.']],
])('of %i warnings three are said, the last with a word on the others', (count, said) => {
  const warnings: string[] = [];
  const say = sayFew((message) => warnings.push(message), 3);
  for (let i = 1; i <= count; i++) say(`${i}`);
  expect(warnings).toEqual(said);
});
