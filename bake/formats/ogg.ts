/**
 * Packets → Ogg pages.
 *
 *   'OggS' 0 flags granule(u64) serial number CRC count | count lacing bytes | packets…
 *                                                          a packet of n bytes: 255 for every 255 of them, then the rest
 *
 * flags: 2 the stream's first page, 4 its last. A page ends with a packet's end: none here is longer than a page.
 * Source: RFC 3533.
 */
import { joinedBytes } from '../../runtime/joined-bytes.ts';
import { utf8, words } from './bytes.ts';

export interface OggPage {
  packets: readonly Uint8Array[];
  /** What has been told once this page is decoded: samples at 48 kHz for Opus, 0 for headers. */
  granule: number;
}

const MAX_SEGMENTS = 255;
const FIRST = 2;
const LAST = 4;

/** @param serial uint32: tells this stream from others in one file */
export function oggStream(pages: readonly OggPage[], serial: number): Uint8Array<ArrayBuffer> {
  return joinedBytes(
    pages.map((page, number) => pageBytes(page, flagsOf(number, pages), serial, number)),
  );
}

function flagsOf(number: number, pages: readonly OggPage[]): number {
  return (number === 0 ? FIRST : 0) + (number === pages.length - 1 ? LAST : 0);
}

function pageBytes({ packets, granule }: OggPage, flags: number, serial: number, number: number) {
  const lacing = packets.flatMap(({ length }) => lacingOf(length));
  if (lacing.length > MAX_SEGMENTS) {
    throw new RangeError(
      `ogg: a page holds ${MAX_SEGMENTS} segments, got ${lacing.length}. Put fewer packets into a page.`,
    );
  }
  const page = joinedBytes([
    utf8('OggS'),
    Uint8Array.of(0, flags),
    words(granule % 2 ** 32, Math.floor(granule / 2 ** 32), serial, number, 0),
    Uint8Array.of(lacing.length, ...lacing),
    ...packets,
  ]);
  page.set(words(oggCrc(page)), 22);
  return page;
}

function lacingOf(length: number): number[] {
  return [...new Array<number>(Math.floor(length / 255)).fill(255), length % 255];
}

/** CRC-32 with the polynomial 0x04C11DB7, not reflected, from 0. Its own bytes count as 0. */
export function oggCrc(page: Uint8Array): number {
  let crc = 0;
  for (const byte of page) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}
