/**
 * Silent: nothing in it that could be heard.
 *
 *   loudest 50 ms, as decoded   −38 dB the quietest of 900 takes of the embedded model, −106 dB what its codec makes of silence
 *
 * Finishing lifts a sound by 30 dB at most, so what is below this stays far below every other sound of the game.
 */
import type { Decibels, Hertz } from '../../runtime/contract.ts';
import { levels } from './levels.ts';

const SILENCE: Decibels = -55;
/** 50 ms. */
const GRAINS = 5;

/** @param pcm as decoded, before finishing */
export function isSilent(pcm: Float32Array, sampleRate: Hertz): boolean {
  return levels(pcm, sampleRate, GRAINS).every((level) => level < SILENCE);
}
