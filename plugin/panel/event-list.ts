/** What happened, newest first: which sound, its prompt and seed, from where, how fast; its take to hear, lock or ban. */
import type { Take } from '../../runtime/contract.ts';
import { type Choices, createChoiceButtons } from './choices.ts';
import { buttonOf, type ElementMaker } from './elements.ts';
import { type Entry, MAX_ENTRIES } from './journal.ts';
import { createRows, type Row, type Rows } from './rows.ts';
import { occasionInWords, outcomeInWords } from './words.ts';

export interface EventListOptions {
  make: ElementMaker;
  choices: Choices;
  listen: (take: Take) => void;
}

export function createEventList(options: EventListOptions): Rows<Entry> {
  const { make } = options;
  const row = (entry: Entry) => eventRow(options, entry);
  return createRows({
    make,
    title: 'Events',
    keyOf: ({ number }) => number,
    row,
    most: MAX_ENTRIES,
  });
}

function eventRow({ make, choices, listen }: EventListOptions, { event }: Entry): Row<Entry> {
  const { sound, seed, prompt, take, kind, time } = event;
  const buttons = sound === null ? null : createChoiceButtons(make, choices, { sound, seed });
  const ear = take === undefined ? [] : [buttonOf(make, 'Listen', () => listen(take))];
  const outcome = make('span', { className: 'state', text: outcomeInWords(event) });
  outcome.dataset.state = kind;
  const element = make(
    'li',
    {},
    make('span', { className: 'what', text: `${time.toFixed(1)} s · ${occasionInWords(event)}` }),
    outcome,
    make('span', { className: 'prompt', text: `${prompt} · ${seed}` }),
    make('span', { className: 'acts' }, ...ear, ...(buttons?.elements ?? [])),
  );
  return { element, update: () => buttons?.update() };
}
