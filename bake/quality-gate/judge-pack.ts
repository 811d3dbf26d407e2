/**
 * The judge's files: judge.json says what it is and which texts it reads, judge.safetensors holds its weights.
 *
 *   models/foley-judge/  judge.json ── sha256, bytes ──▶ judge.safetensors ──▶ tensors
 *
 * Written by training/export_judge.py. Checked before use, or not used.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { ModelPackError, messageOf } from '../../runtime/errors.ts';
import type { Bytes } from '../../runtime/model-pack.ts';
import { folderSource } from '../../runtime/pack-source.ts';
import { readTensors, type TensorFile } from '../../runtime/safetensors.ts';
import { sha256 } from '../../runtime/sha256.ts';

/** The judge that comes with the package; what is built lies in dist/bake/. */
export const EMBEDDED_JUDGE = new URL('../../models/foley-judge/', import.meta.url);
const WEIGHTS = 'judge.safetensors';

const FileEntry = v.object({
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

const JudgeManifest = v.object({
  formatVersion: v.literal(1),
  name: v.string(),
  version: v.string(),
  licence: v.string(),
  /** Of the sounds that it hears. */
  sampleRate: v.number(),
  /** Whose states it reads. */
  textEncoder: v.object({ name: v.string(), width: v.number() }),
  /** score = sigmoid(scale · cosine + bias) */
  scale: v.number(),
  bias: v.number(),
  files: v.object({ [WEIGHTS]: FileEntry }),
});

export type JudgeManifest = v.InferOutput<typeof JudgeManifest>;

export interface JudgePack {
  manifest: JudgeManifest;
  tensors: TensorFile;
}

/** @throws ModelPackError that names the file, what was expected and what was found */
export async function openJudgePack(folder: URL = EMBEDDED_JUDGE): Promise<JudgePack> {
  const source = folderSource(fileURLToPath(folder), readFile);
  const read = async (file: string): Promise<Bytes> => {
    try {
      return await source.read(file);
    } catch (error) {
      throw mismatch(source.locate(file), 'a file of the judge', messageOf(error));
    }
  };
  const manifest = parsed(await read('judge.json'), source.locate('judge.json'));
  const weights = await read(WEIGHTS);
  const found = await sha256(weights);
  const expected = manifest.files[WEIGHTS].sha256;
  if (found !== expected) {
    throw mismatch(source.locate(WEIGHTS), `sha256 ${expected}`, `sha256 ${found}`);
  }
  return { manifest, tensors: readTensors(weights, WEIGHTS) };
}

function parsed(bytes: Bytes, place: string): JudgeManifest {
  try {
    return v.parse(JudgeManifest, JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw mismatch(place, 'what a judge of format 1 says of itself', messageOf(error));
  }
}

function mismatch(place: string, expected: string, found: string): ModelPackError {
  return new ModelPackError(
    `judge-pack: ${place}: expected ${expected}, found ${found}. Install the package again.`,
  );
}
