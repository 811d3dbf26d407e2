/**
 * Which things of a scene a sound map means.
 *
 *   { name: ['crate*'], material: ['wood'] }  ◀──fits──  { name: 'crate.001', material: 'wood', … }
 *
 * All that is given must fit, of a list one. In names, tags and materials '*' stands for any letters, none too; letters are
 * themselves, large and small apart. Patterns are compiled once for each selector.
 */
import type { SceneObject } from './scene-event.ts';
import type { NodeSelector } from './sound-definition.ts';

type Predicate<T> = (value: T) => boolean;

const compiled = new WeakMap<NodeSelector, Predicate<SceneObject>>();

/** @param selector null fits everything. */
export function matches(selector: NodeSelector | null, object: SceneObject): boolean {
  if (selector === null) return true;
  const known = compiled.get(selector) ?? compileSelector(selector);
  compiled.set(selector, known);
  return known(object);
}

/**
 * @param pattern null fits everything.
 * @returns whether a text is the pattern, in time proportional to both.
 */
export function compileGlob(pattern: string | null): Predicate<string> {
  if (pattern === null || pattern === '*') return () => true;
  const [head = '', ...others] = pattern.split('*');
  const tail = others.pop();
  if (tail === undefined) return (text) => text === pattern;
  const least = pattern.length - others.length - 1;
  return (text) =>
    text.length >= least &&
    text.startsWith(head) &&
    text.endsWith(tail) &&
    followEachOther(others, text.slice(head.length, text.length - tail.length));
}

function followEachOther(parts: readonly string[], text: string): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}

function compileSelector({ name, tag, material, data }: NodeSelector): Predicate<SceneObject> {
  const fitsName = compileList(name);
  const fitsTag = compileList(tag);
  const fitsMaterial = compileList(material);
  return (object) =>
    fitsName([object.name]) &&
    fitsTag(object.tags) &&
    fitsMaterial([object.material]) &&
    fitsData(data, object.data);
}

/** Whether one of the words fits one of the patterns. */
function compileList(patterns: readonly string[] | null): Predicate<readonly string[]> {
  if (patterns === null) return () => true;
  const globs = patterns.map(compileGlob);
  return (words) => words.some((word) => globs.some((fits) => fits(word)));
}

function fitsData(wanted: NodeSelector['data'], data: SceneObject['data']): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => {
    const found = data !== undefined && Object.hasOwn(data, key) ? data[key] : undefined;
    if (value === true) return found !== undefined && found !== null && found !== false;
    return found === value;
  });
}
