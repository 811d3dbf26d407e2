/**
 * Records → the files that a game gets, and the manifest of them.
 *
 *   takes, in the map's order ─┬─▶ sounds.foley             one token pack of all, named like the sound map
 *                              ├─▶ step/….wav, ….opus       a file a take: its codes decoded again, several takes at once
 *                              └─▶ manifest.json            last: it vouches for all others
 *
 * A file that is there already is not made again. What earlier bakes wrote and nobody wants any more is removed.
 */
import { basename } from 'node:path';
import { throwIfAborted } from '../../runtime/errors.ts';
import type { AssetFormat, BakeManifest, ManifestTake, TakeRecord } from '../contract.ts';
import { inLanes } from '../in-lanes.ts';
import { sha256Hex } from '../job-id.ts';
import { MANIFEST_FILE, manifestTake, manifestText } from '../manifest.ts';
import type { EncodeTake } from '../take-encoder.ts';
import {
  type AssetFiles,
  assetsOf,
  type BakedAsset,
  packPathOf,
  takeFiles,
  tokenPackFile,
} from './asset-files.ts';
import type { BakeInputs } from './inputs.ts';
import type { OutputFolder, WrittenFile } from './output-folder.ts';
import type { ProgressCount } from './progress-count.ts';

export interface WriteOptions {
  soundMap: string;
  formats: readonly AssetFormat[];
  encode: EncodeTake;
  /** Takes that are encoded at once. */
  lanes: number;
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
  const wanted = [...packs, ...takeFiles(assets, options.encode)];
  const paths = [...wanted.flatMap(({ files }) => files.map(({ path }) => path)), MANIFEST_FILE];
  await folder.claim(paths);

  progress.begin('files', paths.length);
  const files = await writeEach(folder, wanted, options);
  const manifest = manifestOf(inputs, soundMap, files, assets);
  await writeManifest(folder, manifest);
  progress.done(true);
  return { manifest, removed: await folder.finish(paths) };
}

/** @returns what is there then, in the order of `wanted` */
async function writeEach(
  folder: OutputFolder,
  wanted: readonly AssetFiles[],
  options: WriteOptions,
): Promise<WrittenFile[]> {
  const written: WrittenFile[][] = [];
  await inLanes(wanted.entries(), options.lanes, async ([place, together]) => {
    written[place] = await writeTogether(folder, together, options);
  });
  return written.flat();
}

async function writeTogether(
  folder: OutputFolder,
  { files, make }: AssetFiles,
  { progress, signal }: WriteOptions,
): Promise<WrittenFile[]> {
  throwIfAborted(signal, 'bake');
  const found = await Promise.all(files.map((file) => folder.find(file)));
  const missing = files.filter((_, i) => found[i] === undefined);
  const made = missing.length === 0 ? [] : await make(missing, signal);
  const bytes = new Map(missing.map(({ path }, i) => [path, made[i]!]));
  const written: WrittenFile[] = [];
  for (const [i, file] of files.entries()) {
    throwIfAborted(signal, 'bake');
    written.push(found[i] ?? (await folder.write(file, bytes.get(file.path)!)));
    progress.done(true);
  }
  return written;
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

async function writeManifest(folder: OutputFolder, manifest: BakeManifest): Promise<void> {
  const text = manifestText(manifest);
  const file = { path: MANIFEST_FILE, key: sha256Hex(text) };
  if ((await folder.find(file)) === undefined) {
    await folder.write(file, new TextEncoder().encode(text));
  }
}
