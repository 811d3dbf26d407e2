/**
 * Which files hold the takes, and how they are made where they are not there.
 *
 *   records ──▶ BakedAsset: the take under its sound's name, and its files' names ──▶ AssetFiles of each take
 *
 * What is made of one take is made together: its codes are decoded once.
 */
import { basename, extname } from 'node:path';
import type { BakedTake } from '../../runtime/contract.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import { canonicalJson } from '../../runtime/sound-key.ts';
import { packInfoOf, writeTokenPack } from '../../runtime/token-pack.ts';
import type { AssetFormat, ManifestTake, TakeJob, TakeRecord } from '../contract.ts';
import { assetName, type FileFormat } from '../formats.ts';
import { sha256Hex } from '../job-id.ts';
import type { EncodeTake } from '../take-encoder.ts';
import type { WantedFile } from './output-folder.ts';

/** A take of a sound, and the files that hold it. */
export interface BakedAsset {
  record: TakeRecord;
  files: ManifestTake['files'];
}

export interface AssetFile extends WantedFile {
  format: AssetFormat;
}

/** Files that are made together. */
export interface AssetFiles {
  files: readonly AssetFile[];
  /** @returns bytes for each of `missing`, some of `files` */
  make(missing: readonly AssetFile[], signal?: AbortSignal): Promise<readonly Uint8Array[]>;
}

/** @returns the path of the token pack, relative to the output folder. @throws RangeError where no file can be called so */
export function packPathOf(soundMap: string): string {
  const path = `${basename(soundMap, extname(soundMap))}.foley`;
  if (!/[\\:]/.test(path)) return path;
  throw new RangeError(
    `bake: a token pack is named after its sound map, but '${path}' has a colon or a backslash, which not every system takes. Rename ${soundMap}.`,
  );
}

/** One for each job, under its own sound's name. @param records for the id of each job the record that is kept */
export function assetsOf(
  jobs: readonly TakeJob[],
  records: ReadonlyMap<string, TakeRecord>,
  formats: readonly AssetFormat[],
  packPath: string,
): BakedAsset[] {
  return jobs.map(({ id, sound }) => {
    const record = records.get(id);
    if (record === undefined) throw new Error(`bake: no record of the job ${id}. Bake again.`);
    const take = { ...record.take, sound };
    const pathIn = (format: AssetFormat) =>
      format === 'foley' ? packPath : assetName(format, take);
    const files = Object.fromEntries(formats.map((format) => [format, pathIn(format)]));
    return { record: { ...record, take }, files };
  });
}

export function tokenPackFile(
  path: string,
  assets: readonly BakedAsset[],
  model: ModelManifest,
): AssetFiles {
  const takes = assets.map(({ record }) => record.take);
  const info = packInfoOf(model);
  const key = sha256Hex(canonicalJson({ info, takes: takes.map(withoutCodes) }));
  return {
    files: [{ path, key, format: 'foley' }],
    make: async () => [writeTokenPack(await loadKernels(), info, takes)],
  };
}

/** For each take those that no other has. @param encode called for each take whose files are not all there */
export function takeFiles(assets: readonly BakedAsset[], encode: EncodeTake): AssetFiles[] {
  const seen = new Set<string>();
  return assets.flatMap(({ record: { take }, files: held }) => {
    const files = Object.entries(held)
      .filter(([format, path]) => format !== 'foley' && !seen.has(path))
      .map(([format, path]) => takeFile(path, format as FileFormat, take));
    for (const { path } of files) seen.add(path);
    if (files.length === 0) return [];
    const make: AssetFiles['make'] = (missing, signal) =>
      encode({ take, formats: missing.map(({ format }) => format as FileFormat) }, signal);
    return [{ files, make }];
  });
}

function takeFile(path: string, format: FileFormat, take: BakedTake): AssetFile {
  return { path, format, key: sha256Hex(canonicalJson({ format, take: withoutCodes(take) })) };
}

/** They follow from the sound key. */
function withoutCodes({ codes: _codes, ...sound }: BakedTake): object {
  return sound;
}
