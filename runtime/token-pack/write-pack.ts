/** Takes → the bytes of a token pack. Same takes, same bytes. */
import { packCodes } from '../bit-pack.ts';
import type { BakedTake } from '../contract.ts';
import { crc32 } from '../crc32.ts';
import type { Kernels } from '../kernels/kernels.ts';
import { createByteWriter } from './byte-writer.ts';
import { problemOfSound } from './check-sound.ts';
import { bitsPerCode, problemOfInfo, type TokenPackInfo, writeInfo } from './info.ts';
import { PREAMBLE_BYTES, writePreamble } from './preamble.ts';
import type { Problem } from './problem.ts';
import { writeRuns } from './runs.ts';

/**
 * @param takes in this order they are written; takes of a prompt one after the other share what they have in common
 * @throws RangeError for what a reader would refuse, and for two takes of one sound key that differ
 */
export function writeTokenPack(
  kernels: Kernels,
  info: TokenPackInfo,
  takes: readonly BakedTake[],
): Uint8Array<ArrayBuffer> {
  refuse('the header', problemOfInfo(info));
  const crcs = new Map<string, number>();
  const packed = takes.map((take, i) => {
    const name = `take ${i} ('${take.sound}')`;
    refuse(name, problemOfSound(take, info) ?? problemOfCodes(take, info));
    const codes = packCodes(kernels, take.codes, bitsPerCode(info));
    const entry = { sound: take, crc: crc32(codes), codes };
    refuse(name, problemOfTwin(crcs.get(take.soundKey), entry.crc));
    crcs.set(take.soundKey, entry.crc);
    return entry;
  });

  const writer = createByteWriter();
  writeInfo(writer, info);
  writeRuns(writer, packed, info);
  const index = writer.written();
  return joinedFile(
    index,
    packed.map(({ codes }) => codes),
  );
}

function joinedFile(index: Uint8Array, codes: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const codesBytes = codes.reduce((sum, { length }) => sum + length, 0);
  const sizes = { indexBytes: index.length, codesBytes, indexCrc: crc32(index) };
  const file = new Uint8Array(PREAMBLE_BYTES + index.length + codesBytes);
  let at = 0;
  for (const part of [writePreamble(sizes), index, ...codes]) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function problemOfCodes(take: BakedTake, info: TokenPackInfo): Problem | undefined {
  const { codes, codecFrames } = take;
  const count = info.numCodebooks * codecFrames;
  if (codes.length !== count) return { expected: `${count} codes`, found: `${codes.length}` };
  const wrong = codes.findIndex((code) => code >= info.codebookSize);
  if (wrong < 0) return undefined;
  return { expected: `code ${wrong} below ${info.codebookSize}`, found: `${codes[wrong]}` };
}

function problemOfTwin(earlier: number | undefined, crc: number): Problem | undefined {
  if (earlier === undefined || earlier === crc) return undefined;
  return { expected: 'the codes that its sound key had before', found: 'others' };
}

function refuse(what: string, problem: Problem | undefined): void {
  if (problem === undefined) return;
  throw new RangeError(
    `token-pack: ${what} cannot be written: expected ${problem.expected}, found ${problem.found}. Bake it again.`,
  );
}
