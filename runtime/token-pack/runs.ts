/**
 * A pack's index: texts and kinds once, then runs of takes that follow each other and differ by their seed alone.
 *
 *   varint count, texts          'footstep', 'light footstep on wood', 'foley-tiny', 'MIT', …
 *   varint count, kinds          0.5 s, 25 codec frames
 *   varint count, runs           ┌ varint text of sound, prompt, model, licence; varint kind; varint count
 *                                └ takes of it (take-row.ts)
 */
import type { BakedSound } from '../contract.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { MOST_TEXT, problemOfSound } from './check-sound.ts';
import type { TokenPackInfo } from './info.ts';
import { type Kind, kindOf, readKind, writeKind } from './kind.ts';
import { createTable, readList, writeList } from './lists.ts';
import { packError } from './problem.ts';
import { readTakeRow, type TakeRow, writeTakeRow } from './take-row.ts';

/** A sound and the CRC-32 of its packed codes. */
export interface IndexEntry {
  sound: BakedSound;
  crc: number;
}

interface Run {
  /** Places in the tables: sound, prompt, model, licence, kind. */
  common: number[];
  takes: IndexEntry[];
}

export function writeRuns(
  writer: ByteWriter,
  entries: readonly IndexEntry[],
  { sampling }: TokenPackInfo,
): void {
  const texts = createTable<string>((text) => text);
  const kinds = createTable<Kind>((kind) => JSON.stringify(kind));
  const runs: Run[] = [];
  for (const entry of entries) {
    const { sound, spec, model, licence } = entry.sound;
    const common = [sound, spec.prompt, model, licence].map(texts.placeOf);
    common.push(kinds.placeOf(kindOf(entry.sound)));
    const run = runs.at(-1);
    if (run !== undefined && `${run.common}` === `${common}`) run.takes.push(entry);
    else runs.push({ common, takes: [entry] });
  }
  writeList(writer, texts.values, (text) => writer.text(text));
  writeList(writer, kinds.values, (kind) => writeKind(writer, kind, sampling));
  writeList(writer, runs, (run) => {
    for (const place of run.common) writer.varint(place);
    writeList(writer, run.takes, ({ sound, crc }) => writeTakeRow(writer, sound, crc));
  });
}

/** @throws TokenPackError */
export function readRuns(reader: ByteReader, info: TokenPackInfo): IndexEntry[] {
  const texts = readList(reader, 'texts', () => reader.text('a text', MOST_TEXT));
  const kinds = readList(reader, 'kinds', () => readKind(reader, info.sampling));
  const runs = readList(reader, 'runs', () => {
    const at = <T>(table: T[], what: string): T => table[placeIn(reader, table, what)]!;
    const common = {
      sound: at(texts, 'sound'),
      prompt: at(texts, 'prompt'),
      model: at(texts, 'model'),
      licence: at(texts, 'licence'),
      kind: at(kinds, 'kind'),
    };
    return readList(reader, 'takes', () => readEntry(reader, common, info));
  });
  if (!reader.isAtEnd) {
    throw packError(reader.position, { expected: 'the end of the index', found: 'more bytes' });
  }
  return runs.flat();
}

interface Common {
  sound: string;
  prompt: string;
  model: string;
  licence: string;
  kind: Kind;
}

function readEntry(reader: ByteReader, common: Common, info: TokenPackInfo): IndexEntry {
  const { position } = reader;
  const row = readTakeRow(reader);
  const sound = soundOf(common, row);
  const problem = problemOfSound(sound, info);
  if (problem !== undefined) throw packError(position, problem);
  return { sound, crc: row.crc };
}

/** Each field by name: thousands are made, and spreading takes several times as long. */
function soundOf({ sound, prompt, model, licence, kind }: Common, row: TakeRow): BakedSound {
  const { duration, loop, codecFrames, sampling } = kind;
  const { guidanceScale, temperature, topK, topP } = sampling;
  const { asked, seed, soundKey, plan, loudness, truePeak } = row;
  const spec = { prompt, duration, seed: asked, guidanceScale, temperature, topK, topP, loop };
  return { sound, spec, seed, soundKey, codecFrames, plan, loudness, truePeak, model, licence };
}

function placeIn(reader: ByteReader, table: unknown[], what: string): number {
  const place = reader.varint(`place of the ${what}`);
  if (place < table.length) return place;
  const expected = `place of the ${what} among ${table.length}`;
  throw reader.refusal({ expected, found: `${place}` });
}
