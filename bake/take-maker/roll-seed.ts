/**
 * Seeds of takes that are rolled again: drawn from the seed that was asked for and the number of the roll, the same everywhere.
 *
 *   roll 0 → the seed itself     roll n → a uint32; a pool's seeds are small numbers, so it is none of them
 */
import { createHash } from 'node:crypto';

/** @param seed uint32 @returns uint32 */
export function rollSeed(seed: number, roll: number): number {
  if (roll === 0) return seed;
  return createHash('sha256').update(`scenefoley roll ${seed} ${roll}`).digest().readUInt32LE();
}
