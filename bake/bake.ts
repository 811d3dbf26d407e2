/**
 * A bake, from top to bottom.
 *
 *   sounds.yaml ──▶ jobs ──▶ records ──▶ token pack, other formats ──▶ manifest.json
 *                    └── all of it there already? then nothing is done
 *
 * Whatever is made is kept at once under its job's id, so a bake that is stopped, however roughly, goes on where it was. Same
 * inputs, same bytes: whoever makes which take, in which order.
 */
import { basename, join } from 'node:path';
import { messageOf } from '../runtime/errors.ts';
import { type Logger, silentLogger } from '../runtime/logger.ts';
import { fixedPaths, writeAll } from './bake/assets.ts';
import { type FolderLock, lockFolder } from './bake/folder-lock.ts';
import { type BakeInputs, readInputs } from './bake/inputs.ts';
import { makeTakes } from './bake/make-takes.ts';
import { isTidy, openOutputFolder } from './bake/output-folder.ts';
import { type BakeProgress, createProgressCount } from './bake/progress-count.ts';
import { type BakeReport, contentsOf } from './bake/report.ts';
import { type Standing, standingOf } from './bake/staleness.ts';
import type { AssetFormat, BakeManifest, GateSettings, TakeStore } from './contract.ts';
import { ASSET_FORMATS } from './manifest/schema.ts';
import { MANIFEST_FILE } from './manifest.ts';
import { checkRelease } from './provenance.ts';
import { checkGateSettings } from './quality-gate.ts';
import { createTakeEncoder, type EncodeTake } from './take-encoder.ts';
import { createTakePool, type MakeAll, type TakePool } from './take-pool.ts';
import { createFolderStore } from './take-store.ts';

export type { BakeProgress } from './bake/progress-count.ts';
export type { BakeReport, FaultyTake } from './bake/report.ts';

