/**
 * What a take of a pack has for itself: 55 bytes as a rule, of which its sound key takes 32.
 *
 *   u8 flags (1 rolled again, 2 seam)   varint seed   [varint seed that was used]   u8[32] sound key
 *   varint start, length   [varint crossfade, f32 correlation]   f32 gainDb, loudness, truePeak   u32 CRC-32 of its codes
 */
import type { BakedSound, FinishPlan } from '../contract.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { readHash, writeHash } from './info.ts';

/** `spec.seed` is `asked`. */
export type TakeRow = Pick<BakedSound, 'seed' | 'soundKey' | 'plan' | 'loudness' | 'truePeak'> & {
  asked: number;
  /** CRC-32 of its packed codes. */
  crc: number;
};

const ROLLED = 1;
const SEAM = 2;

export function writeTakeRow(writer: ByteWriter, take: BakedSound, crc: number): void {
  const { seed, spec, plan } = take;
  const isRolled = seed !== spec.seed;
  const hasSeam = plan.crossfade > 0 || plan.correlation !== 0;
  writer.u8((isRolled ? ROLLED : 0) + (hasSeam ? SEAM : 0));
  writer.varint(spec.seed);
  if (isRolled) writer.varint(seed);
  writeHash(writer, take.soundKey);
  writer.varint(plan.start);
  writer.varint(plan.length);
  if (hasSeam) writer.varint(plan.crossfade);
  if (hasSeam) writer.f32(plan.correlation);
  for (const level of [plan.gainDb, take.loudness, take.truePeak]) writer.f32(level);
  writer.u32(crc);
}

/** @throws TokenPackError where it ends too soon; its values are checked by check-sound.ts. */
export function readTakeRow(reader: ByteReader): TakeRow {
  const flags = reader.u8('flags of a take');
  if (flags > ROLLED + SEAM) {
    throw reader.refusal({ expected: 'flags of a take from 0 to 3', found: `${flags}` });
  }
  const asked = reader.varint('seed');
  return {
    asked,
    seed: (flags & ROLLED) !== 0 ? reader.varint('seed that was used') : asked,
    soundKey: readHash(reader, 'sound key'),
    plan: readPlan(reader, (flags & SEAM) !== 0),
    loudness: reader.f32('loudness'),
    truePeak: reader.f32('truePeak'),
    crc: reader.u32('CRC-32 of the codes'),
  };
}

function readPlan(reader: ByteReader, hasSeam: boolean): FinishPlan {
  return {
    start: reader.varint('start'),
    length: reader.varint('length'),
    crossfade: hasSeam ? reader.varint('crossfade') : 0,
    correlation: hasSeam ? reader.f32('correlation') : 0,
    gainDb: reader.f32('gainDb'),
  };
}
