/**
 * A folder of token packs, baked here in Node with the embedded model:
 *
 *   sounds.foley            twelve takes, two of them loops
 *   0.f32 … 11.f32          their PCM as Node decodes it
 *   thousand.foley          a thousand of 1 s, codes drawn at random: as large as real ones, and quickly made
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NodePipeline, openNodePipeline } from '../../bake/node-pipeline.ts';
import { createBakedDecoder, openDecoderPack } from '../../runtime/baked-decoder.ts';
import type { BakedTake, SoundRequestInput } from '../../runtime/contract.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { completeRequest } from '../../runtime/sound-request.ts';
import { packInfoOf, writeTokenPack } from '../../runtime/token-pack.ts';
import { root } from './source-files.ts';
import { thousandTakes } from './thousand-takes.ts';

const MODEL = join(root, 'models/foley-tiny');

export const BAKED: readonly SoundRequestInput[] = [
  ...[0, 1].flatMap((seed) => [
    { prompt: 'heavy wooden door slams', duration: 0.8, seed },
    { prompt: 'light footstep on gravel', duration: 0.4, seed },
    { prompt: 'glass breaks', duration: 0.6, seed },
    { prompt: 'bronze bell rings', duration: 1, seed },
    { prompt: 'short laser shot', duration: 0.3, seed },
  ]),
  { prompt: 'steady rain', duration: 1, loop: true },
  { prompt: 'camp fire crackles', duration: 0.8, loop: true },
];

export async function bakeFolder(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const made = await openNodePipeline(MODEL);
  const { kernels, pack } = made;
  const info = packInfoOf(pack.manifest);
  try {
    const takes = await bakeAll(made);
    writeFileSync(join(folder, 'sounds.foley'), writeTokenPack(kernels, info, takes));
    await writePcm(folder, takes, made);
  } finally {
    await made.pipeline.dispose();
  }
  writeFileSync(join(folder, 'thousand.foley'), writeTokenPack(kernels, info, thousandTakes(info)));
}

async function bakeAll(made: NodePipeline): Promise<BakedTake[]> {
  const takes: BakedTake[] = [];
  for (const input of BAKED) takes.push(await bakeOne(made, input));
  return takes;
}

async function bakeOne(
  { pipeline, pack: { manifest } }: NodePipeline,
  input: SoundRequestInput,
): Promise<BakedTake> {
  const request = completeRequest(input, 1, manifest);
  const take = await pipeline.generate(request, { wantsIntermediates: true });
  const { id: _id, priority: _priority, ...spec } = request;
  const { soundKey, model, licence, codes, intermediates } = take;
  if (intermediates === undefined) throw new Error('baked-folder: no plan came with the take.');
  return {
    ...{ sound: spec.prompt.replaceAll(' ', '-'), spec, seed: spec.seed, soundKey },
    ...{ codes, codecFrames: codes.length / manifest.numCodebooks, plan: intermediates.plan },
    ...{ loudness: -20, truePeak: -1, model, licence },
  };
}

async function writePcm(
  folder: string,
  takes: readonly BakedTake[],
  { kernels }: NodePipeline,
): Promise<void> {
  const { manifest, weights } = await openDecoderPack(folderSource(MODEL, readFile));
  const decoder = createBakedDecoder(kernels, manifest, weights);
  for (const [i, take] of takes.entries()) {
    const { pcm } = await decoder.decode(take);
    writeFileSync(join(folder, `${i}.f32`), new Uint8Array(pcm.buffer));
  }
}
