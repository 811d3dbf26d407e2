/**
 * The bytes of a token pack → what is in it. Codes are read one sound at a time, when they are wanted.
 *
 *   read(0, 8192) ── preamble ──▶ all of header and index? if not, one read more ── CRC-32 ──▶ sounds
 *   readCodes(sound) ── one read ── CRC-32 ──▶ codes u16 [K, T]
 */
import { unpackCodes } from '../bit-pack.ts';
import type { BakedSound } from '../contract.ts';
import { crc32 } from '../crc32.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { createByteReader } from './byte-reader.ts';
import type { ByteSource } from './byte-source.ts';
import { bitsPerCode, codesBytes, readInfo, type TokenPackInfo } from './info.ts';
import { hex, PREAMBLE_BYTES, type Preamble, readPreamble } from './preamble.ts';
import { packError } from './problem.ts';
import { type IndexEntry, readRuns } from './runs.ts';

/** Where a sound's codes lie in the file. */
export interface CodesPlace {
  sound: BakedSound;
  from: number;
  bytes: number;
  crc: number;
}

export interface Contents {
  info: TokenPackInfo;
  /** In the file's order. */
  places: CodesPlace[];
  /** Of preamble, header and index. */
  indexBytes: number;
  codesBytes: number;
}

/** What is asked for first: a pack of a hundred takes needs no second request. */
const FIRST_READ = 8192;

/** @throws TokenPackError, and what the source throws */
export async function readContents(source: ByteSource): Promise<Contents> {
  const { place } = source;
  const first = await source.read(0, FIRST_READ);
  const preamble = readPreamble(first, place);
  const index = await readIndexBytes(source, first, preamble);
  const reader = createByteReader(index, place, PREAMBLE_BYTES);
  const info = readInfo(reader);
  const indexBytes = PREAMBLE_BYTES + preamble.indexBytes;
  const places = placesOf(readRuns(reader, info), info, indexBytes);
  const end = places.at(-1);
  const expected = end === undefined ? 0 : end.from + end.bytes - indexBytes;
  if (expected !== preamble.codesBytes) {
    const problem = { expected: `${expected} bytes of codes`, found: `${preamble.codesBytes}` };
    throw packError({ place, byte: 16 }, problem);
  }
  checkTwins(places, place);
  return { info, places, indexBytes, codesBytes: preamble.codesBytes };
}

async function readIndexBytes(
  source: ByteSource,
  first: Uint8Array,
  { indexBytes, indexCrc }: Preamble,
): Promise<Uint8Array> {
  const { place } = source;
  const end = PREAMBLE_BYTES + indexBytes;
  const more = end > first.length ? await source.read(first.length, end) : first.subarray(0, 0);
  const found = first.length + more.length;
  if (found < end) {
    throw packError({ place, byte: found }, { expected: `${end} bytes`, found: 'the end' });
  }
  const index = new Uint8Array(indexBytes);
  index.set(first.subarray(PREAMBLE_BYTES, end));
  if (more.length > 0) index.set(more, first.length - PREAMBLE_BYTES);
  const crc = crc32(index);
  if (crc === indexCrc) return index;
  const problem = { expected: `an index of CRC-32 ${hex(indexCrc)}`, found: hex(crc) };
  throw packError({ place, byte: PREAMBLE_BYTES }, problem);
}

function placesOf(
  entries: readonly IndexEntry[],
  info: TokenPackInfo,
  begin: number,
): CodesPlace[] {
  let from = begin;
  return entries.map(({ sound, crc }) => {
    const bytes = codesBytes(info, sound.codecFrames);
    from += bytes;
    return { sound, crc, bytes, from: from - bytes };
  });
}

/** Two takes of one sound key hold the same codes, so that it does not matter which of them is read. */
function checkTwins(places: readonly CodesPlace[], place: string): void {
  const known = new Map<string, CodesPlace>();
  for (const one of places) {
    const twin = known.get(one.sound.soundKey) ?? one;
    known.set(one.sound.soundKey, twin);
    if (twin.crc === one.crc && twin.bytes === one.bytes) continue;
    const expected = `the codes of byte ${twin.from}, which have the same sound key`;
    throw packError({ place, byte: one.from }, { expected, found: 'others' });
  }
}

/** @returns u16 [numCodebooks, codecFrames]. @throws TokenPackError, and what the source throws */
export async function readCodesAt(
  kernels: Kernels,
  source: ByteSource,
  { sound, from, bytes, crc }: CodesPlace,
  info: TokenPackInfo,
): Promise<Uint16Array> {
  const packed = await source.read(from, from + bytes);
  const at = (byte: number) => ({ place: source.place, byte });
  const codesOf = `${bytes} bytes of codes of '${sound.sound}'`;
  if (packed.length !== bytes) {
    throw packError(at(from + Math.min(packed.length, bytes)), {
      expected: `${codesOf} from byte ${from} on`,
      found: `${packed.length}`,
    });
  }
  const found = crc32(packed);
  if (found !== crc) {
    throw packError(at(from), { expected: `${codesOf} of CRC-32 ${hex(crc)}`, found: hex(found) });
  }
  const count = info.numCodebooks * sound.codecFrames;
  const codes = unpackCodes(kernels, packed, count, bitsPerCode(info));
  const wrong = codes.findIndex((code) => code >= info.codebookSize);
  if (wrong < 0) return codes;
  const expected = `code ${wrong} of '${sound.sound}' below ${info.codebookSize}`;
  throw packError(at(from), { expected, found: `${codes[wrong]}` });
}
