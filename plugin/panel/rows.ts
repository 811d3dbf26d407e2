/**
 * A folding list of rows, each kept for as long as its item is there:
 *
 *   items   b c d        rows   a b c   →   b c d      b and c stay the elements they were; a goes, d is made
 */
import { type ElementMaker, setText } from './elements.ts';

export interface Row<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

export interface RowsOptions<T> {
  make: ElementMaker;
  title: string;
  /** Of items that a row is kept for; each once. */
  keyOf: (item: T, index: number) => string | number;
  row: (item: T) => Row<T>;
  /** Rows shown; the others are counted. */
  most: number;
}

export interface Rows<T> {
  readonly element: HTMLElement;
  show(items: readonly T[]): void;
}

export function createRows<T>({ make, title, keyOf, row, most }: RowsOptions<T>): Rows<T> {
  const heading = make('summary');
  const list = make('ul');
  const rest = make('p', { className: 'quiet' });
  const element = make('details', {}, heading, list, rest);
  element.open = true;
  const rows = new Map<string | number, Row<T>>();

  function removeOthers(keys: Set<string | number>): void {
    for (const [key, one] of rows) {
      if (keys.has(key)) continue;
      one.element.remove();
      rows.delete(key);
    }
  }

  function rowOf(key: string | number, item: T): Row<T> {
    const known = rows.get(key) ?? row(item);
    rows.set(key, known);
    return known;
  }

  return {
    element,
    show(items) {
      const shown = items.slice(0, most);
      removeOthers(new Set(shown.map(keyOf)));
      for (const [index, item] of shown.entries()) {
        const one = rowOf(keyOf(item, index), item);
        one.update(item);
        const now = list.children[index] ?? null;
        if (now !== one.element) list.insertBefore(one.element, now);
      }
      setText(heading, `${title} (${items.length})`);
      const more = items.length - shown.length;
      setText(rest, more === 0 ? '' : `and ${more} more`);
    },
  };
}
