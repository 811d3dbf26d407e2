import { beforeAll, describe, expect, test } from 'vitest';
import type { BakedTake } from '../../runtime/contract.ts';
import { crc32 } from '../../runtime/crc32.ts';
import { TokenPackError } from '../../runtime/errors.ts';
import { type Kernels, loadKernels } from '../../runtime/kernels/kernels.ts';
import { bytesSource, openTokenPack, writeTokenPack } from '../../runtime/token-pack.ts';
import { fastRandom } from '../reference/seeded.ts';
import { bakedTake, bakedTakes, INFO, type TakeChoice } from './baked-takes.ts';

let kernels: Kernels;
beforeAll(async () => {
  kernels = await loadKernels();
});

const write = (takes: readonly BakedTake[]) => writeTokenPack(kernels, INFO, takes);
const open = (bytes: Uint8Array) => openTokenPack(bytesSource(bytes, 'sounds.foley'));

async function readAll(bytes: Uint8Array): Promise<BakedTake[]> {
  const pack = await open(bytes);
  const takes: BakedTake[] = [];
  for (const sound of pack.sounds) {
    takes.push({ ...sound, codes: await pack.readCodes(kernels, sound) });
  }
  return takes;
}

/** Any take that a pack may hold. */
function anyTake(random: () => number, draw: number): BakedTake {
  const one = <T>(...values: T[]) => values[Math.floor(random() * values.length)]!;
  const choice: TakeChoice = {
    sound: one('step', 'Regen 🌧', 'x'.repeat(256)),
    prompt: one('rain', 'Ünïcödé — 雨', '🌧'.repeat(256), '\ufeffmark'.trim()),
    seed: one(0, 1, 127, 128, 16383, 16384, 2 ** 31, 2 ** 32 - 1),
    duration: one(0.1, 1 / 3, 10),
    loop: random() < 0.5,
    codecFrames: one(1, 2, 3, 127, 128, 600),
    model: one('foley-tiny', 'other'),
    draw,
    ...(random() < 0.3 && { rolledTo: one(0, 2 ** 32 - 1) }),
    ...(random() < 0.3 && { sampling: { topP: 0.1, guidanceScale: one(1, 7.5), topK: 0 } }),
  };
  return bakedTake(choice);
}

describe('token pack', () => {
  test('written, opened and read: the same takes, whatever they are', async () => {
    const random = fastRandom(1);
    for (let round = 0; round < 40; round++) {
      const count = Math.floor(random() * 12);
      const takes = Array.from({ length: count }, (_, i) => anyTake(random, 100 * round + i));
      expect(await readAll(write(takes))).toEqual(takes);
    }
  });

  test('same takes, same bytes; what is read writes the same bytes again', async () => {
    const bytes = write(bakedTakes(50));
    expect(write(bakedTakes(50))).toEqual(bytes);
    expect(write(await readAll(bytes))).toEqual(bytes);
  });

  test('header and sizes are told', async () => {
    const bytes = write(bakedTakes(10));
    const pack = await open(bytes);
    expect(pack.info).toEqual(INFO);
    expect(pack.place).toBe('sounds.foley');
    expect(pack.bytes.codes).toBe(8 * 125 + 2 * 545);
    expect(pack.bytes.index + pack.bytes.codes).toBe(bytes.length);
  });

  test('a thousand takes: the index takes at most 68 bytes each', async () => {
    const pack = await open(write(bakedTakes(1000)));
    expect(pack.sounds).toHaveLength(1000);
    expect(pack.bytes.index / 1000).toBeLessThan(68);
  });

  test('sampling that is the header’s costs nothing, other sampling is written once', () => {
    const other = { topK: 5 };
    const sizes = [{}, other].map(
      (sampling) => write([0, 1, 2].map((seed) => bakedTake({ seed, sampling }))).length,
    );
    expect(sizes[1]! - sizes[0]!).toBe(3 * 8 + 1);
  });

  test('a pack of no sounds', async () => {
    expect((await open(write([]))).sounds).toEqual([]);
  });
});

describe('reading from afar', () => {
  async function watched(bytes: Uint8Array) {
    const reads: [number, number][] = [];
    const source = bytesSource(bytes, 'far.foley');
    const read = (from: number, to: number) => {
      reads.push([from, to]);
      return source.read(from, to);
    };
    return { reads, pack: await openTokenPack({ place: 'far.foley', read }) };
  }

  test('a pack of a hundred takes opens with one read, and codes are not among what is asked for', async () => {
    const { reads } = await watched(write(bakedTakes(100)));
    expect(reads).toEqual([[0, 8192]]);
  });

  test('of a thousand, exactly the rest of the index is asked for', async () => {
    const { reads, pack } = await watched(write(bakedTakes(1000)));
    expect(reads).toEqual([
      [0, 8192],
      [8192, pack.bytes.index],
    ]);
  });

  test('codes of a sound are one read of their own bytes', async () => {
    const { reads, pack } = await watched(write(bakedTakes(100)));
    reads.length = 0;
    const codes = await pack.readCodes(kernels, structuredClone(pack.sounds[2]!));
    expect(codes).toEqual(bakedTakes(100)[2]!.codes);
    expect(reads).toEqual([[pack.bytes.index + 250, pack.bytes.index + 375]]);
  });
});

