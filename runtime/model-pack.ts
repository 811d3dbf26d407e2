/**
 * Model pack: a folder with model.json and the files it lists. All of it is loaded and checked, or nothing is.
 *
 *   model.json ── parse, format version ──▶ manifest
 *   each file  ── cache or source ──▶ bytes ── length, SHA-256 ──▶ pack
 *
 * Where bytes come from is injected (pack-source.ts), so this file runs in a page, a worker and Node alike.
 */
import type { Progress } from './contract.ts';
import { AbortError, isNamed, ModelPackError, messageOf, throwIfAborted } from './errors.ts';
import { type ModelManifest, PACK_FILES, type PackFile, parseManifest } from './model-manifest.ts';
import { sha256, sha256OfText } from './sha256.ts';
import { canonicalJson } from './sound-key.ts';

export type Bytes = Uint8Array<ArrayBuffer>;

export interface ReadOptions {
  /** Bytes of this file that have arrived so far. */
  onBytes?: (done: number) => void;
  signal?: AbortSignal;
}

/** A folder to read from. */
export interface PackSource {
  /** The place of a file as a person would name it: a URL or a path. */
  locate(file: string): string;
  /** @throws any error whose message completes "found …" */
  read(file: string, options?: ReadOptions): Promise<Bytes>;
}

/** Keeps files between visits. Never throws: what cannot be kept is fetched again. */
export interface PackCache {
  get(place: string, sha256: string): Promise<Bytes | undefined>;
  put(place: string, sha256: string, bytes: Bytes): Promise<void>;
}

export interface ModelPack {
  manifest: ModelManifest;
  /** SHA-256 of the canonical manifest, which holds the SHA-256 of every file. */
  hash: string;
  files: Record<PackFile, Bytes>;
}

export interface LoadPackOptions {
  cache?: PackCache;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

/** @throws ModelPackError, AbortError */
export async function loadModelPack(
  source: PackSource,
  options: LoadPackOptions = {},
): Promise<ModelPack> {
  const manifest = await readManifest(source, options.signal);
  const report = progressOf(manifest, options.onProgress);
  const stop = new AbortController(); // one failed file stops the others
  const stopAll = () => stop.abort();
  options.signal?.addEventListener('abort', stopAll);
  try {
    const loaded = PACK_FILES.map(async (file) => {
      const onBytes = (done: number) => report(file, done);
      const read = { onBytes, signal: stop.signal };
      return [file, await loadFile(source, manifest, file, read, options.cache)] as const;
    });
    const files = Object.fromEntries(await Promise.all(loaded)) as Record<PackFile, Bytes>;
    return { manifest, hash: await sha256OfText(canonicalJson(manifest)), files };
  } catch (error) {
    stopAll();
    throwIfAborted(options.signal, 'model-pack');
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stopAll);
  }
}

/** Reads and checks model.json alone. @throws ModelPackError, AbortError */
export async function readManifest(
  source: PackSource,
  signal?: AbortSignal,
): Promise<ModelManifest> {
  const bytes = await read(source, 'model.json', signal ? { signal } : {}, 'a JSON file');
  return parseManifest(new TextDecoder().decode(bytes), source.locate('model.json'));
}

/** Bytes of the files that the runtime loads. */
export function packSize(manifest: ModelManifest): number {
  return PACK_FILES.reduce((sum, file) => sum + manifest.files[file].bytes, 0);
}

async function loadFile(
  source: PackSource,
  manifest: ModelManifest,
  file: PackFile,
  options: ReadOptions,
  cache: PackCache | undefined,
): Promise<Bytes> {
  const expected = manifest.files[file];
  const place = source.locate(file);
  const kept = await cache?.get(place, expected.sha256);
  if (kept?.length === expected.bytes && (await sha256(kept)) === expected.sha256) {
    options.onBytes?.(kept.length);
    return kept;
  }
  const bytes = await read(source, file, options, `${expected.bytes} bytes`);
  if (bytes.length !== expected.bytes) {
    throw mismatch(place, `${expected.bytes} bytes`, `${bytes.length} bytes`);
  }
  const found = await sha256(bytes);
  if (found !== expected.sha256) {
    throw mismatch(place, `sha256 ${expected.sha256}`, `sha256 ${found}`);
  }
  await cache?.put(place, expected.sha256, bytes);
  return bytes;
}

async function read(
  source: PackSource,
  file: string,
  options: ReadOptions,
  expected: string,
): Promise<Bytes> {
  throwIfAborted(options.signal, 'model-pack');
  try {
    return await source.read(file, options);
  } catch (error) {
    if (isNamed(error, 'AbortError') || options.signal?.aborted) {
      throw new AbortError('model-pack: aborted by the caller.');
    }
    throw mismatch(source.locate(file), expected, messageOf(error));
  }
}

function mismatch(place: string, expected: string, found: string): ModelPackError {
  return new ModelPackError(
    `model-pack: ${place}: expected ${expected}, found ${found}. Copy the model folder again, whole and unchanged.`,
  );
}

/** Sums the bytes of files that arrive side by side. */
function progressOf(
  manifest: ModelManifest,
  onProgress: ((progress: Progress) => void) | undefined,
): (file: PackFile, done: number) => void {
  const arrived = new Map<PackFile, number>();
  const total = packSize(manifest);
  return (file, bytes) => {
    arrived.set(file, bytes);
    const done = [...arrived.values()].reduce((sum, part) => sum + part, 0);
    onProgress?.({ stage: 'download', done, total, detail: file });
  };
}
