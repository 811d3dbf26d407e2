/**
 * Which files hold the takes, and how each is made where it is not there.
 *
 *   records ──▶ BakedAsset: the take under its sound's name, and its files' names ──▶ WantedFile, WantedFile, …
 *
 * The codec's decoder is loaded when the first file needs it.
 */
import { basename, extname } from 'node:path';
import {
  type BakedDecoder,
  createBakedDecoder,
  openDecoderPack,
} from '../../runtime/baked-decoder.ts';
import type { BakedTake, Take } from '../../runtime/contract.ts';
import { loadKernels } from '../../runtime/kernels/kernels.ts';
import type { ModelManifest } from '../../runtime/model-manifest.ts';
import { canonicalJson } from '../../runtime/sound-key.ts';
import { packInfoOf, writeTokenPack } from '../../runtime/token-pack.ts';
import type { AssetFormat, ManifestTake, TakeJob, TakeRecord } from '../contract.ts';
import { assetName, type FileFormat, writeAssets } from '../formats.ts';
import { sha256Hex } from '../job-id.ts';
import { modelSource } from '../node-pipeline.ts';
import type { WantedFile } from './output-folder.ts';

/** A take of a sound, and the files that hold it. */
export interface BakedAsset {
  record: TakeRecord;
  files: ManifestTake['files'];
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
): WantedFile {
  const takes = assets.map(({ record }) => record.take);
  const info = packInfoOf(model);
  const key = sha256Hex(canonicalJson({ info, takes: takes.map(withoutCodes) }));
  return { path, key, make: async () => writeTokenPack(await loadKernels(), info, takes) };
}

/** Each path once. @param model path or file: URL of the pack's folder */
export function takeFiles(assets: readonly BakedAsset[], model: string): WantedFile[] {
  const decode = createTakeDecoder(model);
  const files = assets.flatMap(({ record: { take }, files: held }) =>
    Object.entries(held)
      .filter(([format]) => format !== 'foley')
      .map(([format, path]) => takeFile(path, format as FileFormat, take, decode)),
  );
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function takeFile(
  path: string,
  format: FileFormat,
  take: BakedTake,
  decode: (take: BakedTake) => Promise<Take>,
): WantedFile {
  const key = sha256Hex(canonicalJson({ format, take: withoutCodes(take) }));
  return { path, key, make: async () => writeAssets(format, await decode(take), take) };
}

/** They follow from the sound key. */
function withoutCodes({ codes: _codes, ...sound }: BakedTake): object {
  return sound;
}

/** The last take is kept: its files come one after the other. */
function createTakeDecoder(model: string): (take: BakedTake) => Promise<Take> {
  let decoder: Promise<BakedDecoder> | undefined;
  let last: { baked: BakedTake; decoded: Promise<Take> } | undefined;
  return async (baked) => {
    decoder ??= openDecoder(model);
    const { decode } = await decoder;
    if (last?.baked !== baked) last = { baked, decoded: decode(baked) };
    return last.decoded;
  };
}

async function openDecoder(model: string): Promise<BakedDecoder> {
  const { manifest, weights } = await openDecoderPack(modelSource(model));
  return createBakedDecoder(await loadKernels(), manifest, weights);
}
