/**
 * A take's record as bytes: for stores and queues.
 *
 *   'scenefoley-take 1 ' SHA-256 of the rest '\n'  { job, take, verdict, rolls } as canonical JSON, arrays of numbers in Base64
 *
 * Same record, same bytes. Whatever does not check out is no record: it is made again.
 */
import { canonicalJson } from '../../runtime/sound-key.ts';
import type { TakeRecord } from '../contract.ts';
import { sha256Hex } from '../job-id.ts';

const HEAD = 'scenefoley-take 1 ';

export function encodeRecord({ job, take, verdict, rolls }: TakeRecord): Uint8Array {
  const body = canonicalJson({
    job,
    take: { ...take, ...levelsOf(take), codes: base64(take.codes) },
    verdict: { ...verdict, fingerprint: base64(verdict.fingerprint) },
    rolls,
  });
  return new TextEncoder().encode(`${HEAD}${sha256Hex(body)}\n${body}`);
}

/** @returns undefined where it is no whole record, or another's than the job of that id. */
export function decodeRecord(bytes: Uint8Array, id: string): TakeRecord | undefined {
  const text = new TextDecoder().decode(bytes);
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || text.slice(0, end) !== HEAD + sha256Hex(body)) return undefined;
  const { job, take, verdict, rolls } = JSON.parse(body) as WrittenRecord;
  if (job.id !== id) return undefined;
  return {
    job,
    take: { ...take, ...levelsFrom(take), codes: new Uint16Array(fromBase64(take.codes)) },
    verdict: { ...verdict, fingerprint: new Float32Array(fromBase64(verdict.fingerprint)) },
    rolls,
  };
}

/** As the checksum vouches for it. */
interface WrittenRecord extends Omit<TakeRecord, 'take' | 'verdict'> {
  take: Omit<TakeRecord['take'], 'codes' | keyof Levels> & WrittenLevels & { codes: string };
  verdict: Omit<TakeRecord['verdict'], 'fingerprint'> & { fingerprint: string };
}

interface Levels {
  loudness: number;
  truePeak: number;
}
type WrittenLevels = { [Level in keyof Levels]: number | null };

/** JSON knows no −Infinity, which silence has. */
function levelsOf({ loudness, truePeak }: Levels): WrittenLevels {
  const written = (level: number) => (level === -Infinity ? null : level);
  return { loudness: written(loudness), truePeak: written(truePeak) };
}

function levelsFrom({ loudness, truePeak }: WrittenLevels): Levels {
  return { loudness: loudness ?? -Infinity, truePeak: truePeak ?? -Infinity };
}

/** Little-endian, as every machine is that runs Node. */
function base64({ buffer, byteOffset, byteLength }: Uint16Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function fromBase64(text: string): ArrayBuffer {
  return Uint8Array.from(Buffer.from(text, 'base64')).buffer;
}
