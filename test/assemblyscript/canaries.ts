/**
 * Runs a kernel on arrays that lie between canaries, twice.
 *
 *   31 38 3f … │ array │ 34 3b …   small floats, other ones at each place: who writes here leaves a trace
 *   ff ff ff … │ array │ ff ff …   NaN: who reads here gets another result
 */
import { expect } from 'vitest';
import type { Arena, Kernels } from '../../runtime/kernels/kernels.ts';

type NumberArray = Float32Array | Float64Array | Int8Array | Uint8Array | Uint16Array | Uint32Array;
type Addresses<A> = { [name in keyof A]: number };

/** Bytes on each side. */
export const GUARD = 64;

/** @returns what the kernel returned, and the arrays as it left them; the given ones stay as they are. */
export function guarded<A extends Record<string, NumberArray>, R>(
  kernels: Kernels,
  arrays: A,
  run: (at: Addresses<A>) => R,
): { returned: R; after: A } {
  const result = runBetween(tracing, kernels, arrays, run);
  const again = runBetween(poison, kernels, arrays, run);
  expect(again.returned, DEPENDS).toEqual(result.returned);
  for (const name of Object.keys(arrays)) {
    expectSame(again.after[name]!, result.after[name]!, DEPENDS);
  }
  return result;
}

const DEPENDS = 'result depends on the canaries';

/** toEqual, at once where the bytes are the same. */
export function expectSame(actual: NumberArray, expected: NumberArray, message?: string): void {
  const [a, b] = [bytesOf(actual), bytesOf(expected)];
  const same = a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (!same) expect(actual, message).toEqual(expected);
}

/** The canary byte at an address. */
export type Canary = (address: number) => number;
export const tracing: Canary = (address) => 0x31 + ((address * 7 + (address >> 6) * 3) % 14);
export const poison: Canary = () => 0xff;

function runBetween<A extends Record<string, NumberArray>, R>(
  canary: Canary,
  kernels: Kernels,
  arrays: A,
  run: (at: Addresses<A>) => R,
): { returned: R; after: A } {
  return kernels.scratch((arena) => {
    const places = Object.entries(arrays).map(([name, array]) => place(arena, name, array));
    for (const each of places) {
      const bytes = all(arena, each);
      for (let i = 0; i < bytes.length; i++) bytes[i] = canary(each.start + i);
      bytes.set(bytesOf(each.array), GUARD);
    }
    const addresses = Object.fromEntries(places.map(({ name, start }) => [name, start + GUARD]));
    const returned = run(addresses as Addresses<A>);
    const after = places.map((each) => [each.name, readBack(arena, each, canary)]);
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

function readBack(arena: Arena, each: Place, canary: Canary): NumberArray {
  const bytes = all(arena, each);
  const end = GUARD + each.array.byteLength;
  const untouched = (from: number, to: number) =>
    bytes.subarray(from, to).every((byte, i) => byte === canary(each.start + from + i));
  expect(untouched(0, GUARD), `canary before ${each.name}`).toBe(true);
  expect(untouched(end, bytes.length), `canary after ${each.name}`).toBe(true);
  const copy = each.array.slice();
  bytesOf(copy).set(bytes.subarray(GUARD, end));
  return copy;
}
