/**
 * What the page of `scenefoley audition` and its server tell each other. Types only.
 *
 *   GET  /sounds                             Listing
 *   GET  /take.wav?sound=…&prompt=…&seed=…   WAV, with TakeFacts as JSON in the header X-Take
 *   POST /choice                             Choice; 204, or 400 with what is wrong
 *   GET  /changes                            an event `sounds` whenever the sound map was changed, by whomever
 */
import type { Decibels, Hertz, Seconds } from '../../runtime/contract.ts';
import type { Fault } from '../contract.ts';

export interface Listing {
  /** Name of the sound map. */
  file: string;
  /** What is wrong with the sound map as it is now; then `sounds` is of the one before. */
  problems: string[];
  sounds: AuditionSound[];
}

export interface AuditionSound {
  name: string;
  duration: Seconds;
  loop: boolean;
  lock: number | null;
  ban: number[];
  /** Of the pool, as it is while nothing is locked. */
  seeds: number[];
  /** Every prompt that it can have, those that say most first; a few hundred at most. */
  prompts: string[];
  /** Prompts that are left out, at most. */
  morePrompts: number;
}

/** One take of a sound that is chosen or refused. */
export type Choice = { sound: string } & (
  | { /** null: all of the pool again. */ lock: number | null }
  | { ban: number }
  | { /** No longer banned. */ allow: number }
);

export interface TakeFacts {
  sampleRate: Hertz;
  loop: boolean;
  /** Empty: the quality gate lets it pass, or is off. */
  faults: Fault[];
  /** Of the judge, 0 to 1; null: not asked. */
  score: number | null;
  /** LUFS; null for silence. */
  loudness: Decibels | null;
  /** Generation, decoding and finishing. */
  madeMs: number;
}
