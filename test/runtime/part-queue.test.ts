import { expect, test } from 'vitest';
import type { SoundPart } from '../../runtime/contract.ts';
import { createPartQueue } from '../../runtime/part-queue.ts';

const part = (value: number): SoundPart => ({
  pcm: new Float32Array([value]),
  sampleRate: 32000,
  source: 'generated',
});

async function valuesOf(queue: ReturnType<typeof createPartQueue>): Promise<number[]> {
  const values: number[] = [];
  for await (const { pcm } of queue.read()) values.push(pcm[0]!);
  return values;
}

test('parts come out in order, those that were there before the reader and those that come later', async () => {
  const queue = createPartQueue();
  queue.push(part(1));
  queue.push(part(2));
  const reading = valuesOf(queue);
  await Promise.resolve();
  queue.push(part(3));
  await new Promise((resolve) => setTimeout(resolve));
  queue.push(part(4));
  queue.push(null);
  expect(await reading).toEqual([1, 2, 3, 4]);
});

test('closed, a reader that waits ends; what was there is read first', async () => {
  const [empty, filled] = [createPartQueue(), createPartQueue()];
  const waiting = valuesOf(empty);
  await new Promise((resolve) => setTimeout(resolve));
  empty.close();
  expect(await waiting).toEqual([]);
  filled.push(part(7));
  filled.close();
  expect(await valuesOf(filled)).toEqual([7]);
});
