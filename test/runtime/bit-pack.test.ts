import { describe, expect, test } from 'vitest';
import { packCodes, packedSize, unpackCodes } from '../../runtime/bit-pack.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import { LENGTHS, codes as seededCodes } from '../reference/seeded.ts';

const kernels = await loadKernels();

test('pack then unpack is the identity at every count and width', () => {
  for (let bits = 1; bits <= 16; bits++) {
    for (const count of LENGTHS) {
      const codes = seededCodes(count, bits, 2 ** bits);
      const bytes = packCodes(kernels, codes, bits);
      expect(bytes.length).toBe(packedSize(count, bits));
      expect(unpackCodes(kernels, bytes, count, bits)).toEqual(codes);
    }
  }
});

test('a second of 4 codebooks at 10 bits and 50 codec frames is 250 bytes', () => {
  expect(packCodes(kernels, seededCodes(200, 1, 1024), 10).length).toBe(250);
});

test('least significant bit first', () => {
  const bytes = packCodes(kernels, Uint16Array.of(0b1000000001, 0b11), 10);
  expect(Array.from(bytes)).toEqual([0b00000001, 0b00001110, 0]);
});

test('bytes beyond what is needed are ignored', () => {
  const bytes = Uint8Array.of(1, 2, 3, 255, 255);
  expect(unpackCodes(kernels, bytes, 3, 8)).toEqual(Uint16Array.of(1, 2, 3));
});

describe('bad input', () => {
  test('a code that does not fit is named', () => {
    expect(() => packCodes(kernels, Uint16Array.of(5, 1024), 10)).toThrow(RangeError);
    expect(() => packCodes(kernels, Uint16Array.of(5, 1024), 10)).toThrow(/code 1 .*got 1024/);
  });

  test('data cut short is told with both sizes', () => {
    expect(() => unpackCodes(kernels, new Uint8Array(12), 10, 10)).toThrow(RangeError);
    expect(() => unpackCodes(kernels, new Uint8Array(12), 10, 10)).toThrow(/13 bytes, we got 12/);
  });

  test.each([0, 17, 2.5, Number.NaN])('%d bits are refused', (bits) => {
    expect(() => packCodes(kernels, Uint16Array.of(0), bits)).toThrow(RangeError);
    expect(() => unpackCodes(kernels, Uint8Array.of(0), 0, bits)).toThrow(RangeError);
  });

  test.each([-1, 1.5, Number.NaN])('%d codes are refused', (count) => {
    expect(() => unpackCodes(kernels, new Uint8Array(99), count, 8)).toThrow(RangeError);
  });
});