describe('find', () => {
  const own = { guidanceScale: 5, topK: 7 };
  const takes = [
    bakedTake({ seed: 0, draw: 1 }),
    bakedTake({ seed: 1, rolledTo: 77, draw: 2 }),
    bakedTake({ seed: 1, loop: true, draw: 3 }),
    bakedTake({ seed: 1, duration: 1, draw: 4 }),
    bakedTake({ seed: 1, sampling: own, draw: 5 }),
    bakedTake({ sound: 'rain', prompt: 'rain', duration: 1, draw: 6 }),
  ];
  const found = async (request: Parameters<Awaited<ReturnType<typeof open>>['find']>[0]) => {
    const pack = await open(write(takes));
    return pack.sounds.indexOf(pack.find(request)!);
  };
  const prompt = 'light footstep on wood';

  test('by prompt, duration, seed, loop and sampling; the seed is the one asked for', async () => {
    expect(await found({ prompt, duration: 0.5, seed: 1 })).toBe(1);
    expect(await found({ prompt, duration: 0.5, seed: 1, loop: true })).toBe(2);
    expect(await found({ prompt, duration: 1, seed: 1 })).toBe(3);
    expect(await found({ prompt, duration: 0.5, seed: 1, ...own })).toBe(4);
    expect(await found({ prompt, duration: 0.5, seed: 1, topK: 9 })).toBe(-1);
  });

  test('a take that was rolled again answers to its own seed too, under that seed', async () => {
    const pack = await open(write(takes));
    const rolled = pack.sounds[1];
    const locked = pack.find({ prompt, duration: 0.5, seed: 77 });
    expect(locked).toEqual({ ...rolled, spec: { ...rolled?.spec, seed: 77 } });
    expect(pack.find({ prompt, duration: 0.5, seed: 78 })).toBeUndefined();
    expect(await pack.readCodes(kernels, locked!)).toEqual(takes[1]?.codes);
  });

  test('what is left out is the default; priority is no matter; the prompt is trimmed', async () => {
    expect(await found({ prompt: '  rain ' })).toBe(5);
    expect(await found({ prompt, duration: 0.5, priority: 9, topK: 128 })).toBe(0);
    expect(await found({ prompt: 'snow' })).toBe(-1);
  });

  test('a request out of its limits is a RangeError', async () => {
    await expect(found({ prompt: '' })).rejects.toThrow(RangeError);
    await expect(found({ prompt, topK: 2000 })).rejects.toThrow(/topK must be/);
  });
});

describe('what cannot be written', () => {
  const take = bakedTake();
  const { plan, spec } = take;
  const cases: [string, Partial<BakedTake>, RegExp][] = [
    ['a prompt with spaces around', { spec: { ...spec, prompt: ' a' } }, /trimmed prompt/],
    ['a prompt of half a character', { spec: { ...spec, prompt: '\ud800' } }, /control characters/],
    ['a name with a line break', { sound: 'a\nb' }, /sound of 1 to 256 .*"a\\nb"/],
    ['a name of half a character', { model: '\udc00' }, /model of 1 to 256/],
    ['no licence', { licence: '' }, /licence of 1 to 256/],
    ['a seed of 33 bits', { seed: 2 ** 32 }, /seed from 0 to 4294967295, found 4294967296/],
    ['a key that is none', { soundKey: 'abc' }, /soundKey of 64/],
    ['no codec frames', { codecFrames: 0 }, /codecFrames, found 0/],
    ['codes of another length', { codes: new Uint16Array(7) }, /100 codes, found 7/],
    ['a code beyond the codebook', { codes: new Uint16Array(100).fill(1024) }, /code 0 below 1024/],
    ['a cut beyond the end', { plan: { ...plan, length: 16001 } }, /cut within 16000 samples/],
    ['a seam beyond the end', { plan: { ...plan, length: 9000, crossfade: 8000 } }, /cut within/],
    ['a gain that is none', { plan: { ...plan, gainDb: Number.NaN } }, /gainDb/],
    ['a gain without bounds', { plan: { ...plan, gainDb: 1e30 } }, /gainDb from -200 to 200/],
    ['a correlation over 1', { plan: { ...plan, correlation: 1.5 } }, /correlation/],
    ['a loudness that is none', { loudness: Number.NaN }, /loudness/],
    ['a true peak of +∞', { truePeak: Number.POSITIVE_INFINITY }, /truePeak/],
  ];
  test.each(cases)('%s', (_, change, message) => {
    expect(() => write([bakedTake({ draw: 9 }), { ...take, ...change }])).toThrow(RangeError);
    expect(() => write([{ ...take, ...change }])).toThrow(message);
  });

  test('two takes of one sound key with other codes; with the same they may be', async () => {
    const other = { ...bakedTake({ draw: 2 }), soundKey: take.soundKey };
    expect(() => write([take, other])).toThrow(/take 1 \('footstep'\).*sound key had before/);
    const same = { ...take, sound: 'stair' };
    expect(await readAll(write([take, same]))).toEqual([take, same]);
  });

  test('a header out of its limits', () => {
    const wrong = [
      { codecHash: 'x' },
      { sampleRate: 0 },
      { codecFrameRate: 49.5 },
      { codecFrameRate: 51 },
      { codebookSize: 65536 },
      { sampling: { ...INFO.sampling, topK: 1025 } },
    ];
    for (const change of wrong) {
      const header = { ...INFO, ...change };
      expect(() => writeTokenPack(kernels, header, [])).toThrow(/the header cannot be written/);
    }
  });
});

