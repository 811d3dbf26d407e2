/**
 * What a bake begins with: the sound map, checked, and the model's model.json. No weights are read.
 *
 *   sounds.yaml ──▶ SoundMap ─┬──▶ BakePlan ──▶ hash: the same means that there is nothing to do
 *   model.json  ──▶ facts  ───┘
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SoundMap } from '../../plugin/sound-definition.ts';
import { parseSoundMap } from '../../plugin/sound-map.ts';
import { arithmeticOf } from '../../runtime/choose-engine.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { ModelPack } from '../../runtime/model-pack.ts';
import { canonicalJson } from '../../runtime/sound-key.ts';
import { packInfoOf } from '../../runtime/token-pack.ts';
import type { AssetFormat, GateSettings } from '../contract.ts';
import { type MakingFacts, sha256Hex } from '../job-id.ts';
import { openModelFolder } from '../node-pipeline.ts';
import { type BakePlan, planBake } from './plan.ts';

export interface BakeInputs {
  map: SoundMap;
  model: ModelPack;
  facts: MakingFacts;
  plan: BakePlan;
  /** Of all that decides what is written. */
  hash: string;
}

/** To be raised when the same takes are written in another way. */
const WRITING = 1;

/**
 * @param soundMap path
 * @param model path or file: URL of the pack's folder
 * @throws SoundMapError, RangeError, ModelPackError
 */
export async function readInputs(
  soundMap: string,
  model: string,
  gate: GateSettings | null,
  formats: readonly AssetFormat[],
): Promise<BakeInputs> {
  const map = await readSoundMap(soundMap);
  const pack = await openModelFolder(model);
  packInfoOf(pack.manifest); // what nothing could play is not made
  const arithmetic = await arithmeticOf(pack.manifest);
  const facts = { modelHash: pack.hash, arithmetic, gate };
  const { sampling, codebookSize } = pack.manifest;
  const plan = planBake(map, { ...facts, sampling, codebookSize });
  const jobs = plan.jobs.map(({ id, sound }) => [sound, id]);
  const written = { writing: WRITING, soundMap: basename(soundMap), formats, jobs };
  const hash = sha256Hex(canonicalJson(written));
  return { map, model: pack, facts, plan, hash };
}

async function readSoundMap(path: string): Promise<SoundMap> {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw new Error(
      `bake: the sound map ${path} cannot be read: ${messageOf(error)}. Check its path.`,
      { cause: error },
    );
  });
  return parseSoundMap(text, path);
}
