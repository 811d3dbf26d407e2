/** Whole decoders on guarded memory: the tiny pack's, and ones whose widths are no multiples of 4. */
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Spectrum } from '../../runtime/engine.ts';
import { createWasmCodecDecoder } from '../../runtime/engines/wasm-codec-decoder.ts';
import { createInverseStft } from '../../runtime/inverse-stft.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import type { TensorFile } from '../../runtime/safetensors.ts';
import * as twin from '../reference/codec-decoder.ts';
import { LENGTHS, codes as seeded } from '../reference/seeded.ts';
import { SMALL, smallDecoder } from '../reference/small-models.ts';
import { weightsOf } from '../reference/weights.ts';
import { onGuardedMemory } from './guarded-memory.ts';
import { readTinyManifest, readTinyTensors } from './read-tiny-pack.ts';
import { withTensor } from './with-tensor.ts';

interface Model {
  manifest: ModelManifest;
  tensors: TensorFile;
  slow: number;
  fast: number;
}

const smallModel = (slow: number, fast: number): Model => ({
  ...{ manifest: SMALL, tensors: smallDecoder({ slow, fast }) },
  ...{ slow, fast },
});
const small = smallModel(2, 2);
const tiny: Model = {
  manifest: await readTinyManifest(),
  tensors: await readTinyTensors('decoder.safetensors'),
  ...{ slow: 3, fast: 3 },
};

/** Codes [K][T]. */
type Rows = Uint16Array[];

function seededCodes(codecFrames: number, { manifest }: Model): Rows {
  const { numCodebooks, codebookSize } = manifest;
  return Array.from({ length: numCodebooks }, (_, k) =>
    seeded(codecFrames, 100 * codecFrames + k, codebookSize),
  );
}

/** Codec frames that go in at once. The last part of a sound is its end. */
type Parts = number[];

interface Sound {
  codes: Rows;
  parts: Parts;
}

/** PCM of each part of each sound, one sound after the other on the same memory. */
function decode({ manifest, tensors }: Model, sounds: Sound[]): Promise<Float32Array[][]> {
  return onGuardedMemory(async (kernels) => {
    const decoder = createWasmCodecDecoder(kernels, manifest, tensors);
    const pcm: Float32Array[][] = [];
    for (const { codes, parts } of sounds) {
      const stream = decoder.open();
      const pushed: Float32Array[] = [];
      let from = 0;
      for (const [i, count] of parts.entries()) {
        const part = codes.flatMap((row) => [...row.subarray(from, from + count)]);
        pushed.push(await stream.push(Uint16Array.from(part), count, i === parts.length - 1));
        from += count;
      }
      stream.dispose();
      pcm.push(pushed);
    }
    return pcm;
  });
}

const joined = (parts: Float32Array[]) => Float32Array.from(parts.flatMap((part) => [...part]));

/** Makes the twin's PCM: its spectrum through the inverse STFT, which has a twin of its own. */
async function createTwin({ manifest, tensors, slow, fast }: Model) {
  const weights = weightsOf(tensors);
  const { stft, sampleRate, partials } = manifest;
  const inverse = createInverseStft(await loadKernels(), { ...stft, sampleRate });
  const channels = partials?.channels ?? 0;
  return (codes: Rows): Float32Array =>
    inverse.run(asSpectrum(twin.decodeCodes(weights, codes, { slow, fast }), channels));
}

function asSpectrum(stftFrames: twin.StftFrame[], channels: number): Spectrum {
  const plane = (part: keyof twin.StftFrame) =>
    joined(stftFrames.map((each) => Float32Array.from(each[part])));
  const partials = { gain: plane('gain'), frequency: plane('frequency'), channels };
  const bins = { real: plane('real'), imag: plane('imag'), noise: plane('noise') };
  return { ...bins, frames: stftFrames.length, partials };
}

/** Largest difference, relative to the largest sample. */
function distance(pcm: Float32Array, wanted: Float32Array): number {
  expect(pcm.length).toBe(wanted.length);
  const largest = wanted.reduce((found, x) => Math.max(found, Math.abs(x)), 0);
  return pcm.reduce((worst, x, i) => Math.max(worst, Math.abs(x - wanted[i]!)), 0) / largest;
}

/** Partials' phases run on, and what rounding did to their frequencies with them. */
const bound = (codecFrames: number) => 2 ** -19 * (1 + codecFrames);

