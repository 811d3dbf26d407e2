/**
 * Records → the files that a game gets, and the manifest of them.
 *
 *   takes, in the map's order ─┬─▶ sounds.foley             one token pack of all, named like the sound map
 *                              ├─▶ step/….wav, ….opus       a file a take: its codes decoded again, without the model
 *                              └─▶ manifest.json            last: it vouches for all others
 *
 * A file that is there already is not made again. What earlier bakes wrote and nobody wants any more is removed.
 */
import { basename } from 'node:path';
import { throwIfAborted } from '../../runtime/errors.ts';
import type { AssetFormat, BakeManifest, ManifestTake, TakeRecord } from '../contract.ts';
import { sha256Hex } from '../job-id.ts';
import { MANIFEST_FILE, manifestTake, manifestText } from '../manifest.ts';
import { assetsOf, type BakedAsset, packPathOf, takeFiles, tokenPackFile } from './asset-files.ts';
import type { BakeInputs } from './inputs.ts';
import type { OutputFolder, WantedFile, WrittenFile } from './output-folder.ts';
import type { ProgressCount } from './progress-count.ts';

export interface WriteOptions {
  soundMap: string;
  /** Path or file: URL of the model pack. */
  model: string;
  formats: readonly AssetFormat[];
  progress: ProgressCount;
  signal?: AbortSignal | undefined;
}

/** Those whose names do not depend on what is made. */
export function fixedPaths({
  soundMap,
  formats,
}: Pick<WriteOptions, 'soundMap' | 'formats'>): string[] {
  return formats.includes('foley') ? [packPathOf(soundMap), MANIFEST_FILE] : [MANIFEST_FILE];
}

/** @param records for the id of each job the record that is kept */
export async function writeAll(
  folder: OutputFolder,
  inputs: BakeInputs,
  records: ReadonlyMap<string, TakeRecord>,
  options: WriteOptions,
): Promise<{ manifest: BakeManifest; removed: string[] }> {
  const { soundMap, formats, progress } = options;
  const packPath = packPathOf(soundMap);
  const assets = assetsOf(inputs.plan.jobs, records, formats, packPath);
  const packs = formats.includes('foley')
    ? [tokenPackFile(packPath, assets, inputs.model.manifest)]
    : [];
  const wanted = [...packs, ...takeFiles(assets, options.model)];
  const paths = [...wanted.map(({ path }) => path), MANIFEST_FILE];
  await folder.claim(paths);

  progress.begin('files', paths.length);
  const files = await writeEach(folder, wanted, options);
  const manifest = manifestOf(inputs, soundMap, files, assets);
  await folder.write(manifestFile(manifest));
  progress.done(true);
  return { manifest, removed: await folder.finish(paths) };
}

async function writeEach(
  folder: OutputFolder,
  wanted: readonly WantedFile[],
  { progress, signal }: WriteOptions,
): Promise<WrittenFile[]> {
  const files: WrittenFile[] = [];
  for (const file of wanted) {
    throwIfAborted(signal, 'bake');
    files.push(await folder.write(file));
    progress.done(true);
  }
  return files;
}

function manifestOf(
  { hash, model, map }: BakeInputs,
  soundMap: string,
  files: WrittenFile[],
  assets: readonly BakedAsset[],
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
