/** A few figures that say how it goes, each with its name. */
import { element } from './element.ts';

export type Figure = readonly [name: string, value: string];

export function showFigures(figures: readonly Figure[]): void {
  const list = element('figures', HTMLDListElement);
  while (list.childElementCount < figures.length) list.append(emptyPair());
  for (const [i, [name, value]] of figures.entries()) {
    const [term, detail] = list.children[i]?.children ?? [];
    if (term && term.textContent !== name) term.textContent = name;
    if (detail && detail.textContent !== value) detail.textContent = value;
  }
}

function emptyPair(): HTMLElement {
  const pair = document.createElement('div');
  pair.append(document.createElement('dt'), document.createElement('dd'));
  return pair;
}
