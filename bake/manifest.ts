/**
 * assets/manifest.json: what a bake leaves beside its sounds, for games without the player, and for `--check` and `disclose`.
 *
 *   TakeRecords ── manifestTake ──▶ BakeManifest ── manifestText ──▶ manifest.json     same sounds, same bytes
 *   manifest.json ── parseManifest ──▶ BakeManifest ── faultsOfFiles ──▶ what is missing, cut short or altered
 *
 * docs/formats.md says what each field means. It may come from elsewhere: it is checked as data, and no path leads out of
 * its folder.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { messageOf } from '../runtime/errors.ts';
import { sha256 } from '../runtime/sha256.ts';
import type { BakeManifest, ManifestTake, TakeRecord } from './contract.ts';
import { ManifestSchema } from './manifest/schema.ts';

export const MANIFEST_VERSION = 1;
export const MANIFEST_FILE = 'manifest.json';

/** Keys in the contract's order, whatever order they came in; sounds, takes and files as given. Ends with a line's end. */
export function manifestText(manifest: BakeManifest): string {
  return `${JSON.stringify(v.parse(ManifestSchema, manifest), undefined, 1)}\n`;
}

/**
 * @param place for messages
 * @throws Error that names the place, the field and what it must be
 */
export function parseManifest(text: string, place: string): BakeManifest {
  const data = jsonOf(text, place);
  const version = versionOf(data);
  if (version > MANIFEST_VERSION) {
    throw new Error(
      `manifest: ${place} has format version ${version}, this scenefoley reads ${MANIFEST_VERSION}. Install a newer one, or bake again.`,
    );
  }
  const result = v.safeParse(ManifestSchema, data, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? 'it';
  throw new Error(`manifest: ${place}: ${field} ${issue.message} Bake again.`);
}

/**
 * @param path of the file, or of the folder that holds it
 * @throws Error that names the path, and what is wrong in it
 */
export async function readManifest(
  path: string,
): Promise<{ manifest: BakeManifest; folder: string }> {
  const file = basename(path).endsWith('.json') ? path : join(path, MANIFEST_FILE);
  const text = await readFile(file, 'utf8').catch((error) => {
    throw new Error(
      `manifest: ${file} cannot be read (${messageOf(error)}). Bake first: scenefoley bake sounds.yaml -o FOLDER.`,
    );
  });
  return { manifest: parseManifest(text, file), folder: dirname(file) };
}

/** What the manifest says of a take. */
export function manifestTake(
  { take, verdict }: TakeRecord,
  sampleRate: number,
  files: ManifestTake['files'],
): ManifestTake {
  const { spec, plan, seed, soundKey, loudness, truePeak } = take;
  return {
    prompt: spec.prompt,
    seed,
    soundKey,
    duration: plan.length / sampleRate,
    loop: spec.loop ? { start: 0, end: plan.length } : null,
    sampleRate,
    loudness: decibels(loudness),
    truePeak: decibels(truePeak),
    files,
    faults: verdict.faults,
  };
}

/** Hundredths: what an ear could tell, and the same on every machine. */
function decibels(value: number): number | null {
  return Number.isFinite(value) ? Math.round(100 * value) / 100 : null;
}

/** @returns a line for each file that is not as the manifest says, in its order */
export async function faultsOfFiles({ files }: BakeManifest, folder: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { path, bytes, sha256: expected } of files) {
    const found = await readFile(join(folder, path)).catch((error) => messageOf(error));
    if (typeof found === 'string') faults.push(`${path} cannot be read: ${found}`);
    else if (found.length !== bytes) {
      faults.push(`${path} has ${found.length} bytes, the manifest says ${bytes}`);
    } else if ((await sha256(found)) !== expected) {
      faults.push(`${path} was altered: its SHA-256 is another than the manifest's`);
    }
  }
  return faults;
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`manifest: ${place} is no JSON: ${messageOf(error)}. Bake again.`);
  }
}

function versionOf(data: unknown): number {
  const { formatVersion } = (data ?? {}) as { formatVersion?: unknown };
  return typeof formatVersion === 'number' ? formatVersion : 0;
}
