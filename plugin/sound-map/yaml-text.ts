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
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import {
  createProblems,
  type Locate,
  type Path,
  type Position,
  type ReadText,
  soundMapError,
} from './problems.ts';

/** How often aliases may stand for something, and things in those things. */
const MAX_ALIASES = 1000;
/** Characters of a line that are looked at for advice. */
const MAX_LINE = 256;

export const YAML_OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  customTags: [],
  stringKeys: true,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'error',
} as const satisfies ParseOptions & DocumentOptions & SchemaOptions;

/** @throws SoundMapError with the places of what is no YAML. */
export function readYaml(text: string, source: string): ReadText {
  const lines = new LineCounter();
  const document = guarded(source, () =>
    parseDocument(text, { ...YAML_OPTIONS, lineCounter: lines }),
  );
  const problems = createProblems(source);
  const textLines = text.split('\n');
  let told = 0;
  for (const error of [...document.errors, ...document.warnings]) {
    if (error.code === 'RESOURCE_EXHAUSTION') throw soundMapError(source, TOO_DEEP);
    const position = positionOf(lines, error.pos[0]);
    if (position.line === told) continue; // one mistake makes several of these
    told = position.line;
    const line = (textLines[told - 1] ?? '').slice(0, MAX_LINE);
    problems.addAt(position, sentenceOf(error, line));
  }
  guarded(source, () => {
    checkNames(document, (node, message) => {
      problems.addAt(positionOf(lines, startOf(node) ?? 0), message);
    });
  });
  problems.throwIfAny();
  const data = guarded(source, () => document.toJS({ maxAliasCount: MAX_ALIASES }));
  if (data === null || data === undefined) throw soundMapError(source, EMPTY);
  return { data, locate: locator(document, lines) };
}

const EMPTY = 'holds nothing. Write sounds: and below it a name with a prompt.';
const TOO_DEEP = 'is nested too deeply. A sound map has no more than eight levels.';
const TOO_MANY_ALIASES = 'has aliases (*name) that multiply. Write less of it by alias.';

/** @param line where it is: the parser's words are for those who know YAML, two mistakes are everybody's */
function sentenceOf({ code, message }: YAMLError, line: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here. Take out the line with ---.';
  return `is no YAML here: ${message.replace(/\.?$/, '.')}${adviceOn(line)}`;
}

function adviceOn(line: string): string {
  const hasSlot = /^[^"'#]*[:\s]\{[\w.|]+\}/.test(line);
  if (hasSlot) return ' A prompt with a slot needs quotes here: "{a.material} hit".';
  const hasColon = /:\s+[^\s"'[{#][^"'#]*:\s/.test(line);
  return hasColon ? ' Text with a colon in it needs quotes: "steps: heavy".' : '';
}

/** The parser is recursive, and throws for two things only: the stack, and aliases. */
function guarded<T>(source: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw soundMapError(source, error instanceof RangeError ? TOO_DEEP : TOO_MANY_ALIASES, error);
  }
}

/** Fields that are written twice (the parser compares each with each), and aliases without an anchor before them. */
function checkNames(
  document: Document.Parsed,
  tell: (node: unknown, message: string) => void,
): void {
  const anchors = new Set<string>();
  visit(document, {
    Node(_, node) {
      if (isMap(node)) tellTwice(node, tell);
      if (isAlias(node)) {
        if (!anchors.has(node.source)) tell(node, `*${node.source} stands for nothing above it.`);
      } else if (node.anchor !== undefined) anchors.add(node.anchor);
    },
  });
}

function tellTwice({ items }: YAMLMap, tell: (node: unknown, message: string) => void): void {
  const met = new Set<string>();
  for (const { key } of items) {
    const name = String(isScalar(key) ? key.value : key);
    if (met.has(name)) tell(key, 'the name here is written twice. Take one out.');
    met.add(name);
  }
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
