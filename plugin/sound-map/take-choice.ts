/**
 * Writes a choice of takes into a sound map's text: only what is chosen changes, every comment and space stays.
 *
 *   step:                          step:
 *     prompt: a step   # soft  →     prompt: a step   # soft
 *                                    takes: { lock: 3, ban: [1] }
 *
 * The parsed document says where; the text is cut there. What comes out is read again before it is given out.
 */
import { isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { TakeChoice } from '../sound-definition.ts';
import { soundMapError } from './problems.ts';
import { YAML_OPTIONS } from './yaml-text.ts';

/** At `from` up to `to` stands `text` instead. */
interface Edit {
  from: number;
  to: number;
  text: string;
}

/**
 * @param text YAML or JSON.
 * @param sound its name there.
 * @returns the text with `takes` of this sound as chosen.
 * @throws SoundMapError where there is no such sound, or it is written in a way that cannot be changed in place.
 */
export function writeTakeChoice(text: string, sound: string, choice: TakeChoice): string {
  const written = editOf(text, sound, choice).reduceRight(
    (all, { from, to, text: part }) => all.slice(0, from) + part + all.slice(to),
    text,
  );
  if (!says(written, sound, choice)) throw soundMapError(sound, UNCHANGEABLE);
  return written;
}

const UNCHANGEABLE =
  'its takes cannot be changed in place. Write `takes: { lock: null }` there by hand.';

/** In the order of the text. */
function editOf(text: string, sound: string, choice: TakeChoice): Edit[] {
  const style = styleOf(text);
  const map = soundIn(text, sound);
  const takes = fieldOf(map, 'takes');
  if (!isMap(takes) || takes.items.length === 0) {
    const isNone = choice.lock === null && choice.ban.length === 0;
    return isNone && takes === null ? [] : [put(map, 'takes', style.choice(choice), style)];
  }
  const edits = [put(takes, 'lock', JSON.stringify(choice.lock), style)];
  if (choice.ban.length > 0 || fieldOf(takes, 'ban') !== null) {
    edits.push(put(takes, 'ban', style.list(choice.ban), style));
  }
  return edits.sort((a, b) => a.from - b.from);
}

interface Style {
  text: string;
  key(name: string): string;
  list(numbers: readonly number[]): string;
  choice(choice: TakeChoice): string;
}

function styleOf(text: string): Style {
  const isJson = /^\s*\{\s*"/.test(text);
  const key = (name: string) => (isJson ? JSON.stringify(name) : name);
  const list = (numbers: readonly number[]) => `[${numbers.join(', ')}]`;
  const choice = ({ lock, ban }: TakeChoice) => {
    const fields = [
      ...(lock === null ? [] : [`${key('lock')}: ${lock}`]),
      ...(ban.length === 0 ? [] : [`${key('ban')}: ${list(ban)}`]),
    ];
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  };
  return { text, key, list, choice };
}

function soundIn(text: string, sound: string): YAMLMap {
  const document = parseDocument(text, YAML_OPTIONS);
  const sounds = fieldOf(document.contents, 'sounds');
  const found = fieldOf(sounds, sound);
  if (document.errors.length > 0)
    throw soundMapError(sound, 'its sound map is no YAML. Correct it.');
  if (found === null) throw soundMapError(sound, 'is no sound of this map. Correct the name.');
  if (!isMap(found) || found.items.length === 0) throw soundMapError(sound, UNCHANGEABLE);
  return found;
}

function pairOf(map: unknown, key: string): Pair | null {
  if (!isMap(map)) return null;
  return (
    map.items.find((pair: Pair) => isScalar(pair.key) && String(pair.key.value) === key) ?? null
  );
}

function fieldOf(map: unknown, key: string): unknown {
  return pairOf(map, key)?.value ?? null;
}

/** In the place of the field's value, or as the map's last field. */
function put(map: YAMLMap, key: string, value: string, style: Style): Edit {
  const found = pairOf(map, key)?.value as Node | null | undefined;
  if (found?.range) {
    const [from, to] = [found.range[0], lastCharacter(style.text, found.range[0], endOf(found))];
    return { from, to, text: from === to ? ` ${value}` : value };
  }
  const last = map.items.at(-1);
  const end = endOf((last?.value ?? last?.key) as Node);
  if (map.flow) return at(end, `, ${style.key(key)}: ${value}`);
  const newline = style.text.includes('\r\n') ? '\r\n' : '\n';
  const indent = ' '.repeat(columnOf(style.text, map.items[0]?.key as Node | undefined));
  return at(lineEnd(style.text, end), `${newline}${indent}${key}: ${value}`);
}

function columnOf(text: string, node: Node | undefined): number {
  const start = node?.range?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function at(place: number, text: string): Edit {
  return { from: place, to: place, text };
}

/** Of the last thing in it: the ranges of blocks go on to the next line. */
function endOf(node: Node): number {
  const inner = isMap(node) || isSeq(node) ? node.items.at(-1) : undefined;
  const isBlock = inner !== undefined && !(node as YAMLMap).flow;
  if (!isBlock) return node.range?.[1] ?? 0;
  return endOf((isMap(node) ? ((inner as Pair).value ?? (inner as Pair).key) : inner) as Node);
}

function lastCharacter(text: string, from: number, to: number): number {
  return from + text.slice(from, to).trimEnd().length;
}

/** After a comment, before the line's end. */
function lineEnd(text: string, offset: number): number {
  const isAtEnd = offset > 0 && text[offset - 1] === '\n';
  const found = text.indexOf('\n', isAtEnd ? offset - 1 : offset);
  if (found === -1) return text.length;
  return text[found - 1] === '\r' ? found - 1 : found;
}

function says(text: string, sound: string, { lock, ban }: TakeChoice): boolean {
  const document = parseDocument(text, YAML_OPTIONS);
  if (document.errors.length > 0) return false;
  const takes = document.toJS().sounds?.[sound]?.takes ?? {};
  return (takes.lock ?? null) === lock && JSON.stringify(takes.ban ?? []) === JSON.stringify(ban);
}
