/**
 * What every file says of itself, in the words of its format: where it comes from, and whether it loops.
 *
 *   fact        WAV, LIST/INFO   FLAC and Ogg Opus, Vorbis comment
 *   sound       INAM             TITLE
 *   prompt      ISBJ             DESCRIPTION
 *   licence     ICOP             LICENSE
 *   model       ISFT, ICMT       MODEL
 *   seed        ICMT             SEED
 *   sound key   ICMT             SOUNDKEY
 *   loop        smpl chunk       LOOPSTART, LOOPLENGTH: samples of that file
 *
 * No dates, no machine: the same take is the same bytes, whenever and wherever it is written.
 */
import type { Take } from '../../runtime/contract.ts';

const SOFTWARE = 'SceneFoley';
const ORIGIN = 'Made by a generative model.';

export interface AssetFacts {
  /** Its name in the sound map; of a sound that was just said, its prompt. */
  sound: string;
  prompt: string;
  model: string;
  licence: string;
  seed: number;
  soundKey: string;
}

/** @param sound its name in a sound map; default: its prompt */
export function factsOf(take: Take, sound: string = take.prompt): AssetFacts {
  const { prompt, model, licence, seed, soundKey } = take;
  return { sound, prompt, model, licence, seed, soundKey };
}

/** Of LIST/INFO: four letters, then text. */
export function infoOf(facts: AssetFacts): [string, string][] {
  const { sound, prompt, model, licence, seed, soundKey } = facts;
  return [
    ['INAM', sound],
    ['ISBJ', prompt],
    ['ICOP', licence],
    ['ISFT', `${SOFTWARE}, model ${model}`],
    ['ICMT', `${ORIGIN} Model ${model}, seed ${seed}, sound key ${soundKey}.`],
  ];
}

/** @param loopLength samples of that file; null: a one-shot */
export function commentsOf(facts: AssetFacts, loopLength: number | null): [string, string][] {
  const { sound, prompt, model, licence, seed, soundKey } = facts;
  const loop: [string, string][] = [
    ['LOOPSTART', '0'],
    ['LOOPLENGTH', String(loopLength)],
  ];
  return [
    ['TITLE', sound],
    ['DESCRIPTION', prompt],
    ['LICENSE', licence],
    ['ENCODER', SOFTWARE],
    ['COMMENT', ORIGIN],
    ['MODEL', model],
    ['SEED', String(seed)],
    ['SOUNDKEY', soundKey],
    ...(loopLength === null ? [] : loop),
  ];
}
