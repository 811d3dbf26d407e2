/**
 * A token pack's header: which codec plays it, and what its requests mean where they do not say.
 *
 *   u8[32] SHA-256 of the codec's weights   varint sampleRate, codecFrameRate, numCodebooks, codebookSize   sampling
 *   sampling: f64 guidanceScale, f64 temperature, varint topK, f64 topP
 */
import { packedSize } from '../bit-pack.ts';
import type { Hertz, SamplingDefaults } from '../contract.ts';
import { ModelPackError, messageOf } from '../errors.ts';
import type { ModelManifest } from '../model-manifest.ts';
import { checkInput } from '../sound-request.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { hex } from './preamble.ts';
import type { Problem } from './problem.ts';

export interface TokenPackInfo {
  /** SHA-256 of decoder.safetensors, from model.json: 64 lower-case hexadecimal digits. */
  codecHash: string;
  sampleRate: Hertz;
  codecFrameRate: Hertz;
  /** K. */
  numCodebooks: number;
  /** V. */
  codebookSize: number;
  /** What a request means where it does not say. */
  sampling: SamplingDefaults;
}

/** Of packs whose takes this model makes. @throws ModelPackError where it has no decoder of its own */
export function packInfoOf(manifest: ModelManifest): TokenPackInfo {
  const { sampleRate, codecFrameRate, numCodebooks, codebookSize, sampling, files } = manifest;
  const codecHash = files['decoder.safetensors']?.sha256;
  if (codecHash === undefined) {
    throw new ModelPackError(
      `token-pack: model ${manifest.name} has no decoder.safetensors, so nothing could play its codes. Bake with a model that has it.`,
    );
  }
  return { codecHash, sampleRate, codecFrameRate, numCodebooks, codebookSize, sampling };
}

export const HASH_BYTES = 32;

/** Largest; the least is 1. */
const LIMITS = {
  sampleRate: 1_000_000,
  codecFrameRate: 1_000_000,
  numCodebooks: 256,
  codebookSize: 65_535,
} as const;
const FIELDS = Object.keys(LIMITS) as (keyof typeof LIMITS)[];

export function problemOfInfo(info: TokenPackInfo): Problem | undefined {
  if (!isHash(info.codecHash)) {
    return { expected: 'codecHash of 64 hexadecimal digits', found: String(info.codecHash) };
  }
  for (const field of FIELDS) {
    const value = info[field];
    if (Number.isInteger(value) && value >= 1 && value <= LIMITS[field]) continue;
    const expected = `${field} to be a whole number from 1 to ${LIMITS[field]}`;
    return { expected, found: String(value) };
  }
  if (!Number.isInteger(samplesPerCodecFrame(info))) {
    const found = `${info.sampleRate} Hz and ${info.codecFrameRate} Hz`;
    return { expected: 'whole samples in a codec frame', found };
  }
  return problemOfSampling(info);
}

function problemOfSampling({ sampling, codebookSize }: TokenPackInfo): Problem | undefined {
  try {
    checkInput({ prompt: '-', ...sampling }, codebookSize);
    return undefined;
  } catch (error) {
    return { expected: 'sampling within its limits', found: messageOf(error) };
  }
}

export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export function samplesPerCodecFrame({ sampleRate, codecFrameRate }: TokenPackInfo): number {
  return sampleRate / codecFrameRate;
}

/** Of one code: enough for the largest. */
export function bitsPerCode({ codebookSize }: TokenPackInfo): number {
  return Math.max(1, Math.ceil(Math.log2(codebookSize)));
}

/** Bytes that a sound's codes take. */
export function codesBytes(info: TokenPackInfo, codecFrames: number): number {
  return packedSize(info.numCodebooks * codecFrames, bitsPerCode(info));
}

export function writeInfo(writer: ByteWriter, info: TokenPackInfo): void {
  writeHash(writer, info.codecHash);
  for (const field of FIELDS) writer.varint(info[field]);
  writeSampling(writer, info.sampling);
}

/** @throws TokenPackError */
export function readInfo(reader: ByteReader): TokenPackInfo {
  const info = {
    codecHash: readHash(reader, 'SHA-256 of the codec'),
    sampleRate: reader.varint('sampleRate'),
    codecFrameRate: reader.varint('codecFrameRate'),
    numCodebooks: reader.varint('numCodebooks'),
    codebookSize: reader.varint('codebookSize'),
    sampling: readSampling(reader),
  };
  const problem = problemOfInfo(info);
  if (problem !== undefined) throw reader.refusal(problem);
  return info;
}

export function writeSampling(writer: ByteWriter, sampling: SamplingDefaults): void {
  writer.f64(sampling.guidanceScale);
  writer.f64(sampling.temperature);
  writer.varint(sampling.topK);
  writer.f64(sampling.topP);
}

export function readSampling(reader: ByteReader): SamplingDefaults {
  return {
    guidanceScale: reader.f64('guidanceScale'),
    temperature: reader.f64('temperature'),
    topK: reader.varint('topK'),
    topP: reader.f64('topP'),
  };
}

export function writeHash(writer: ByteWriter, digits: string): void {
  for (let i = 0; i < HASH_BYTES; i++)
    writer.u8(Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

export function readHash(reader: ByteReader, what: string): string {
  let digits = '';
  for (const byte of reader.bytes(HASH_BYTES, what)) digits += hex(byte, 2);
  return digits;
}
