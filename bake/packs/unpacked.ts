/**
 * A token pack as a folder of texts: to look into, to compare, to keep under version control, to take takes out by hand.
 *
 *   sounds.foley ── writeUnpacked ──▶ pack.json, footstep.json, rain.json ── readUnpacked ──▶ the same takes in the same order
 *
 * pack.json is the header and the list of the other files; those hold a sound each (unpacked/sound-text.ts).
 */
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import type { BakedTake } from '../../runtime/contract.ts';
import { messageOf } from '../../runtime/errors.ts';
import { plainNames } from '../files/plain-names.ts';
import type { WholePack } from './merge-packs.ts';
import { parsed } from './unpacked/parsed.ts';
import { readSoundText, writeSoundText } from './unpacked/sound-text.ts';

const HEADER_FILE = 'pack.json';

const Header = v.object({
  format: v.literal('scenefoley unpacked 1'),
  info: v.object({
    codecHash: v.string(),
    sampleRate: v.number(),
    codecFrameRate: v.number(),
    numCodebooks: v.number(),
    codebookSize: v.number(),
    sampling: v.object({
      guidanceScale: v.number(),
      temperature: v.number(),
      topK: v.number(),
      topP: v.number(),
    }),
  }),
  files: v.array(v.pipe(v.string(), v.regex(/^[\w.-]+\.json$/))),
});

/**
 * The folder is there whole or not at all.
 * @param folder as the user wrote it
 * @returns names of the files
 * @throws Error where it is there already and not empty
 */
export async function writeUnpacked(folder: string, { info, takes }: WholePack): Promise<string[]> {
  const path = resolve(folder);
  await refuseFull(folder, path);
  const places = new Map(takes.map((take, place) => [take, place]));
  const sounds = [...new Set(takes.map(({ sound }) => sound))];
  const names = plainNames(sounds, ['pack']).map((name) => `${name}.json`);
  const header = { format: 'scenefoley unpacked 1', info, files: names };
  const files = new Map([[HEADER_FILE, `${JSON.stringify(header, null, 2)}\n`]]);
  for (const [i, sound] of sounds.entries()) {
    const own = takes.filter((take) => take.sound === sound);
    files.set(
      `${names[i]}`,
      writeSoundText(sound, own, (take) => places.get(take) ?? 0),
    );
  }
  await writeFolder(path, files).catch((error: unknown) => {
    throw new Error(
      `unpack: ${folder} cannot be written: ${messageOf(error)}. Choose another place.`,
    );
  });
  return [...files.keys()];
}

async function refuseFull(folder: string, path: string): Promise<void> {
  const there = await readdir(path).catch(() => []);
  if (there.length === 0) return;
  throw new Error(`unpack: ${folder} is not empty (${there[0]} is in it). Choose another folder.`);
}

async function writeFolder(path: string, files: ReadonlyMap<string, string>): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await mkdir(part, { recursive: true });
    for (const [name, text] of files) await writeFile(join(part, name), text);
    await rmdir(path).catch(() => undefined);
    await rename(part, path);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

/** @param folder as the user wrote it. @throws Error that names the file and what is wrong in it */
export async function readUnpacked(folder: string): Promise<WholePack> {
  const header = parsed(Header, await readText(folder, HEADER_FILE), join(folder, HEADER_FILE));
  const placed: { place: number; take: BakedTake }[] = [];
  for (const file of header.files) {
    const text = await readText(folder, file);
    placed.push(...readSoundText(text, join(folder, file)));
  }
  const takes = placed.sort((a, b) => a.place - b.place).map(({ take }) => take);
  return { place: folder, info: header.info, takes };
}

async function readText(folder: string, file: string): Promise<string> {
  try {
    return await readFile(join(resolve(folder), file), 'utf8');
  } catch (error) {
    throw new Error(
      `pack: ${join(folder, file)} cannot be read: ${messageOf(error)}. Name a .foley file, or a folder that 'scenefoley unpack' wrote.`,
    );
  }
}