describe('what cannot be read', () => {
  const bytes = () => write(bakedTakes(6));
  const opened = (change: (view: DataView, file: Uint8Array) => void) => {
    const file = bytes();
    change(new DataView(file.buffer), file);
    return open(file);
  };
  /** Puts the preamble's checksum right again, so that what lies behind it is met. */
  const sealed = (view: DataView) =>
    view.setUint32(24, crc32(new Uint8Array(view.buffer, 0, 24)), true);

  test('another file', async () => {
    const page = open(new TextEncoder().encode('<!doctype html>'));
    await expect(page).rejects.toThrow(TokenPackError);
    await expect(page).rejects.toThrow(
      'token-pack: sounds.foley, byte 0: expected the magic bytes 89 46 4f 4c 0d 0a 1a 0a, found 3c 21 64 6f 63 74 79 70. It is no token pack: check its address.',
    );
    await expect(open(new Uint8Array(0))).rejects.toThrow(/byte 0: .*found an empty file/);
  });

  test('line ends that were converted on the way', async () => {
    const converted = opened((_, file) => file.copyWithin(4, 5));
    await expect(converted).rejects.toThrow(/byte 4: expected the magic bytes/);
  });

  test('a newer version says so first', async () => {
    await expect(opened((view) => view.setUint32(8, 2, true))).rejects.toThrow(
      /byte 8: expected format version 1, found 2\. It is of a newer format: update scenefoley/,
    );
  });

  test('a flipped bit in the preamble, in the index, in codes', async () => {
    const flipped = (at: number) =>
      opened((_, file) => {
        file[at]! ^= 4;
      });
    await expect(flipped(13)).rejects.toThrow(/byte 24: expected CRC-32 .* of the preamble/);
    await expect(flipped(99)).rejects.toThrow(/byte 28: expected an index of CRC-32/);
    const file = bytes();
    const pack = await flipped(file.length - 1);
    await expect(pack.readCodes(kernels, pack.sounds[5]!)).rejects.toThrow(
      /byte \d+: expected 545 bytes of codes of 'rain' of CRC-32/,
    );
    expect(await pack.readCodes(kernels, pack.sounds[4]!)).toEqual(bakedTakes(6)[4]!.codes);
  });

  test('sizes beyond the file', async () => {
    const long = opened((view) => {
      view.setUint32(12, 2 ** 32 - 1, true);
      sealed(view);
    });
    await expect(long).rejects.toThrow(/byte \d+: expected 4294967323 bytes, found the end/);
    const codes = opened((view) => {
      view.setUint32(16, 2 ** 32 - 1, true);
      sealed(view);
    });
    await expect(codes).rejects.toThrow(/byte 16: expected 1590 bytes of codes, found 4294967295/);
  });

  test('cut short at every length: an error with the byte, or codes that are right', async () => {
    const file = bytes();
    const whole = bakedTakes(6);
    for (let length = 0; length < file.length; length++) {
      const pack = await open(file.subarray(0, length)).catch((error: Error) => error);
      if (pack instanceof Error) {
        expect(pack).toBeInstanceOf(TokenPackError);
        expect(pack.message).toMatch(/sounds\.foley, byte \d+: expected/);
        continue;
      }
      const last = pack.readCodes(kernels, pack.sounds[5]!);
      await expect(last).rejects.toThrow(`byte ${Math.max(length, file.length - 545)}: expected`);
      const first = await pack.readCodes(kernels, pack.sounds[0]!).catch(() => undefined);
      if (first !== undefined) expect(first).toEqual(whole[0]!.codes);
    }
  });

  test('a sound of another pack', async () => {
    const pack = await open(bytes());
    const stranger = bakedTake({ draw: 1234 });
    await expect(pack.readCodes(kernels, stranger)).rejects.toThrow(/no codes of sound key/);
  });
});
