/** What is wrong with a sound map or a bake, as bundlers show it: the file, its line and column. */
import { SoundMapError } from '../../plugin/sound-map.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { BuildError } from './hooks.ts';

/** @param soundMap path */
export function buildErrorOf(error: unknown, soundMap: string): BuildError {
  const message = messageOf(error);
  if (!(error instanceof SoundMapError)) return { message };
  const { line, column } = error.problems[0]?.position ?? { line: 1, column: 1 };
  return { message, id: soundMap, loc: { file: soundMap, line, column: column - 1 } };
}
