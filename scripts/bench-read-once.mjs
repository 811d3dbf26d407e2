/**
 * The yardstick of npm run bench: reads memory once, 64 bytes a turn, and adds it up so that nothing is optimised away.
 * A language-model step must read all its weights, so it cannot be faster than this on one thread.
 *
 *   sum(start, end)  bytes [start, end), a multiple of 64 apart
 */
import asc from 'assemblyscript/asc';

const SOURCE = `
export function sum(start: usize, end: usize): i32 {
  let a = i32x4.splat(0), b = a, c = a, d = a;
  for (let at = start; at < end; at += 64) {
    a = i32x4.add(a, v128.load(at));
    b = i32x4.add(b, v128.load(at, 16));
    c = i32x4.add(c, v128.load(at, 32));
    d = i32x4.add(d, v128.load(at, 48));
  }
  const all = i32x4.add(i32x4.add(a, b), i32x4.add(c, d));
  return i32x4.extract_lane(all, 0) + i32x4.extract_lane(all, 1) +
    i32x4.extract_lane(all, 2) + i32x4.extract_lane(all, 3);
}`;

/** @returns {Promise<Uint8Array>} a WebAssembly module that imports its memory. */
export async function compileReadOnce() {
  const result = await asc.compileString(SOURCE, {
    optimizeLevel: 3,
    noAssert: true,
    runtime: 'stub',
    importMemory: true,
    enable: ['simd'],
  });
  if (result.error) throw new Error(`bench: ${result.error.message} ${result.stderr}`);
  return result.binary;
}
