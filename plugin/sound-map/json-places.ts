/**
 * Where the fields of a JSON text are, and which are written twice (JSON.parse says neither). The text is valid JSON.
 *
 *   {"sounds": {"a": {"prompt": "x"}}}      ["sounds","a","prompt"] → key at 19, value at 29
 *
 * One pass, no recursion; what lies deeper than a sound map goes has no places.
 */
import { createProblems, type Locate, type Path, type Position } from './problems.ts';

/** sounds, NAME, on, 0, a, data, KEY is the deepest. */
const MAX_DEPTH = 8;
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Place {
  key: number | null;
  value: number;
}

/** An open object or list. */
interface Level {
  isList: boolean;
  /** Of what is read now: a name, or a place in the list. */
  part: string | number;
  keyAt: number | null;
}

/** @throws SoundMapError for a name that an object has twice. */
export function readJsonPlaces(text: string, source: string): Locate {
  const problems = createProblems(source);
  const places = placesOf(text, (offset) => {
    problems.addAt(positionIn(text, offset), 'the name here is written twice. Take one out.');
  });
  problems.throwIfAny();
  return (path, isKey = false) => {
    const [place, isWhole] = deepest(places, path);
    const offset = isKey || !isWhole ? (place.key ?? place.value) : place.value;
    return positionIn(text, offset);
  };
}

function placesOf(text: string, twice: (offset: number) => void): Map<string, Place> {
  const places = new Map<string, Place>();
  const levels: Level[] = [];
  let isKey = false;
  const put = (offset: number) => {
    if (levels.length > MAX_DEPTH) return;
    const path = nameOf(levels.map(({ part }) => part));
    const key = levels.at(-1)?.keyAt ?? null;
    if (places.has(path) && key !== null) twice(key);
    places.set(path, { key, value: offset });
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{' || token === '[') {
      put(index);
      levels.push({ isList: token === '[', part: 0, keyAt: null });
      isKey = token === '{';
    } else if (token === '}' || token === ']') {
      levels.pop();
      isKey = false;
    } else if (token === ',' && level !== undefined) {
      if (level.isList) level.part = Number(level.part) + 1;
      isKey = !level.isList;
    } else if (isKey && level !== undefined && token !== ':') {
      [level.part, level.keyAt] = [JSON.parse(token) as string, index];
      isKey = false;
    } else if (token !== ':') {
      put(index);
    }
  }
  return places;
}

function deepest(places: Map<string, Place>, path: Path): [place: Place, isWhole: boolean] {
  for (let length = path.length; length > 0; length--) {
    const place = places.get(nameOf(path.slice(0, length)));
    if (place !== undefined) return [place, length === path.length];
  }
  return [{ key: null, value: 0 }, false];
}

function nameOf(path: Path): string {
  return JSON.stringify(path.map(String));
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
