/**
 * A thousand damaged packs: each is an error with its byte, or a pack whose readable codes are right. Half of them have
 * their checksums put right again, as somebody would who means harm.
 */
import { beforeAll, expect, test } from 'vitest';
import { crc32 } from '../../../runtime/crc32.ts';
import { TokenPackError } from '../../../runtime/errors.ts';
import { type Kernels, loadKernels } from '../../../runtime/kernels/kernels.ts';
import { openTokenPack, writeTokenPack } from '../../../runtime/token-pack.ts';
import { fastRandom } from '../../reference/seeded.ts';
import { bakedTake, bakedTakes, INFO } from '../baked-takes.ts';

const MOST_BYTES = 64 * 2 ** 20;
const PREAMBLE = 28;

const takes = [...bakedTakes(20), bakedTake({ rolledTo: 5, sampling: { topK: 3 }, draw: 99 })];
let kernels: Kernels;
let whole: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  kernels = await loadKernels();
  whole = writeTokenPack(kernels, INFO, takes);
});

type Random = (below: number) => number;
type Mutation = (file: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;

const MUTATIONS: Record<string, Mutation> = {
  truncate: (file, random) => file.slice(0, random(file.length)),
  flip(file, random) {
    for (let n = random(8); n >= 0; n--) file[random(file.length)]! ^= 1 << random(8);
    return file;
  },
  splice(file, random) {
    const [from, length] = [random(file.length), random(200)];
    file.copyWithin(random(file.length), from, from + length);
    return file;
  },
  remove(file, random) {
    const [from, length] = [random(file.length), 1 + random(50)];
    return Uint8Array.from([...file.subarray(0, from), ...file.subarray(from + length)]);
  },
  extend: (file, random) => Uint8Array.from([...file, ...Array(random(300)).fill(random(256))]),
  hugeCount(file, random) {
    // Varints of the index, and sizes of the preamble: as large as they can be.
    file.set([0xff, 0xff, 0xff, 0xff, 0x0f], 8 + random(file.length - 13));
    return file;
  },
};

/** Checksums and sizes put right. */
function sealed(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (file.length < PREAMBLE) return file;
  const view = new DataView(file.buffer);
  view.setUint32(20, crc32(file.subarray(PREAMBLE, PREAMBLE + view.getUint32(12, true))), true);
  view.setUint32(24, crc32(file.subarray(0, PREAMBLE - 4)), true);
  return file;
}

/** @returns how it went: the error's message, or how many sounds could be read. */
async function tried(file: Uint8Array): Promise<string | number> {
  let steps = 0;
  const read = async (from: number, to: number) => {
    steps += 1;
    expect(steps).toBeLessThan(100);
    return file.subarray(from, to);
  };
  try {
    const pack = await openTokenPack({ place: 'bad.foley', read });
    let right = 0;
    for (const sound of pack.sounds) {
      const codes = await pack.readCodes(kernels, sound).catch(onlyPackErrors);
      if (codes === undefined) continue;
      expect(takes.some((take) => `${take.codes}` === `${codes}`)).toBe(true);
      right += 1;
    }
    return right;
  } catch (error) {
    onlyPackErrors(error);
    return (error as Error).message;
  }
}

function onlyPackErrors(error: unknown): undefined {
  expect(error).toBeInstanceOf(TokenPackError);
  expect((error as Error).message).toMatch(
    /^token-pack: bad\.foley, byte \d+: expected .+, found .+\. [A-Z]/,
  );
}

const usedBytes = () => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

test('1,000 mutations: an error with its byte or codes that are right, within 64 MB', async () => {
  const random = fastRandom(6);
  const below = (limit: number) => Math.floor(random() * limit);
  const names = Object.keys(MUTATIONS);
  const messages = new Set<string>();
  let readable = 0;
  for (let n = 0; n < 1000; n++) {
    const mutated = MUTATIONS[names[n % names.length]!]!(whole.slice(), below);
    const file = Math.floor(n / names.length) % 2 === 0 ? mutated : sealed(mutated);
    const before = usedBytes();
    const outcome = await tried(file);
    expect(usedBytes() - before).toBeLessThan(MOST_BYTES);
    if (typeof outcome === 'number') readable += 1;
    else messages.add(outcome.replace(/\d+/g, 'N').slice(0, 60));
  }
  expect(readable).toBeGreaterThan(100); // damage in codes leaves the others readable
  expect(messages.size).toBeGreaterThan(20); // the damage was met in many places, not at the door alone
});

test('a larger pack with each count as large as it can be: no memory is set aside for it', async () => {
  const large = writeTokenPack(kernels, INFO, bakedTakes(1000));
  const indexBytes = new DataView(large.buffer).getUint32(12, true);
  for (let at = PREAMBLE; at < PREAMBLE + indexBytes; at += 2003) {
    const file = large.slice();
    file.set([0xff, 0xff, 0xff, 0xff, 0x0f], at);
    const before = usedBytes();
    await openTokenPack({
      place: 'bad.foley',
      read: async (a, b) => sealed(file).subarray(a, b),
    }).then(() => undefined, onlyPackErrors);
    expect(usedBytes() - before).toBeLessThan(MOST_BYTES);
  }
});
