import { describe, expect, test } from 'vitest';
import { oggCrc, oggStream } from '../../../bake/formats/ogg.ts';

describe('Ogg', () => {
  test('the checksum is that of the polynomial 0x04C11DB7, not reflected, from 0', () => {
    // CRC-32/CKSUM's polynomial without its last inversion: catalogued check value 0x765E7680 ^ 0xFFFFFFFF
    expect(oggCrc(new TextEncoder().encode('123456789'))).toBe(0x89a1897f);
  });

  test('a page says its flags, time, stream, number and checksum', () => {
    const pages = [0, 1, 2].map((i) => ({ packets: [Uint8Array.of(7, 8)], granule: i * 2 ** 33 }));
    const stream = Buffer.from(oggStream(pages, 0xfedcba98));
    expect(stream.length).toBe(3 * 30);
    for (const [i, flags] of [2, 0, 4].entries()) {
      const page = Buffer.from(stream.subarray(30 * i, 30 * (i + 1)));
      expect(page.toString('latin1', 0, 4)).toBe('OggS');
      expect(page[5]).toBe(flags);
      expect(page.readBigUInt64LE(6)).toBe(BigInt(i) << 33n);
      expect([page.readUInt32LE(14), page.readUInt32LE(18)]).toEqual([0xfedcba98, i]);
      const checksum = page.readUInt32LE(22);
      expect(oggCrc(page.fill(0, 22, 26))).toBe(checksum);
    }
  });

  test('a packet of a multiple of 255 bytes ends with an empty segment', () => {
    const lacing = (length: number) => {
      const page = oggStream([{ packets: [new Uint8Array(length)], granule: 0 }], 1);
      return [...page.subarray(27, 27 + page[26]!)];
    };
    expect(lacing(0)).toEqual([0]);
    expect(lacing(254)).toEqual([254]);
    expect(lacing(255)).toEqual([255, 0]);
    expect(lacing(511)).toEqual([255, 255, 1]);
  });

  test('more than a page holds is an error', () => {
    const packets = [new Uint8Array(255 * 255)];
    expect(() => oggStream([{ packets, granule: 0 }], 1)).toThrow('255 segments, got 256');
  });
});
