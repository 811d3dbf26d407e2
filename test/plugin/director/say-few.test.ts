import { expect, test } from 'vitest';
import { sayFew } from '../../../plugin/director/say-few.ts';

test.each([
  [2, ['1', '2']],
  [3, ['1', '2', '3 More like it are not said: foley.onEvent has them.']],
  [100, ['1', '2', '3 More like it are not said: foley.onEvent has them.']],
])('of %i warnings three are said, the last with a word on the others', (count, said) => {
  const warnings: string[] = [];
  const say = sayFew((message) => warnings.push(message), 3);
  for (let i = 1; i <= count; i++) say(`${i}`);
  expect(warnings).toEqual(said);
});
