/**
 * What many takes of a pack have in common: a kind, written once.
 *
 *   u8 flags (1 loop, 2 sampling of its own)   f64 duration   varint codecFrames   [sampling]
 */
import type { BakedSound, SamplingDefaults, Seconds } from '../contract.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { MOST_CODEC_FRAMES } from './check-sound.ts';
import { readSampling, writeSampling } from './info.ts';

export interface Kind {
  duration: Seconds;
  loop: boolean;
  codecFrames: number;
  sampling: SamplingDefaults;
}

const LOOP = 1;
const OWN_SAMPLING = 2;

export function kindOf({ spec, codecFrames }: BakedSound): Kind {
  const { duration, loop, guidanceScale, temperature, topK, topP } = spec;
  return { duration, loop, codecFrames, sampling: { guidanceScale, temperature, topK, topP } };
}

/** @param defaults the pack's */
export function writeKind(writer: ByteWriter, kind: Kind, defaults: SamplingDefaults): void {
  const isOwn = !isSame(kind.sampling, defaults);
  writer.u8((kind.loop ? LOOP : 0) + (isOwn ? OWN_SAMPLING : 0));
  writer.f64(kind.duration);
  writer.varint(kind.codecFrames);
  if (isOwn) writeSampling(writer, kind.sampling);
}

/** @throws TokenPackError */
export function readKind(reader: ByteReader, defaults: SamplingDefaults): Kind {
  const flags = reader.u8('flags of a kind');
  if (flags > LOOP + OWN_SAMPLING) {
    throw reader.refusal({ expected: 'flags of a kind from 0 to 3', found: `${flags}` });
  }
  return {
    loop: (flags & LOOP) !== 0,
    duration: reader.f64('duration'),
    codecFrames: reader.varint('codecFrames', 1, MOST_CODEC_FRAMES),
    sampling: (flags & OWN_SAMPLING) !== 0 ? readSampling(reader) : defaults,
  };
}

function isSame(a: SamplingDefaults, b: SamplingDefaults): boolean {
  const fields = ['guidanceScale', 'temperature', 'topK', 'topP'] as const;
  return fields.every((field) => a[field] === b[field]);
}
