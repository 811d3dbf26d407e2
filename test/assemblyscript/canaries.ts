/**
 * Runs a kernel on arrays that lie between canaries.
 *
 *   ff ff … │ array │ ff ff …     ff: NaN when read as a float, noticed when written over
 */
import { expect } from 'vitest';
import type { Arena, Kernels } from '../../runtime/kernels/kernels.ts';

type NumberArray = Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array;
type Addresses<A> = { [name in keyof A]: number };

/** Bytes on each side. */
const GUARD = 64;

/** @returns what the kernel returned, and the arrays as it left them; the given ones stay as they are. */
export function guarded<A extends Record<string, NumberArray>, R>(
  kernels: Kernels,
  arrays: A,
  run: (at: Addresses<A>) => R,
): { returned: R; after: A } {
  return kernels.scratch((arena) => {
    const places = Object.entries(arrays).map(([name, array]) => place(arena, name, array));
    for (const { bytes, array } of places.map((each) => ({ ...each, bytes: all(arena, each) }))) {
      bytes.fill(0xff);
      bytes.set(bytesOf(array), GUARD);
    }
    const addresses = Object.fromEntries(places.map(({ name, start }) => [name, start + GUARD]));
    const returned = run(addresses as Addresses<A>);
    const after = places.map((each) => [each.name, readBack(arena, each)]);
    return { returned, after: Object.fromEntries(after) as A };
  });
}

interface Place {
  name: string;
  array: NumberArray;
  start: number;
}

function place(arena: Arena, name: string, array: NumberArray): Place {
  return { name, array, start: arena.reserve(array.byteLength + 2 * GUARD) };
}

/** The array's bytes with both canaries. */
function all(arena: Arena, { start, array }: Place): Uint8Array {
  return arena.u8(start, array.byteLength + 2 * GUARD);
}

function bytesOf(array: NumberArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function readBack(arena: Arena, each: Place): NumberArray {
  const bytes = all(arena, each);
  const end = GUARD + each.array.byteLength;
  const untouched = (part: Uint8Array) => part.every((byte) => byte === 0xff);
  expect(untouched(bytes.subarray(0, GUARD)), `canary before ${each.name}`).toBe(true);
  expect(untouched(bytes.subarray(end)), `canary after ${each.name}`).toBe(true);
  const copy = each.array.slice();
  bytesOf(copy).set(bytes.subarray(GUARD, end));
  return copy;
}
