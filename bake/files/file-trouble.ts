/** What the file system refuses, said in a line that says what to do. */
import { messageOf } from '../../runtime/errors.ts';

const ADVICE: Readonly<Record<string, [what: string, advice: string]>> = {
  ENOSPC: ['the disk is full', 'Free some space and bake again: what was made is kept.'],
  EDQUOT: ['the disk quota is used up', 'Free some space and bake again: what was made is kept.'],
  EACCES: ['it may not be written', 'Change its rights, or choose another folder.'],
  EPERM: ['it may not be written', 'Change its rights, or choose another folder.'],
  EROFS: ['it is on a disk that is only for reading', 'Choose another folder.'],
  ENOTDIR: ['a part of the path is a file', 'Choose another folder.'],
  EEXIST: ['a file is in the place of a folder', 'Choose another folder.'],
  EISDIR: ['a folder is in the place of a file', 'Move it away, or choose another folder.'],
  EMFILE: ['too many files are open', 'Raise the limit of open files, and bake again.'],
};

export function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** @param path what was to be written */
export function writeTrouble(path: string, error: unknown): Error {
  const code = codeOf(error) ?? '';
  const [what, advice] = ADVICE[code] ?? [messageOf(error), 'See what is in its place.'];
  const named = code === '' ? what : `${what} (${code})`;
  return new Error(`bake: ${path} cannot be written: ${named}. ${advice}`, { cause: error });
}