export interface BakeOptions {
  /** Path of the sound map, YAML or JSON. */
  soundMap: string;
  /** Path of the folder that the assets go to; made where it is not there. */
  output: string;
  /** Path or file: URL of a model pack. */
  model: string;
  /** Threads, a whole number from 1 to MAX_WORKERS. */
  workers: number;
  /** In any order: it makes no difference. */
  formats: readonly AssetFormat[];
  /** null: everything passes. */
  gate: GateSettings | null;
  /** Where takes are kept. Default: a folder in the output folder. */
  store?: TakeStore | undefined;
  /** Who makes the takes. Default: worker threads of this process. */
  makeAll?: MakeAll | undefined;
  /** Say what is stale, and write nothing. */
  check?: boolean | undefined;
  /** Refuse a model whose licence forbids commercial use. */
  release?: boolean | undefined;
  onProgress?: ((progress: BakeProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
  logger?: Logger | undefined;
}

export const MAX_WORKERS = 64;
/** In the output folder: what is kept between bakes, and nothing that a game needs. */
export const PRIVATE_FOLDER = '.scenefoley';
/** Records that are kept though no sound needs them now: of the map as it was before. */
const UNUSED_RECORDS = 20_000;

/** @throws SoundMapError, RangeError, ModelPackError, FolderHeldError, FolderLostError, AbortError, and Error for what the disk refuses */
export async function bake(given: BakeOptions): Promise<BakeReport> {
  checkOptions(given);
  const formats = ASSET_FORMATS.filter((format) => given.formats.includes(format));
  const options = { ...given, formats };
  const { soundMap, output, model, gate, logger = silentLogger } = options;

  // 1. sounds.yaml, model.json → jobs; what is wrong with them is said before anything is done
  const inputs = await readInputs(soundMap, model, gate, formats);
  if (options.release) checkRelease(inputs.model.manifest);
  for (const note of inputs.plan.notes) logger.warn(`bake: ${note}`);

  // 2. what stands there already → reasons to bake, or none
  const standing = await standingOf(output, inputs);
  const isFresh = standing.reasons.length === 0;
  if (options.check) return reportOf(inputs, standing, isFresh ? 'fresh' : 'stale');
  const privateFolder = join(output, PRIVATE_FOLDER);
  if (isFresh && (await isTidy(privateFolder, pathsOf(standing.manifest)))) {
    return reportOf(inputs, standing, 'fresh');
  }

  const { manifest } = standing;
  if (manifest !== undefined && manifest.soundMap !== basename(soundMap)) {
    logger.warn(
      `bake: ${output} has what '${manifest.soundMap}' asked for, and no longer will. A folder for each sound map keeps both.`,
    );
  }

  // 3. the folder is ours alone → records, files, manifest
  const lock = await lockFolder(join(privateFolder, 'lock'), output);
  try {
    return await bakeLocked(options, inputs, standing, { privateFolder, lock });
  } finally {
    await lock.release();
  }
}

async function bakeLocked(
  options: BakeOptions,
  inputs: BakeInputs,
  standing: Standing,
  { privateFolder, lock }: { privateFolder: string; lock: FolderLock },
): Promise<BakeReport> {
  const { output, model, gate, workers, signal, logger = silentLogger } = options;
  const mayChange = lock.throwIfLost;
  const known = filesOf(standing.manifest);
  const folder = await openOutputFolder({ folder: output, privateFolder, known, mayChange });
  const ownStore = createFolderStore(join(privateFolder, 'takes'), { mayChange });
  await ownStore.sweep();
  await options.store?.sweepLeftovers?.();
  const pool = createTakePool({ model, gate }, { workers, logger });
  const { store = ownStore, makeAll = pool.makeAll } = options;
  const progress = createProgressCount(options.onProgress);
  try {
    await folder.claim(fixedPaths(options));

    // 4. jobs → records, each kept as soon as it is made
    const { facts, plan } = inputs;
    const parts = { store, makeAll, facts, progress, signal };
    const { records, used } = await makeTakes(plan.jobs, parts);

    // 5. records → files, the manifest last
    const encode = await encoderOf(options, pool);
    const writing = { ...options, progress, encode, lanes: workers };
    const written = await writeAll(folder, inputs, records, writing);
    await ownStore.prune(used, UNUSED_RECORDS).catch((error) => {
      logger.warn(
        `bake: what earlier bakes kept could not be tidied up: ${messageOf(error)}. What was baked now is whole.`,
      );
    });
    const report = reportOf(inputs, { ...standing, manifest: written.manifest }, 'baked');
    return { ...report, made: progress.made, removed: written.removed };
  } finally {
    await pool.dispose();
  }
}

/** In the threads, where that is faster; else here, and the model is let go. */
async function encoderOf(
  { model, workers, formats }: BakeOptions,
  pool: TakePool,
): Promise<EncodeTake> {
  if (workers > 1 && formats.some((format) => format !== 'foley')) return pool.encode;
  await pool.dispose();
  return createTakeEncoder(model);
}

function reportOf(
  { plan: { notes } }: BakeInputs,
  { reasons, manifest }: Standing,
  outcome: BakeReport['outcome'],
): BakeReport {
  return { outcome, reasons, notes, ...contentsOf(manifest), made: 0, removed: [] };
}

/** What a manifest says that a bake wrote. */
function filesOf(manifest: BakeManifest | undefined): BakeManifest['files'] {
  if (manifest === undefined) return [];
  return [...manifest.files, { path: MANIFEST_FILE, bytes: 0, sha256: '' }];
}

function pathsOf(manifest: BakeManifest | undefined): string[] {
  return filesOf(manifest).map(({ path }) => path);
}

function checkOptions({ workers, formats, gate }: BakeOptions): void {
  if (gate !== null) checkGateSettings(gate);
  if (!Number.isInteger(workers) || workers < 1 || workers > MAX_WORKERS) {
    throw new RangeError(
      `bake: workers must be a whole number from 1 to ${MAX_WORKERS}, got ${workers}. Correct --workers.`,
    );
  }
  const known = ASSET_FORMATS.join(', ');
  const unknown = formats.find((format) => !ASSET_FORMATS.includes(format));
  if (formats.length > 0 && unknown === undefined) return;
  throw new RangeError(
    `bake: formats must be one or more of ${known}, got ${unknown ?? 'none'}. Correct the option.`,
  );
}
