/**
 * Reads what byte-writer.ts wrote, and trusts none of it: nothing is read beyond the end, every refusal names the byte.
 *
 *   reader.varint('seed')   end of the bytes, or more than 32 bits? ──▶ TokenPackError: PLACE, byte 123: expected seed …
 */
import type { TokenPackError } from '../errors.ts';
import { type Position, type Problem, packError } from './problem.ts';

/** `what` completes "expected …". */
export interface ByteReader {
  readonly isAtEnd: boolean;
  /** Of what comes next. */
  readonly position: Position;
  u8(what: string): number;
  u32(what: string): number;
  f32(what: string): number;
  f64(what: string): number;
  /** @throws TokenPackError also unless it is from `min` to `max`, by default any uint32 */
  varint(what: string, min?: number, max?: number): number;
  /** Not a copy. */
  bytes(count: number, what: string): Uint8Array;
  /** @param most bytes of UTF-8 */
  text(what: string, most: number): string;
  /** Of the value that was read last. */
  refusal(problem: Problem): TokenPackError;
}

const MOST_UINT32 = 0xffffffff;

/** @param base the bytes' place in their file */
export function createByteReader(bytes: Uint8Array, place: string, base: number): ByteReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let last = 0;
  const refusal = (problem: Problem) => packError({ place, byte: base + last }, problem);

  /** @returns where `count` bytes begin that are there for sure. */
  function take(count: number, what: string): number {
    last = at;
    if (count <= bytes.length - at) {
      at += count;
      return last;
    }
    const expected = `${what} (${count} bytes)`;
    throw refusal({ expected, found: `${bytes.length - at} bytes and the end` });
  }

  function uint32(what: string): number {
    const begin = at;
    let value = 0;
    for (let scale = 1; scale <= 2 ** 28; scale *= 0x80) {
      const byte = bytes[take(1, what)] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte <= 0x7f) {
        last = begin;
        return value;
      }
    }
    last = begin;
    throw refusal({ expected: `${what} in at most 5 bytes`, found: 'more' });
  }

  const reader: ByteReader = {
    get isAtEnd() {
      return at === bytes.length;
    },
    get position() {
      return { place, byte: base + at };
    },
    u8: (what) => view.getUint8(take(1, what)),
    u32: (what) => view.getUint32(take(4, what), true),
    f32: (what) => view.getFloat32(take(4, what), true),
    f64: (what) => view.getFloat64(take(8, what), true),
    varint(what, min = 0, max = MOST_UINT32) {
      const value = uint32(what);
      if (value >= min && value <= max) return value;
      throw refusal({ expected: `${what} from ${min} to ${max}`, found: `${value}` });
    },
    bytes(count, what) {
      const from = take(count, what);
      return bytes.subarray(from, from + count);
    },
    text(what, most) {
      const utf8 = reader.bytes(reader.varint(`length of ${what}`, 0, most), what);
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(utf8);
      } catch {
        throw refusal({ expected: `${what} in UTF-8`, found: 'other bytes' });
      }
    },
    refusal,
  };
  return reader;
}
