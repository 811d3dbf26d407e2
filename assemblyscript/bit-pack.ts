/**
 * Codes to bits and back, least significant bit first, without gaps.
 *
 *   bits = 10   code 0       code 1       …
 *               9876543210   9876543210
 *   byte 0 ─────── 76543210 ┘
 *   byte 1 ──┘ holds code 0's bits 9 8 and code 1's bits 5…0, and so on
 *
 *   codes  u16[count]              below 2^bits
 *   bytes  u8[⌈count · bits / 8⌉]  the last byte's unused bits are 0
 *   count  i32 ≥ 0                 any
 *   bits   i32                     1 to 16
 *
 * Eight codes fill exactly `bits` bytes. Up to 14 bits such a group is folded in SIMD: 8 fields of b bits
 * become 4 of 2b, 2 of 4b, then two 64-bit words. Both words are stored or loaded whole, so the last groups
 * (16 bytes must be there) run scalar. Twin: test/reference/bit-pack.ts.
 */
export function packBits(codes: usize, count: i32, bits: i32, bytes: usize): void {
  const end = bytes + bytesFor(count, bits);
  let left = count;
  if (bits <= 14) {
    const weights = i32x4.splat(1 | (1 << (bits + 16)));
    while (left >= 8 && bytes + 16 <= end) {
      const pairs = i32x4.dot_i16x8_s(v128.load(codes), weights);
      const low = v128.and(pairs, i64x2.splat(0xffffffff));
      const fours = v128.or(low, i64x2.shl(i64x2.shr_u(pairs, 32), 2 * bits));
      storeFours(bytes, i64x2.extract_lane(fours, 0), i64x2.extract_lane(fours, 1), 4 * bits);
      codes += 16;
      bytes += <usize>bits;
      left -= 8;
    }
  }
  let pending: u64 = 0;
  let held = 0;
  for (; left > 0; left--, codes += 2) {
    pending |= (<u64>load<u16>(codes)) << (<u64>held);
    for (held += bits; held >= 8; held -= 8, pending >>= 8) store<u8>(bytes++, <u8>pending);
  }
  if (held > 0) store<u8>(bytes, <u8>pending);
}

/** Two fields of `width` ≤ 56 bits as one little-endian 128-bit number. */
function storeFours(bytes: usize, first: u64, second: u64, width: i32): void {
  store<u64>(bytes, first | (second << (<u64>width)));
  store<u64>(bytes, second >> <u64>(64 - width), 8);
}

export function unpackBits(bytes: usize, count: i32, bits: i32, codes: usize): void {
  const end = bytes + bytesFor(count, bits);
  const mask = ((<u32>1) << bits) - 1;
  let left = count;
  if (bits <= 14) {
    const width = <u64>(4 * bits);
    const fourMask = ((<u64>1) << width) - 1;
    const pairMask = i64x2.splat(((<i64>1) << (2 * bits)) - 1);
    while (left >= 8 && bytes + 16 <= end) {
      const low = load<u64>(bytes);
      const second = (low >> width) | (load<u64>(bytes, 8) << (64 - width));
      const fours = i64x2(low & fourMask, second & fourMask);
      const upper = i64x2.shl(i64x2.shr_u(fours, 2 * bits), 32);
      const pairs = v128.or(v128.and(fours, pairMask), upper);
      const odd = i32x4.shl(i32x4.shr_u(pairs, bits), 16);
      v128.store(codes, v128.or(v128.and(pairs, i32x4.splat(mask)), odd));
      bytes += <usize>bits;
      codes += 16;
      left -= 8;
    }
  }
  let pending: u64 = 0;
  let held = 0;
  for (; left > 0; left--, codes += 2) {
    for (; held < bits; held += 8) pending |= (<u64>load<u8>(bytes++)) << (<u64>held);
    store<u16>(codes, <u16>(pending & mask));
    pending >>= <u64>bits;
    held -= bits;
  }
}

function bytesFor(count: i32, bits: i32): usize {
  return (<usize>count * <usize>bits + 7) >> 3;
}
