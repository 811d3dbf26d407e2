import { expect, test } from 'vitest';
import { createNoRuntime } from '../../../plugin/foley/no-runtime.ts';

const DOOR = { prompt: 'door' };

test.each([
  ['load', () => createNoRuntime().load()],
  ['generate', () => createNoRuntime().generate(DOOR)],
  ['stream', () => createNoRuntime().stream(DOOR).next()],
  ['downloadSize', () => createNoRuntime().downloadSize()],
  ['clearCache', () => createNoRuntime().clearCache()],
])('%s rejects and names the option', async (_, call) => {
  await expect(call()).rejects.toThrow(/^foley: .*without the model \(live: false\).*Bake/);
});

test('what only tells it something is fine, as often as you like', async () => {
  const runtime = createNoRuntime();
  const stream = runtime.stream(DOOR);
  stream.hasten(1, true);
  runtime.setPace('hidden');
  expect(runtime.busy).toBe(false);
  await runtime.dispose();
  await runtime.dispose();
  expect(await stream.return({} as never)).toMatchObject({ done: true });
});
