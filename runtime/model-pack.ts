/**
 * Model pack: a folder with model.json and the files it lists. What is asked for at once is loaded and checked as a
 * whole, or nothing is.
 *
 *   model.json ── parse, format version ──▶ manifest
 *   each file  ── cache or source ──▶ bytes ── length, SHA-256 ──▶ pack
 *
 * Where bytes come from is injected (pack-source.ts), so this file runs in a page, a worker and Node alike.
 */
import type { Progress } from './contract.ts';
import { AbortError, isNamed, ModelPackError, messageOf, throwIfAborted } from './errors.ts';
import {
  type EngineName,
  filesFor,
  type ModelManifest,
  type PackFile,
  parseManifest,
} from './model-manifest.ts';
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
  /** Reads and checks files; the caller drops what it needs no more. @throws ModelPackError, AbortError */
  load<F extends PackFile>(
    files: readonly F[],
    options?: LoadFileOptions,
  ): Promise<Record<F, Bytes>>;
}

export interface LoadFileOptions {
  signal?: AbortSignal;
  /** Sums up what is loaded at once. */
  onProgress?: (progress: Progress) => void;
}

export interface OpenPackOptions {
  cache?: PackCache;
  signal?: AbortSignal;
}

/** Reads model.json. @throws ModelPackError, AbortError */
export async function openModelPack(
  source: PackSource,
  { cache, signal }: OpenPackOptions = {},
): Promise<ModelPack> {
  const manifest = await readManifest(source, signal);
  return {
    manifest,
    hash: await sha256OfText(canonicalJson(manifest)),
    load: (files, options = {}) => loadFiles({ source, manifest, cache }, files, options),
  };
}

/** The pack with some files at hand already; each is handed out once, so that it can be dropped. */
export function withFiles(pack: ModelPack, files: Partial<Record<PackFile, Bytes>>): ModelPack {
  const atHand = new Map(Object.entries(files));
  return {
    ...pack,
    async load<F extends PackFile>(names: readonly F[], options?: LoadFileOptions) {
      const found = names.filter((name) => atHand.has(name));
      const missing = names.filter((name) => !atHand.has(name));
      const loaded = missing.length > 0 ? await pack.load(missing, options) : {};
      const all = {
        ...Object.fromEntries(found.map((name) => [name, atHand.get(name)])),
        ...loaded,
      };
      for (const name of found) atHand.delete(name);
      return all as Record<F, Bytes>;
    },
  };
}

interface Opened {
  source: PackSource;
  manifest: ModelManifest;
  cache: PackCache | undefined;
}

async function loadFiles<F extends PackFile>(
  { source, manifest, cache }: Opened,
  names: readonly F[],
  options: LoadFileOptions,
): Promise<Record<F, Bytes>> {
  const report = progressOf(bytesOf(manifest, names), options.onProgress);
  const stop = new AbortController(); // one failed file stops the others
  const stopAll = () => stop.abort();
  options.signal?.addEventListener('abort', stopAll);
  try {
    const loaded = names.map(async (file) => {
      const onBytes = (done: number) => report(file, done);
      const read = { onBytes, signal: stop.signal };
      return [file, await loadFile(source, manifest, file, read, cache)] as const;
    });
    return Object.fromEntries(await Promise.all(loaded)) as Record<F, Bytes>;
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

/** Bytes of the files that an engine needs. */
export function packSize(manifest: ModelManifest, engine: EngineName): number {
  return bytesOf(manifest, filesFor(manifest, engine));
}

function bytesOf({ files }: ModelManifest, names: readonly PackFile[]): number {
  return names.reduce((sum, file) => sum + (files[file]?.bytes ?? 0), 0);
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
  if (expected === undefined) throw mismatch(place, 'to be in model.json', 'nothing');
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
  total: number,
  onProgress: ((progress: Progress) => void) | undefined,
): (file: PackFile, done: number) => void {
  const arrived = new Map<PackFile, number>();
  return (file, bytes) => {
    arrived.set(file, bytes);
    const done = [...arrived.values()].reduce((sum, part) => sum + part, 0);
    onProgress?.({ stage: 'download', done, total, detail: file });
  };
}
