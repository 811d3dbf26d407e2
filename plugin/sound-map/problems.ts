/**
 * What is wrong with a sound map: every problem, with its place, in one error.
 *
 *   sounds.yaml:4:21: sounds.footstep.voices.steal must be oldest, quietest, farthest or none, got "loudest".
 *   source      line:column  path                  message
 */

/** Fields and places in lists, from the top. */
export type Path = readonly (string | number)[];

/** Both from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Where in a text something is written; null where that is not known. `isKey`: its name rather than its value. */
export type Locate = (path: Path, isKey?: boolean) => Position | null;

/** A text as data, and where it says what. */
export interface ReadText {
  data: unknown;
  locate: Locate;
}

export interface SoundMapProblem {
  source: string;
  position: Position | null;
  path: string;
  /** The whole line, place and path included. */
  message: string;
}

/** More are counted, not told: nobody reads them, and a hostile file could have a million. */
const MAX_PROBLEMS = 100;

/** A sound map that cannot be used. Told apart by `name`. */
export class SoundMapError extends Error {
  override readonly name = 'SoundMapError';
  readonly problems: readonly SoundMapProblem[];

  constructor(problems: readonly SoundMapProblem[], untold = 0, options?: ErrorOptions) {
    const count = problems.length + untold;
    const head = `sound-map: ${count === 1 ? 'one problem' : `${count} problems`}. Nothing was taken over.`;
    const more = untold > 0 ? [`… and ${untold} more.`] : [];
    super([head, ...problems.map(({ message }) => message), ...more].join('\n'), options);
    this.problems = problems;
  }
}

export interface Problems {
  /** @param message what is wrong, after the path: 'must be …, got … .' Only worked out where it is told. */
  add(path: Path, message: string | (() => string), isKey?: boolean): void;
  /** At a place in the text that has no path. */
  addAt(position: Position | null, message: string): void;
  readonly count: number;
  /** More would only be counted. */
  readonly isFull: boolean;
  /** @throws SoundMapError */
  throwIfAny(): void;
}

export function createProblems(source: string, locate: Locate = () => null): Problems {
  const told: SoundMapProblem[] = [];
  let count = 0;
  const tell = (position: Position | null, path: string, message: string) => {
    const place = position === null ? source : `${source}:${position.line}:${position.column}`;
    told.push({ source, position, path, message: `${place}: ${path}${path && ' '}${message}` });
  };
  return {
    add(path, message, isKey = false) {
      count++;
      if (count > MAX_PROBLEMS) return;
      const text = typeof message === 'string' ? message : message();
      tell(locate(path, isKey), pathText(path), text);
    },
    addAt(position, message) {
      count++;
      if (count <= MAX_PROBLEMS) tell(position, '', message);
    },
    get count() {
      return count;
    },
    get isFull() {
      return count >= MAX_PROBLEMS;
    },
    throwIfAny() {
      if (count > 0) throw new SoundMapError([...told].sort(byPosition), count - told.length);
    },
  };
}

/** As one reads the file. */
function byPosition({ position: a }: SoundMapProblem, { position: b }: SoundMapProblem): number {
  if (a === null || b === null) return 0;
  return a.line - b.line || a.column - b.column;
}

/** @returns the error of one problem that has no place in the text. */
export function soundMapError(source: string, message: string, cause?: unknown): SoundMapError {
  const problem = { source, position: null, path: '', message: `${source}: ${message}` };
  return new SoundMapError([problem], 0, cause === undefined ? {} : { cause });
}

/** @returns 'sounds.footstep.on[0].when'; names that are no words in quotes. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w$-]+$/.test(part)) return `${text}[${JSON.stringify(part.slice(0, 64))}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}
