/**
 * Reads a source in blocks and keeps the last ones: takes of one sound lie side by side, so one request brings them all.
 *
 *   read(from, to)      ·····|▓▓▓▓▓·····|·····|
 *   blocks              missing ones that touch are one request; those on their way are waited for
 *   kept                the `maxBlocks` used last
 */
import { LRUCache } from 'lru-cache';
import { joinedBytes } from '../joined-bytes.ts';
import type { ByteSource } from '../token-pack.ts';

export interface BlockOptions {
  /** Default 64 KiB: four minutes of sound. */
  blockBytes?: number;
  /** Default 16. */
  maxBlocks?: number;
}

export function blockSource(source: ByteSource, options: BlockOptions = {}): ByteSource {
  const { blockBytes = 2 ** 16, maxBlocks = 16 } = options;
  const kept = new LRUCache<number, Promise<Uint8Array>>({ max: maxBlocks });

  /** Blocks `first` to `last` in one request. */
  function request(first: number, last: number): Promise<Uint8Array>[] {
    const run = source.read(first * blockBytes, (last + 1) * blockBytes);
    return Array.from({ length: last - first + 1 }, (_, i) => {
      const block = run.then((bytes) => bytes.slice(i * blockBytes, (i + 1) * blockBytes));
      kept.set(first + i, block);
      block.catch(() => {
        if (kept.peek(first + i) === block) kept.delete(first + i); // the next read asks again
      });
      return block;
    });
  }

  function blocksOf(first: number, last: number): Promise<Uint8Array>[] {
    const found = Array.from({ length: last - first + 1 }, (_, i) => kept.get(first + i));
    for (let i = 0; i < found.length; i++) {
      if (found[i] !== undefined) continue;
      let end = i;
      while (end + 1 < found.length && found[end + 1] === undefined) end++;
      found.splice(i, end - i + 1, ...request(first + i, first + end));
    }
    return found as Promise<Uint8Array>[];
  }

  return {
    place: source.place,
    async read(from, to) {
      if (to <= from) return new Uint8Array(0);
      const first = Math.floor(from / blockBytes);
      const last = Math.floor((to - 1) / blockBytes);
      const bytes = joinedBytes(await Promise.all(blocksOf(first, last)));
      const start = first * blockBytes;
      return bytes.subarray(from - start, to - start);
    },
  };
}
