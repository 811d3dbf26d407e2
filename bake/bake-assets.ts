/**
 * Records → the files that a game gets, and the manifest of them.
 *
 *   takes, in the map's order ─┬─▶ sounds.foley             one token pack of all, named like the sound map
 *                              ├─▶ step/….wav, ….opus       a file a take; two sounds may ask for the same take
 *                              └─▶ manifest.json            last: it vouches for all others
 *
 * A file that is there already is not made again. What earlier bakes wrote and nobody wants any more is removed.
 */
import { basename, extname } from 'node:path';
import type { BakedTake } from '../runtime/contract.ts';
import { ModelPackError, throwIfAborted } from '../runtime/errors.ts';
import { loadKernels } from '../runtime/kernels/kernels.ts';
import type { ModelManifest } from '../runtime/model-manifest.ts';
import { canonicalJson } from '../runtime/sound-key.ts';
import { type TokenPackInfo, writeTokenPack } from '../runtime/token-pack.ts';
import type { BakeInputs } from './bake-inputs.ts';
import type { AssetFormat, BakeManifest, ManifestTake, TakeRecord } from './contract.ts';
import { sha256Hex } from './job-id.ts';
import { MANIFEST_FILE, manifestTake, manifestText } from './manifest.ts';
import type { OutputFolder, WantedFile, WrittenFile } from './output-folder.ts';
import type { ProgressCount } from './progress-count.ts';

export interface WriteOptions {
  soundMap: string;
  formats: readonly AssetFormat[];
  progress: ProgressCount;
  signal?: AbortSignal | undefined;
}

/** A take of a sound, and the files that hold it. */
interface Asset {
  record: TakeRecord;
  files: ManifestTake['files'];
}

/** Those whose names do not depend on what is made. */
export function fixedPaths({ soundMap, formats }: Pick<WriteOptions, 'soundMap' | 'formats'>) {
  return formats.includes('foley') ? [packPathOf(soundMap), MANIFEST_FILE] : [MANIFEST_FILE];
}

function packPathOf(soundMap: string): string {
  return `${basename(soundMap, extname(soundMap))}.foley`;
}

/** @param records for the id of each job the record that is kept */
export async function writeAll(
  folder: OutputFolder,
  inputs: BakeInputs,
  records: ReadonlyMap<string, TakeRecord>,
  { soundMap, formats, progress, signal }: WriteOptions,
): Promise<{ manifest: BakeManifest; removed: string[] }> {
  const { manifest: model } = inputs.model;
  const packPath = packPathOf(soundMap);
  const assets = assetsOf(inputs, records, formats, packPath);
  const takes = assets.map(({ record }) => record.take);
  const wanted: WantedFile[] = [
    ...(formats.includes('foley') ? [tokenPackFile(packPath, takes, model)] : []),
  ];
  const paths = [...wanted.map(({ path }) => path), MANIFEST_FILE];
  await folder.claim(paths);

  progress.begin('files', paths.length);
  const files: WrittenFile[] = [];
  for (const file of wanted) {
    throwIfAborted(signal, 'bake');
    files.push(await folder.write(file));
    progress.done(true);
  }
  const manifest = manifestOf(inputs, soundMap, files, assets);
  await folder.write(manifestFile(manifest));
  progress.done(true);
  return { manifest, removed: await folder.finish(paths) };
}

/** One for each job, under its own sound's name. */
function assetsOf(
  { plan }: BakeInputs,
  records: ReadonlyMap<string, TakeRecord>,
  formats: readonly AssetFormat[],
  packPath: string,
): Asset[] {
  return plan.jobs.map(({ id, sound }) => {
    const record = records.get(id);
    if (record === undefined) throw new Error(`bake: no record of the job ${id}. Bake again.`);
    const take = { ...record.take, sound };
    const files = formats.includes('foley') ? { foley: packPath } : {};
    return { record: { ...record, take }, files };
  });
}

function tokenPackFile(
  path: string,
  takes: readonly BakedTake[],
  model: ModelManifest,
): WantedFile {
  const info = tokenPackInfo(model);
  const key = sha256Hex(canonicalJson({ info, takes: takes.map(withoutCodes) }));
  return { path, key, make: async () => writeTokenPack(await loadKernels(), info, takes) };
}

/** They follow from the sound key. */
function withoutCodes({ codes: _codes, ...sound }: BakedTake): object {
  return sound;
}

/** @throws ModelPackError for a model whose codec a player cannot have by itself */
function tokenPackInfo(model: ModelManifest): TokenPackInfo {
  const { sampleRate, codecFrameRate, numCodebooks, codebookSize, sampling, name } = model;
  const codecHash = model.files['decoder.safetensors']?.sha256;
  if (codecHash === undefined) {
    throw new ModelPackError(
      `bake: a token pack needs the model's decoder.safetensors, and ${name} has none. Export the model again, or bake other formats.`,
    );
  }
  return { codecHash, sampleRate, codecFrameRate, numCodebooks, codebookSize, sampling };
}

function manifestOf(
  { hash, model, map }: BakeInputs,
  soundMap: string,
  files: WrittenFile[],
  assets: readonly Asset[],
): BakeManifest {
  const { name, licence, commercialUse, sampleRate } = model.manifest;
  const sounds = new Map<string, ManifestTake[]>([...map.sounds.keys()].map((key) => [key, []]));
  for (const { record, files: held } of assets) {
    sounds.get(record.take.sound)?.push(manifestTake(record, sampleRate, held));
  }
  return {
    formatVersion: 1,
    soundMap: basename(soundMap),
    hash,
    model: { name, licence, commercialUse, hash: model.hash },
    files,
    sounds: Object.fromEntries(sounds),
  };
}

function manifestFile(manifest: BakeManifest): WantedFile {
  const text = manifestText(manifest);
  const make = async () => new TextEncoder().encode(text);
  return { path: MANIFEST_FILE, key: sha256Hex(text), make };
}
