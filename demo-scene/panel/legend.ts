/** What the markers in the scene mean, drawn as they are there. */
import { drawMark, MARK_STATES, MARKS } from '../markers/shapes.ts';
import { element } from './element.ts';

const SIZE = 18;

export function showLegend(): void {
  const items = MARK_STATES.map((state) => {
    const item = document.createElement('li');
    const picture = document.createElement('canvas');
    picture.width = 2 * SIZE;
    picture.height = 2 * SIZE;
    picture.ariaHidden = 'true';
    const context = picture.getContext('2d');
    context?.scale(2, 2);
    if (context) drawMark(context, state, SIZE / 2, SIZE / 2, 6);
    item.append(picture, MARKS[state].words);
    return item;
  });
  element('legend', HTMLUListElement).replaceChildren(...items);
}
