import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type NodePipeline, openNodePipeline } from '../../../bake/node-pipeline.ts';
import { neededCodes } from '../../../bake/take-maker/needed-codes.ts';
import {
  type BakedDecoder,
  createBakedDecoder,
  openDecoderPack,
} from '../../../runtime/baked-decoder.ts';
import { loadKernels } from '../../../runtime/kernels/kernels.ts';
import { folderSource } from '../../../runtime/pack-source.ts';
import type { PipelineTake } from '../../../runtime/pipeline.ts';

const MODEL = 'models/foley-tiny';
let node: NodePipeline;
let decoder: BakedDecoder;

beforeAll(async () => {
  node = await openNodePipeline(MODEL);
  const { manifest, weights } = await openDecoderPack(folderSource(MODEL, readFile));
  decoder = createBakedDecoder(await loadKernels(), manifest, weights);
});

/** The take as the pipeline made it, and as it is decoded from what is kept of its codes. */
async function bothWays(prompt: string, duration: number, loop: boolean, fewer = 0) {
  const { sampling, numCodebooks } = node.pack.manifest;
  const spec = { prompt, duration, loop, seed: 3, ...sampling };
  const request = { ...spec, id: 1, priority: 0 };
  const made = await node.pipeline.generate(request, { wantsIntermediates: true });
  const plan = planOf(made);
  const codes = without(neededCodes(made.codes, plan, node.pack.manifest), numCodebooks, fewer);
  const { soundKey, model, licence } = made;
  const baked = await decoder.decode({
    ...{ sound: 'sound', spec, seed: 3, soundKey, model, licence, plan, codes },
    ...{ codecFrames: codes.length / numCodebooks, loudness: -20, truePeak: -1 },
  });
  return { made, baked, share: codes.length / made.codes.length };
}

function planOf({ intermediates }: PipelineTake) {
  if (intermediates === undefined) throw new Error('needed-codes.test: no intermediates');
  return intermediates.plan;
}

/** The last codec frames left out, too. */
function without(codes: Uint16Array, numCodebooks: number, fewer: number): Uint16Array {
  const codecFrames = codes.length / numCodebooks;
  return codes.filter((_, index) => index % codecFrames < codecFrames - fewer);
}

describe('codes that are kept', () => {
  test.each([
    ['a soft footstep on wood', 1, false],
    ['a switch clicks', 2, false],
    ['glass shatters', 1, false],
    ['pouring rain', 2, false],
    ['a steady diesel truck engine runs', 2, true],
  ])('%s, %f s, loop %s: the same PCM, to the sample', async (prompt, duration, loop) => {
    const { made, baked } = await bothWays(prompt, duration, loop);
    expect(baked.pcm).toEqual(made.pcm);
    expect(baked.loop).toEqual(made.loop);
  });

  test('of a click that was asked for with two seconds a small part', async () => {
    const { share } = await bothWays('a switch clicks', 2, false);
    expect(share).toBeLessThan(0.5);
  });

  test('are no more than a few codec frames too many: with four less it is another sound', async () => {
    const { made, baked } = await bothWays('a switch clicks', 2, false, 4);
    expect(baked.pcm).not.toEqual(made.pcm);
  });
});

describe('by numbers', () => {
  const SHAPE = {
    sampleRate: 100,
    codecFrameRate: 10,
    numCodebooks: 2,
    stft: { size: 20, hop: 5 },
  };
  const CODES = Uint16Array.from({ length: 2 * 20 }, (_, index) => index);
  const keptFor = (start: number, length: number, crossfade = 0) =>
    neededCodes(CODES, { start, length, crossfade }, SHAPE);

  test('up to the end, over the STFT, and what the decoder looks ahead; row by row', () => {
    expect([...keptFor(10, 21)]).toEqual([
      ...Array.from({ length: 9 }, (_, index) => index),
      ...Array.from({ length: 9 }, (_, index) => 20 + index),
    ]);
  });

  test('a seam counts, and there is never more than there was', () => {
    expect(keptFor(10, 20, 10).length).toBe(2 * 9);
    expect(keptFor(0, 200)).toEqual(CODES);
  });
});
