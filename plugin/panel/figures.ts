/** A few figures that say how it goes, each with its name. */
import type { FoleySnapshot } from '../foley/inspect.ts';
import { type ElementMaker, setText } from './elements.ts';
import { bytesInWords } from './words.ts';

type Figure = (snapshot: FoleySnapshot) => string;

const FIGURES: Record<string, Figure> = {
  Playing: ({ voices }) => String(voices.playing),
  Virtual: ({ voices }) => String(voices.virtual),
  Stolen: ({ voices }) => String(voices.stolen),
  'Cache hits': ({ cache: { hits, misses } }) =>
    hits + misses === 0 ? '–' : `${Math.round((100 * hits) / (hits + misses))} %`,
  Takes: ({ cache }) => String(cache.takes),
  Memory: ({ cache }) => bytesInWords(cache.bytes),
  Ahead: ({ prefetch: { done, total } }) => `${done}/${total}`,
};

export interface Figures {
  readonly element: HTMLElement;
  show(snapshot: FoleySnapshot): void;
}

export function createFigures(make: ElementMaker): Figures {
  const element = make('dl');
  const figures = Object.entries(FIGURES).map(([name, read]) => {
    const value = make('dd');
    element.append(make('div', {}, make('dt', { text: name }), value));
    return { value, read };
  });
  return {
    element,
    show(snapshot) {
      for (const { value, read } of figures) setText(value, read(snapshot));
    },
  };
}
