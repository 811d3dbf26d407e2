/**
 * The first 28 bytes of a token pack: what it is, and how much more to ask for before its sounds are known.
 *
 *   byte  0   89 46 4F 4C 0D 0A 1A 0A   '\x89FOL\r\n\x1a\n': text conversion would break it, as with PNG
 *         8   u32  format version       these two are the same in every version
 *        12   u32  bytes of header and index, which follow
 *        16   u32  bytes of codes, which follow them
 *        20   u32  CRC-32 of header and index
 *        24   u32  CRC-32 of bytes 0 to 23
 */
import { crc32 } from '../crc32.ts';
import { createByteReader } from './byte-reader.ts';
import { createByteWriter } from './byte-writer.ts';
import { packError } from './problem.ts';

export const PREAMBLE_BYTES = 28;
export const PACK_VERSION = 1;

const MAGIC = Uint8Array.of(0x89, 0x46, 0x4f, 0x4c, 0x0d, 0x0a, 0x1a, 0x0a);
const CHECKED_BYTES = PREAMBLE_BYTES - 4;

export interface Preamble {
  indexBytes: number;
  codesBytes: number;
  indexCrc: number;
}

/** @returns u8 [28] */
export function writePreamble({ indexBytes, codesBytes, indexCrc }: Preamble): Uint8Array {
  const writer = createByteWriter();
  writer.bytes(MAGIC);
  for (const value of [PACK_VERSION, indexBytes, codesBytes, indexCrc]) writer.u32(value);
  writer.u32(crc32(writer.written()));
  return writer.written();
}

/**
 * @param bytes the beginning of the file; what is beyond the preamble is ignored
 * @throws TokenPackError
 */
export function readPreamble(bytes: Uint8Array, place: string): Preamble {
  checkMagic(bytes, place);
  const reader = createByteReader(bytes.subarray(0, PREAMBLE_BYTES), place, 0);
  reader.bytes(MAGIC.length, 'magic bytes');
  const { position } = reader;
  const version = reader.u32('format version');
  if (version > PACK_VERSION) {
    const problem = { expected: `format version ${PACK_VERSION}`, found: `${version}` };
    throw packError(position, problem, 'It is of a newer format: update scenefoley.');
  }
  const indexBytes = reader.u32('bytes of the index');
  const codesBytes = reader.u32('bytes of the codes');
  const indexCrc = reader.u32('CRC-32 of the index');
  const found = reader.u32('CRC-32 of the preamble');
  const expected = crc32(bytes.subarray(0, CHECKED_BYTES));
  if (found !== expected || version !== PACK_VERSION) {
    const values = { expected: `CRC-32 ${hex(expected)} of the preamble`, found: hex(found) };
    throw reader.refusal(values);
  }
  return { indexBytes, codesBytes, indexCrc };
}

function checkMagic(bytes: Uint8Array, place: string): void {
  const byte = MAGIC.findIndex((value, i) => bytes[i] !== value);
  if (byte < 0) return;
  const found = [...bytes.subarray(0, MAGIC.length)].map((value) => hex(value, 2)).join(' ');
  const expected = `the magic bytes ${[...MAGIC].map((value) => hex(value, 2)).join(' ')}`;
  const problem = { expected, found: found || 'an empty file' };
  throw packError({ place, byte }, problem, 'It is no token pack: check its address.');
}

export function hex(value: number, digits = 8): string {
  return value.toString(16).padStart(digits, '0');
}
