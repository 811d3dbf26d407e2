/**
 * A take → a file that any player plays, and its name. Same take, same bytes.
 *
 *   take ─┬─ wav   16 bits, smpl chunk for a loop, LIST/INFO           formats/wav.ts
 *         ├─ flac  the same samples, Vorbis comments                   formats/flac.ts
 *         └─ opus  48 kHz, 24 kbit/s, true peak as before, OpusTags    formats/opus.ts
 *
 * Token packs hold many takes: runtime/token-pack.ts. An encoder is loaded when the first file of its format is written.
 */
import type { BakedSound, Take } from '../runtime/contract.ts';
import { crc32 } from '../runtime/crc32.ts';
import { type Kernels, loadKernels } from '../runtime/kernels/kernels.ts';
import type { AssetFormat } from './contract.ts';
import { RESERVED } from './files/plain-names.ts';
import type { AssetFacts } from './formats/asset-facts.ts';

export type FileFormat = Exclude<AssetFormat, 'foley'>;

interface FormatOptions {
  isLoop: boolean;
  facts: AssetFacts;
}

type Encode = (
  pcm: Float32Array,
  sampleRate: number,
  options: FormatOptions,
) => Promise<Uint8Array<ArrayBuffer>>;

const ENCODERS: Readonly<Record<FileFormat, Encode>> = {
  wav: async (...given) => (await import('./formats/wav.ts')).encodeWav(...given),
  flac: async (...given) => (await import('./formats/flac.ts')).encodeFlac(...given),
  opus: async (...given) =>
    (await import('./formats/opus.ts')).encodeOpus(await peakKernels(), ...given),
};

/** Letters and digits of the prompt in a file's name. */
const MAX_WORDS = 60;
/** Of a sound key: with 8, two of 10,000 takes without words shared a file once in a hundred bakes; with 12, once in five million. */
const KEY_DIGITS = 12;

/**
 * @param take finished
 * @param baked what it is called, and what made it
 */
export function writeAssets(
  format: FileFormat,
  { pcm, sampleRate, loop }: Take,
  baked: BakedSound,
): Promise<Uint8Array<ArrayBuffer>> {
  const { sound, seed, soundKey, model, licence } = baked;
  const facts = { sound, seed, soundKey, model, licence, prompt: baked.spec.prompt };
  return ENCODERS[format](pcm, sampleRate, { isLoop: loop !== undefined, facts });
}

/**
 * Relative to the manifest: `footstep/light-footstep-on-gravel-0ac337f15b2e.opus`. The digits are the sound key's: another take,
 * another name.
 */
export function assetName(format: FileFormat, { sound, spec, soundKey }: BakedSound): string {
  const words = slugOf(spec.prompt).slice(0, MAX_WORDS).replace(/-$/, '');
  const name = [words, soundKey.slice(0, KEY_DIGITS)].filter((part) => part !== '').join('-');
  return `${folderOf(sound)}/${name}.${format}`;
}

/** The sound's name where it can be a folder's; else what is like it, and a number that no other name has. */
function folderOf(sound: string): string {
  const slug = slugOf(sound).slice(0, MAX_WORDS);
  if (slug === sound && slug !== '' && !RESERVED.test(slug)) return slug;
  return `${slug}-${crc32(new TextEncoder().encode(sound)).toString(16).padStart(8, '0')}`.replace(
    /^-/,
    '',
  );
}

/** What every file system and every URL takes as it is: accents go, other scripts too. */
function slugOf(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-|-$/g, '');
}

let kernels: Promise<Kernels> | undefined;

/** One set for all files: its memory is that of the longest. */
function peakKernels(): Promise<Kernels> {
  kernels ??= loadKernels();
  return kernels;
}
