/** Writes numbers and texts one after the other; all little-endian. Their reader: byte-reader.ts. */

export interface ByteWriter {
  u8(value: number): void;
  u32(value: number): void;
  f32(value: number): void;
  f64(value: number): void;
  /** uint32 in 1 to 5 bytes: 7 bits in each, the lowest first; the 8th says that more follow (LEB128). */
  varint(value: number): void;
  bytes(values: Uint8Array): void;
  /** UTF-8, with its length in bytes as a varint before it. */
  text(value: string): void;
  /** A copy of all that was written. */
  written(): Uint8Array<ArrayBuffer>;
}

export function createByteWriter(): ByteWriter {
  let room = new Uint8Array(1024);
  let end = 0;

  /** @returns a view of the next `count` bytes. */
  function next(count: number): DataView {
    if (end + count > room.length) {
      const larger = new Uint8Array(Math.max(2 * room.length, end + count));
      larger.set(room);
      room = larger;
    }
    end += count;
    return new DataView(room.buffer, end - count, count);
  }

  const writer: ByteWriter = {
    u8: (value) => next(1).setUint8(0, value),
    u32: (value) => next(4).setUint32(0, value, true),
    f32: (value) => next(4).setFloat32(0, value, true),
    f64: (value) => next(8).setFloat64(0, value, true),
    varint(value) {
      let rest = value;
      for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) writer.u8((rest % 0x80) + 0x80);
      writer.u8(rest);
    },
    bytes(values) {
      next(values.length);
      room.set(values, end - values.length);
    },
    text(value) {
      const utf8 = new TextEncoder().encode(value);
      writer.varint(utf8.length);
      writer.bytes(utf8);
    },
    written: () => room.slice(0, end),
  };
  return writer;
}
