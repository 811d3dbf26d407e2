/** What is baked sounds as what was generated: to the sample, with the real model. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import {
  type BakedDecoder,
  checkCodec,
  createBakedDecoder,
  openDecoderPack,
} from '../../runtime/baked-decoder.ts';
import type { BakedTake, SoundRequestInput } from '../../runtime/contract.ts';
import { ModelPackError, TokenPackError } from '../../runtime/errors.ts';
import { loadFastestKernels } from '../../runtime/kernels/fastest-kernels.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import type { PipelineTake } from '../../runtime/pipeline.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import {
  bytesSource,
  openTokenPack,
  packInfoOf,
  type TokenPackInfo,
  writeTokenPack,
} from '../../runtime/token-pack.ts';
import { INFO } from './baked-takes.ts';
import { TINY_PACK } from './tiny-pack.ts';

const FOLEY_TINY = 'models/foley-tiny';

const REQUESTS: SoundRequestInput[] = [
  { prompt: 'heavy wooden door slams', seed: 3, duration: 0.6 },
  { prompt: 'light footstep on gravel', duration: 0.1 },
  { prompt: 'steady rain on leaves', loop: true, duration: 1.2 },
  { prompt: 'camp fire crackles', loop: true, duration: 0.3, topK: 20 },
];

let made: NodePipeline;
let takes: PipelineTake[];
let decoder: BakedDecoder;
beforeAll(async () => {
  made = await openNodePipeline(FOLEY_TINY);
  takes = [];
  for (const request of REQUESTS) {
    const complete = completeRequest(request, 1, made.pack.manifest);
    takes.push(await made.pipeline.generate(complete, { wantsIntermediates: true }));
  }
  const { manifest, weights } = await openDecoderPack(folderSource(FOLEY_TINY, readFile));
  decoder = createBakedDecoder(await loadFastestKernels(), manifest, weights);
});
afterAll(() => made.pipeline.dispose());

function baked(take: PipelineTake, request: SoundRequestInput): BakedTake {
  const { id: _id, priority: _priority, ...spec } = completeRequest(request, 1, made.pack.manifest);
  const { codes, soundKey, model, licence } = take;
  return {
    ...{ sound: 'sound', spec, seed: spec.seed, soundKey, model, licence, codes },
    codecFrames: codes.length / 4,
    plan: take.intermediates!.plan,
    loudness: -20,
    truePeak: -1,
  };
}

describe('baked decoder', () => {
  test.each(REQUESTS.map((request, i) => [request.prompt, i] as const))(
    '%s: through a pack and back, the same PCM to the sample',
    async (_, i) => {
      const { kernels, pack } = made;
      const info = packInfoOf(pack.manifest);
      const bytes = writeTokenPack(kernels, info, [baked(takes[i]!, REQUESTS[i]!)]);
      const tokenPack = await openTokenPack(bytesSource(bytes, 'sounds.foley'));
      const sound = tokenPack.find(REQUESTS[i]!)!;
      const codes = await tokenPack.readCodes(kernels, sound);
      const take = await decoder.decode({ ...sound, codes });

      const { intermediates: _between, ...generated } = takes[i]!;
      expect(take.pcm).toEqual(generated.pcm);
      const own = { id: 0, source: 'baked', timings: take.timings };
      expect(take).toEqual({ ...generated, ...own });
      expect(take.timings).toMatchObject({ textMs: 0, tokensMs: 0, steps: 0 });
      checkCodec(tokenPack, pack.manifest);
    },
  );

  test('two at once, and one after the other, sound the same', async () => {
    const [door, step] = [0, 1].map((i) => baked(takes[i]!, REQUESTS[i]!));
    const both = await Promise.all([decoder.decode(door!), decoder.decode(step!)]);
    expect(both.map(({ pcm }) => pcm)).toEqual([takes[0]!.pcm, takes[1]!.pcm]);
  });

  test('a take that was rolled again answers to the seed that was asked for', async () => {
    const door = baked(takes[0]!, REQUESTS[0]!);
    const take = await decoder.decode({ ...door, spec: { ...door.spec, seed: 7 } });
    expect([take.seed, take.soundKey]).toEqual([7, door.soundKey]);
  });
});

describe('what does not fit', () => {
  test('codes beyond the codebook, too few codes, a plan of another sound', async () => {
    const door = baked(takes[0]!, REQUESTS[0]!);
    const high = { ...door, codes: door.codes.map(() => 1024) };
    await expect(decoder.decode(high)).rejects.toThrow(/120 codes below 1024.* largest 1024/);
    const few = { ...door, codes: door.codes.subarray(1) };
    await expect(decoder.decode(few)).rejects.toThrow(/120 codes below 1024, we got 119/);
    const plan = { ...door.plan, length: 1e6 };
    await expect(decoder.decode({ ...door, plan })).rejects.toThrow(/plan is of another sound/);
  });

  test('a pack of another codec: both hashes are named', async () => {
    const { kernels, pack } = made;
    const openAs = (info: TokenPackInfo) =>
      openTokenPack(bytesSource(writeTokenPack(kernels, info, []), 'old.foley'));
    const other = await openAs(INFO);
    const check = () => checkCodec(other, pack.manifest);
    const fewer = await openAs({ ...packInfoOf(pack.manifest), numCodebooks: 2 });
    expect(() => checkCodec(fewer, pack.manifest)).toThrow(
      /expected.*numCodebooks 4.*found.*numCodebooks 2/,
    );
    expect(check).toThrow(TokenPackError);
    expect(check).toThrow(
      /old\.foley is of another codec: expected codecHash fea91164.*found codecHash c0c0c0/,
    );
  });

  test('a model without a decoder of its own can have no packs', () => {
    const { manifest } = made.pack;
    expect(() => packInfoOf({ ...manifest, files: {} })).toThrow(/foley-tiny has no decoder/);
  });

  test('a model pack whose decoder is damaged', async () => {
    const folder = folderSource(TINY_PACK, readFile);
    const source = {
      ...folder,
      read: async (file: string) => {
        const bytes = await folder.read(file);
        return file === 'model.json' ? bytes : bytes.subarray(1);
      },
    };
    await expect(openDecoderPack(source)).rejects.toThrow(ModelPackError);
    await expect(openDecoderPack(source)).rejects.toThrow(/decoder\.safetensors: expected 552152/);
  });

  test('model.json and the decoder are read, and no other file', async () => {
    const reads: string[] = [];
    const folder = folderSource(TINY_PACK, readFile);
    const read = (file: string) => {
      reads.push(file);
      return folder.read(file);
    };
    await openDecoderPack({ ...folder, read });
    expect(reads).toEqual(['model.json', 'decoder.safetensors']);
  });
});
