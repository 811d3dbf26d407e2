import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TakeMaker } from '../../bake/contract.ts';
import { writeAssets } from '../../bake/formats.ts';
import { createTakeEncoder } from '../../bake/take-encoder.ts';
import { createTakeMaker } from '../../bake/take-maker.ts';
import type { BakedTake } from '../../runtime/contract.ts';
import { TINY_PACK } from '../runtime/tiny-pack.ts';
import { job } from './records.ts';

let maker: TakeMaker;
let take: BakedTake;
beforeAll(async () => {
  maker = await createTakeMaker({ model: TINY_PACK, gate: null });
  ({ take } = await maker.make(job({ prompt: 'a door', duration: 0.1, seed: 3 })));
});
afterAll(() => maker?.dispose());

describe('a take as files', () => {
  test('come in the order that is asked for, alike every time', async () => {
    const encode = createTakeEncoder(TINY_PACK);
    const [flac, wav] = await encode({ take, formats: ['flac', 'wav'] });
    const heads = [flac!, wav!].map((file) => Buffer.from(file.subarray(0, 4)).toString());
    expect(heads).toEqual(['fLaC', 'RIFF']);
    const again = await createTakeEncoder(TINY_PACK)({ take, formats: ['wav', 'opus', 'flac'] });
    expect([again[2], again[0]]).toEqual([flac, wav]);
  });

  test('an encoder’s error names the take and the format', async () => {
    const broken: typeof writeAssets = async (format, ...given) => {
      if (format === 'opus') throw new Error('opus: out of memory. Write WAV instead.');
      return writeAssets(format, ...given);
    };
    const encode = createTakeEncoder(TINY_PACK, broken);
    await expect(encode({ take, formats: ['wav', 'opus'] })).rejects.toThrow(
      "take-encoder: 'a door' (sound 'door', seed 3) cannot be made opus: opus: out of memory. Write WAV instead.",
    );
  });

  test('codes that are none name it, too', async () => {
    const codes = take.codes.map(() => 65535);
    const encode = createTakeEncoder(TINY_PACK);
    const end = encode({ take: { ...take, codes }, formats: ['wav'] });
    await expect(end).rejects.toThrow(/'door' should have \d+ codes below/);
  });

  test('aborted, it ends before the next format', async () => {
    const stop = new AbortController();
    const encode = createTakeEncoder(TINY_PACK, async (...given) => {
      stop.abort();
      return writeAssets(...given);
    });
    const end = encode({ take, formats: ['wav', 'flac'] }, stop.signal);
    await expect(end).rejects.toMatchObject({ name: 'AbortError' });
  });
});
