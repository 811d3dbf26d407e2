/** What is wrong with a token pack, and the errors that say so. */
import { TokenPackError } from '../errors.ts';

/** Completes "expected …, found …". */
export interface Problem {
  expected: string;
  found: string;
}

/** A byte of a file. */
export interface Position {
  /** The file as a person would name it. */
  place: string;
  /** Counted from 0. */
  byte: number;
}

const ADVICE = 'Copy the file again, whole and unchanged.';

export function packError(
  { place, byte }: Position,
  { expected, found }: Problem,
  advice = ADVICE,
): TokenPackError {
  return new TokenPackError(
    `token-pack: ${place}, byte ${byte}: expected ${expected}, found ${found}. ${advice}`,
  );
}
