/** Codes u16 ↔ bytes, `bits` per code, least significant bit first (layout: assemblyscript/bit-pack.ts). */
import type { Kernels } from './kernels/kernels.ts';

/**
 * @param bits 1 to 16
 * @returns u8 [⌈codes · bits / 8⌉]; unused bits of the last byte are 0
 * @throws RangeError if a code does not fit in `bits`.
 */
export function packCodes(kernels: Kernels, codes: Uint16Array, bits: number): Uint8Array {
  checkBits(bits);
  const limit = 2 ** bits;
  const tooLarge = codes.findIndex((code) => code >= limit);
  if (tooLarge >= 0) {
    throw new RangeError(
      `bit-pack: code ${tooLarge} should be below ${limit} (${bits} bits), we got ${codes[tooLarge]}. ` +
        'Use more bits per code.',
    );
  }
  const size = packedSize(codes.length, bits);
  return kernels.scratch((arena) => {
    const from = arena.reserve(2 * codes.length);
    const to = arena.reserve(size);
    arena.u16(from, codes.length).set(codes);
    kernels.call.packBits(from, codes.length, bits, to);
    return arena.u8(to, size).slice();
  });
}

/**
 * @param count codes wanted
 * @returns u16 [count]
 * @throws RangeError if there are fewer bytes than `count` codes need.
 */
export function unpackCodes(
  kernels: Kernels,
  bytes: Uint8Array,
  count: number,
  bits: number,
): Uint16Array {
  checkBits(bits);
  const size = packedSize(count, bits);
  if (!Number.isInteger(count) || count < 0 || bytes.length < size) {
    throw new RangeError(
      `bit-pack: ${count} codes of ${bits} bits need ${size} bytes, we got ${bytes.length}. ` +
        'The data is cut short, or its header is wrong.',
    );
  }
  return kernels.scratch((arena) => {
    const from = arena.reserve(size);
    const to = arena.reserve(2 * count);
    arena.u8(from, size).set(bytes.subarray(0, size));
    kernels.call.unpackBits(from, count, bits, to);
    return arena.u16(to, count).slice();
  });
}

/** Bytes that `count` codes take. */
export function packedSize(count: number, bits: number): number {
  return Math.ceil((count * bits) / 8);
}

function checkBits(bits: number): void {
  if (Number.isInteger(bits) && bits >= 1 && bits <= 16) return;
  throw new RangeError(`bit-pack: bits per code should be 1 to 16, we got ${bits}.`);
}
