import { defineCommand } from 'citty';
import { expect, test } from 'vitest';
import { usageOf } from '../../../bake/command/usage.ts';

test('what is written for terminals is plain for all, and no line ends in spaces', async () => {
  const said = await usageOf(
    defineCommand({
      meta: { name: 'hum', description: '\u001b[90mhums\u001b[39m' },
      args: { long: { type: 'boolean', description: 'on and on' }, x: { type: 'string' } },
    }),
  );
  expect(said.split('\n')[0]).toBe('hums (hum)');
  expect(said).toContain('--long');
  expect(said).not.toMatch(/ $/m);
});
