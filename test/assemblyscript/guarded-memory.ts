/**
 * Runs something on kernels whose every kept room lies between canaries, twice, as canaries.ts does with arrays.
 *
 *   31 38 3f … │ room: ff ff ff … │ 34 3b …   who writes outside a room leaves a trace
 *   ff ff ff … │ room: ff ff ff … │ ff ff …   NaN: who reads outside gets another result
 *
 * Rooms hold NaN until something is written: who counts on zeros gets another result too.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { type KernelMemory, type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { type Canary, GUARD, poison, tracing } from './canaries.ts';

/** @returns what `body` returned, both times the same. */
export async function onGuardedMemory<R>(body: (kernels: Kernels) => R | Promise<R>): Promise<R> {
  const run = async (canary: Canary): Promise<R> => {
    const kernels = await loadKernels();
    const { memory, check } = guardMemory(kernels.memory, canary);
    const result = await body({ ...kernels, memory });
    check();
    return result;
  };
  const results = [await run(tracing), await run(poison)] as const;
  // not toEqual, which takes minutes to print how long arrays differ
  expect(isDeepStrictEqual(...results), 'result is the same between other canaries').toBe(true);
  return results[0];
}

function guardMemory(memory: KernelMemory, canary: Canary) {
  const rooms: { start: number; bytes: number }[] = [];
  const guarded: KernelMemory = {
    ...memory,
    get size() {
      return memory.size;
    },
    keep(bytes) {
      const start = memory.keep(bytes + 2 * GUARD);
      const all = memory.u8(start, bytes + 2 * GUARD);
      for (let i = 0; i < all.length; i++) all[i] = canary(start + i);
      all.fill(0xff, GUARD, GUARD + bytes);
      rooms.push({ start, bytes });
      return start + GUARD;
    },
  };
  function check(): void {
    for (const [index, { start, bytes }] of rooms.entries()) {
      for (const from of [start, start + GUARD + bytes]) {
        const untouched = memory.u8(from, GUARD).every((byte, i) => byte === canary(from + i));
        expect(untouched, `canary beside room ${index} of ${bytes} bytes`).toBe(true);
      }
    }
  }
  return { memory: guarded, check };
}
