/**
 * YAML → data and places. Loaded on demand: the parser is larger than all the rest of the sound map.
 *
 * Read as data only: YAML 1.2's core schema whatever the file's directives say, no tags of its own, no merge keys, aliases
 * that multiply refused.
 */
import {
  type Document,
  type DocumentOptions,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParseOptions,
  parseDocument,
  type SchemaOptions,
  type YAMLError,
} from 'yaml';
import {
  createProblems,
  type Locate,
  type Path,
  type Position,
  soundMapError,
} from './problems.ts';
import type { ReadText } from './read-text.ts';

/** How often aliases may stand for something, and things in those things. */
const MAX_ALIASES = 1000;

export const YAML_OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  customTags: [],
  stringKeys: true,
  uniqueKeys: true,
  prettyErrors: false,
  logLevel: 'error',
} as const satisfies ParseOptions & DocumentOptions & SchemaOptions;

/** @throws SoundMapError with the places of what is no YAML. */
export function readYaml(text: string, source: string): ReadText {
  const lines = new LineCounter();
  const document = parse(text, source, lines);
  const problems = createProblems(source);
  for (const error of [...document.errors, ...document.warnings]) {
    if (error.code === 'RESOURCE_EXHAUSTION') throw soundMapError(source, TOO_DEEP);
    problems.addAt(positionOf(lines, error.pos[0]), sentenceOf(error));
  }
  problems.throwIfAny();
  const data = dataOf(document, source);
  if (data === null || data === undefined) throw soundMapError(source, EMPTY);
  return { data, locate: locator(document, lines) };
}

const EMPTY = 'holds nothing. Write sounds: and below it a name with a prompt.';

const TOO_DEEP = 'is nested too deeply. A sound map has no more than eight levels.';

function sentenceOf({ code, message }: YAMLError): string {
  if (code === 'DUPLICATE_KEY') return 'the name here is written twice. Take one out.';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here. Take out the line with ---.';
  return `is no YAML here: ${message.replace(/\.?$/, '.')}`;
}

function parse(text: string, source: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { ...YAML_OPTIONS, lineCounter });
  } catch (error) {
    throw soundMapError(source, TOO_DEEP, error);
  }
}

function dataOf(document: Document.Parsed, source: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw soundMapError(
      source,
      `cannot be read: ${messageOf(error)}. Use fewer aliases (*name).`,
      error,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function locator(document: Document.Parsed, lines: LineCounter): Locate {
  return (path, isKey = false) => {
    const offset = offsetOf(document, path, isKey);
    return offset === undefined ? null : positionOf(lines, offset);
  };
}

/** Of the deepest part of the path that is written: a field that is missing is told at the name of what lacks it. */
function offsetOf(document: Document.Parsed, path: Path, isKey: boolean): number | undefined {
  let node: unknown = document.contents;
  let key: unknown = null;
  for (const [depth, part] of path.entries()) {
    const child = childOf(document, node, part);
    if (child === null) return startOf(key ?? node);
    [key, node] = [child.key ?? key, child.value ?? child.key];
    if (isKey && depth === path.length - 1) return startOf(key);
  }
  return startOf(node);
}

function childOf(
  document: Document.Parsed,
  parent: unknown,
  part: string | number,
): { key: unknown; value: unknown } | null {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const value = node.items[Number(part)];
    return value === undefined ? null : { key: null, value };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(
    (item: Pair) => isScalar(item.key) && String(item.key.value) === String(part),
  );
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}

function positionOf(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
