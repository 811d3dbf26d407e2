/**
 * A sound's takes as JSON. Codes are a text for each codebook, so that a codebook is a line; silence has null for loudness.
 *
 *   { "sound": "rain", "takes": [ { "place": 12, "spec": { … }, …, "codes": ["17 4 1003 …", "…", "…", "…"] } ] }
 *
 * `place` orders the takes of all files.
 */
import * as v from 'valibot';
import type { BakedTake, Decibels } from '../../../runtime/contract.ts';
import { parsed } from './parsed.ts';

const Level = v.nullable(v.number());
/** Of one codebook: u16 numbers with single spaces between them. */
const Row = v.pipe(
  v.string(),
  v.regex(/^\d+( \d+)*$/, 'a row of codes is numbers with single spaces between them'),
  v.transform((row) => row.split(' ').map(Number)),
  v.array(v.pipe(v.number(), v.maxValue(65535))),
);

const SoundFile = v.object({
  sound: v.string(),
  takes: v.array(
    v.object({
      place: v.number(),
      spec: v.object({
        prompt: v.string(),
        duration: v.number(),
        seed: v.number(),
        guidanceScale: v.number(),
        temperature: v.number(),
        topK: v.number(),
        topP: v.number(),
        loop: v.boolean(),
      }),
      seed: v.number(),
      soundKey: v.string(),
      codecFrames: v.number(),
      plan: v.object({
        start: v.number(),
        length: v.number(),
        crossfade: v.number(),
        correlation: v.number(),
        gainDb: v.number(),
      }),
      loudness: Level,
      truePeak: Level,
      model: v.string(),
      licence: v.string(),
      codes: v.array(Row),
    }),
  ),
});

export function writeSoundText(
  sound: string,
  takes: readonly BakedTake[],
  placeOf: (take: BakedTake) => number,
): string {
  const texts = takes.map((take) => {
    const { sound: _sound, codes, ...rest } = take;
    const levels = { loudness: orNull(take.loudness), truePeak: orNull(take.truePeak) };
    return { place: placeOf(take), ...rest, ...levels, codes: rowsOf(codes, take.codecFrames) };
  });
  return `${JSON.stringify({ sound, takes: texts }, null, 2)}\n`;
}

/** @throws Error that names the file, the field and what is wrong with it */
export function readSoundText(text: string, file: string): { place: number; take: BakedTake }[] {
  const { sound, takes } = parsed(SoundFile, text, file);
  return takes.map(({ place, codes, loudness, truePeak, ...rest }) => ({
    place,
    take: {
      ...{ ...rest, sound, loudness: orSilence(loudness), truePeak: orSilence(truePeak) },
      codes: Uint16Array.from(codes.flat()),
    },
  }));
}

function rowsOf(codes: Uint16Array, codecFrames: number): string[] {
  const rows: string[] = [];
  for (let from = 0; from < codes.length; from += codecFrames) {
    rows.push(codes.subarray(from, from + codecFrames).join(' '));
  }
  return rows;
}

function orNull(level: Decibels): number | null {
  return Number.isFinite(level) ? level : null;
}

function orSilence(level: number | null): Decibels {
  return level ?? Number.NEGATIVE_INFINITY;
}
