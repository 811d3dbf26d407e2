/** What can sound where, and what is being made or waits to be: each a list, with its state. */
import type { EmitterSnapshot, QueueSnapshot } from '../foley/inspect.ts';
import { type ElementMaker, setText } from './elements.ts';
import { createRows, type Row, type Rows } from './rows.ts';

const MAX_EMITTERS = 64;
const MAX_WAITING = 16;

export function createEmitterList(make: ElementMaker): Rows<EmitterSnapshot> {
  const row = () =>
    stateRow<EmitterSnapshot>(make, ({ name, sound, state }) => ({
      words: name === '' ? sound : `${name} · ${sound}`,
      state,
      note: state,
    }));
  return createRows({ make, title: 'Emitters', keyOf: (_, i) => i, row, most: MAX_EMITTERS });
}

export function createQueueList(make: ElementMaker): Rows<QueueSnapshot> {
  const row = () =>
    stateRow<QueueSnapshot>(make, ({ prompt, seed, state, progress }) => ({
      words: `${prompt} · ${seed}`,
      state,
      note: progress === null ? state : `${Math.round(100 * progress)} %`,
    }));
  return createRows({ make, title: 'Queue', keyOf: (_, i) => i, row, most: MAX_WAITING });
}

interface StateWords {
  words: string;
  state: string;
  note: string;
}

function stateRow<T>(make: ElementMaker, tell: (item: T) => StateWords): Row<T> {
  const what = make('span', { className: 'what' });
  const how = make('span', { className: 'state' });
  return {
    element: make('li', {}, what, how),
    update(item) {
      const { words, state, note } = tell(item);
      setText(what, words);
      setText(how, note);
      if (how.dataset.state !== state) how.dataset.state = state;
    },
  };
}
