/** Words of error messages: what was got, what is allowed, what was probably meant. */

const SHOWN_CHARACTERS = 40;
/** Names in a message; nobody reads more. */
const FEW = 8;

/** @returns a value as a designer would say it: `"loud"`, `3`, `a list`, `nothing`. Never long, never deep. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'fields' : `a ${typeof value}`;
}

function shortened(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

/** @returns 'a, b or c' */
export function either(words: readonly string[], link = 'or'): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} ${link} ${words.at(-1)}`;
}

/** @returns ' Did you mean "…"?', or nothing where no word is near. */
export function didYouMean(got: unknown, words: Iterable<string>): string {
  const near = typeof got === 'string' ? nearest(got, words) : null;
  return near === null ? '' : ` Did you mean ${shown(near)}?`;
}

/** @returns 'there is no bus "musik". Did you mean "music"?', or some of those there are */
export function noSuch(kind: string, name: string, known: readonly string[]): string {
  const some = known.slice(0, FEW).map((one) => shown(one));
  const more = known.length > FEW ? ', …' : '';
  const all =
    known.length === 0 ? ' The sound map has none.' : ` There are: ${some.join(', ')}${more}.`;
  return `there is no ${kind} ${shown(name)}.${didYouMean(name, known) || all}`;
}

/** @returns the word with the fewest differing letters, if a third of its letters or fewer differ. */
export function nearest(got: string, words: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const shorter = Math.min(got.length, word.length);
    const limit = Math.min(Math.max(1, Math.floor(shorter / 3)), shorter - 1); // some letter is the same
    if (Math.abs(word.length - got.length) > limit) continue;
    const distance = editDistance(got.toLowerCase(), word.toLowerCase());
    if (distance <= limit && distance < least) [best, least] = [word, distance];
  }
  return best;
}

/** Letters to put in, take out, replace, or swap with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let [before, above] = [[] as number[], Array.from({ length: to.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const swapped = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const ways = [at(above, j) + 1, at(row, j - 1) + 1, at(above, j - 1) + same];
      if (swapped) ways.push(at(before, j - 2) + 1);
      row.push(Math.min(...ways));
    }
    [before, above] = [above, row];
  }
  return at(above, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
