import { describe, expect, test } from 'vitest';
import { blockSource } from '../../../runtime/player/block-source.ts';
import { someBytes } from './byte-server.ts';

const BYTES = someBytes(1000);

/** Blocks of 64 bytes over 1000, and what was asked for. */
function open(maxBlocks = 4) {
  const asked: [number, number][] = [];
  const failing = new Set<number>();
  const source = {
    place: 'memory',
    async read(from: number, to: number) {
      asked.push([from, to]);
      if (failing.delete(from)) throw new Error('offline');
      return BYTES.slice(from, to);
    },
  };
  return { asked, failing, blocks: blockSource(source, { blockBytes: 64, maxBlocks }) };
}

describe('block source', () => {
  test('every range is what the source has there', async () => {
    const { blocks } = open();
    for (let from = 0; from < 1100; from += 37) {
      for (const length of [0, 1, 63, 64, 65, 200, 900]) {
        expect(await blocks.read(from, from + length)).toEqual(BYTES.slice(from, from + length));
      }
    }
  });

  test('neighbours come with one request, and are there then', async () => {
    const { blocks, asked } = open();
    await blocks.read(10, 20);
    await blocks.read(20, 64);
    await blocks.read(70, 190);
    await blocks.read(0, 192);
    expect(asked).toEqual([
      [0, 64],
      [64, 192],
    ]);
  });

  test('a hole between kept blocks is all that is asked for', async () => {
    const { blocks, asked } = open();
    await blocks.read(0, 64);
    await blocks.read(192, 256);
    asked.length = 0;
    expect(await blocks.read(0, 256)).toEqual(BYTES.slice(0, 256));
    expect(asked).toEqual([[64, 192]]);
  });

  test('two who read at once share the request', async () => {
    const { blocks, asked } = open();
    await Promise.all([blocks.read(0, 10), blocks.read(5, 60), blocks.read(30, 70)]);
    expect(asked).toEqual([
      [0, 64],
      [64, 128],
    ]);
  });

  test('the least used block goes first; more than is kept can be read at once', async () => {
    const { blocks, asked } = open(2);
    expect(await blocks.read(0, 1000)).toEqual(BYTES);
    asked.length = 0;
    await blocks.read(960, 1000);
    await blocks.read(0, 10);
    expect(asked).toEqual([[0, 64]]);
  });

  test('a failed request is told to all who wait, and made again by the next', async () => {
    const { blocks, failing, asked } = open();
    failing.add(0);
    const both = await Promise.allSettled([blocks.read(0, 10), blocks.read(70, 80)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(await blocks.read(0, 10)).toEqual(BYTES.slice(0, 10));
    expect(asked.length).toBe(3);
  });
});
