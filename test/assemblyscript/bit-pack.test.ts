import { describe, expect, test } from 'vitest';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import * as twin from '../reference/bit-pack.ts';
import { LENGTHS, codes as seededCodes } from '../reference/seeded.ts';
import { guarded } from './canaries.ts';

const kernels = await loadKernels();
const WIDTHS = Array.from({ length: 16 }, (_, i) => i + 1);

describe.each(WIDTHS)('%i bits per code', (bits) => {
  test('every count from 0 to 67 packs to the twin’s bytes, and back', () => {
    for (const count of LENGTHS) {
      const codes = seededCodes(count, bits, 2 ** bits);
      const bytes = new Uint8Array(Math.ceil((count * bits) / 8));
      const packed = guarded(kernels, { codes, bytes }, (at) =>
        kernels.call.packBits(at.codes, count, bits, at.bytes),
      ).after.bytes;
      expect(packed).toEqual(twin.packBits(codes, bits));

      const empty = new Uint16Array(count);
      const back = guarded(kernels, { packed, empty }, (at) =>
        kernels.call.unpackBits(at.packed, count, bits, at.empty),
      ).after.empty;
      expect(back).toEqual(codes);
      expect(back).toEqual(twin.unpackBits(packed, count, bits));
    }
  });
});