describe('against the twin, to 2⁻¹⁹ a codec frame', async () => {
  const twinPcm = await createTwin(small);
  const sounds = LENGTHS.slice(1).map((length) => ({
    codes: seededCodes(length, small),
    parts: [length],
  }));
  let pcm: Float32Array[][];
  beforeAll(async () => {
    pcm = await decode(small, sounds);
  });

  test.each(LENGTHS.slice(1))('%i codec frames', (codecFrames) => {
    const wanted = twinPcm(sounds[codecFrames - 1]!.codes);
    expect(distance(joined(pcm[codecFrames - 1]!), wanted)).toBeLessThan(bound(codecFrames));
  });

  test.each([
    [1, 0],
    [1, 3],
    [3, 1],
  ])('%i slow and %i fast blocks', async (slow, fast) => {
    const model = smallModel(slow, fast);
    const codes = seededCodes(19, model);
    const [found] = await decode(model, [{ codes, parts: [19] }]);
    expect(distance(joined(found!), (await createTwin(model))(codes))).toBeLessThan(bound(19));
  });

  test('the tiny pack, to 2⁻¹⁴: a partial halfway between two bins may fall to either side', async () => {
    const twinTiny = await createTwin(tiny);
    for (const length of [1, 4, 17, 40]) {
      const codes = seededCodes(length, tiny);
      const [found] = await decode(tiny, [{ codes, parts: [length] }]);
      expect(distance(joined(found!), twinTiny(codes))).toBeLessThan(2 ** -14);
    }
  });
});

/** Cuts a sound at seeded places, now and then twice at the same. */
function seededParts(codecFrames: number, most: number): Parts {
  const sizes = seeded(200, codecFrames + most, most + 1);
  const parts: Parts = [];
  let left = codecFrames;
  for (let i = 0; left > 0; i++) {
    parts.push(Math.min(left, sizes[i]!));
    left -= parts.at(-1)!;
  }
  return parts;
}

describe('streamed', () => {
  test.each([1, 2, 5, 30])(
    'in parts of up to %i codec frames bit for bit whole, at every length',
    async (most) => {
      const sounds = LENGTHS.map((length) => seededCodes(length, small));
      const whole = await decode(
        small,
        sounds.map((codes, length) => ({ codes, parts: [length] })),
      );
      const streamed = await decode(
        small,
        sounds.map((codes, length) => ({ codes, parts: [...seededParts(length, most), 0] })),
      );
      const differs = (i: number) => !isDeepStrictEqual(joined(streamed[i]!), joined(whole[i]!));
      expect(LENGTHS.filter(differs)).toEqual([]);
    },
  );

  test.each([
    ['odd widths', small, 43],
    ['the tiny pack', tiny, 20],
  ])(
    '%s: what no later codec frame reaches comes out, the rest at the end',
    async (_, model, length) => {
      const { stft, sampleRate, codecFrameRate } = model.manifest;
      const samples = sampleRate / codecFrameRate;
      const parts = [...seededParts(length, 6), 0];
      const [pcm] = await decode(model, [{ codes: seededCodes(length, model), parts }]);
      let pushed = 0;
      let out = 0;
      for (const [i, part] of pcm!.entries()) {
        pushed += parts[i]!;
        out += part.length;
        const settled = (pushed - 3) * samples - (stft.size - stft.hop) / 2;
        const isLast = i === parts.length - 1;
        expect(out).toBe(isLast ? length * samples : Math.max(0, settled));
      }
    },
  );
});

describe('a code vector that is NaN', () => {
  const tensors = withTensor(small.tensors, 'codebooks.0.scale', (scale) =>
    scale.fill(Number.NaN, 4, 5),
  );
  const broken = { ...small, tensors };
  const clean = seededCodes(40, small);
  const [first, ...others] = clean.map((row) => row.slice());
  const without = [first!.map((code) => (code === 4 ? 5 : code)), ...others];
  const withNan = [without[0]!.with(20, 4), ...others];

  test('leaves what comes before it as it was, and the sounds after its own', async () => {
    const parts = [7, 14, 19];
    const [alone] = await decode(broken, [{ codes: without, parts }]);
    const [before, hit, after] = await decode(broken, [
      { codes: without, parts },
      { codes: withNan, parts },
      { codes: without, parts },
    ]);
    expect(before).toEqual(alone);
    expect(after).toEqual(alone);
    const { size, hop } = SMALL.stft;
    const reached = (20 - 3) * 2 * hop - (size - hop) / 2;
    const pcm = joined(hit!);
    expect(pcm.slice(0, reached)).toEqual(joined(alone!).slice(0, reached));
    expect(pcm[reached]).toBeNaN();
  });
});
