/** The sounds there are: each to play where the ear is, with the take it is locked to. */
import type { SoundDefinition } from '../sound-definition.ts';
import type { Choices } from './choices.ts';
import { buttonOf, type ElementMaker, setText } from './elements.ts';
import { createRows, type Row, type Rows } from './rows.ts';

const MAX_SOUNDS = 128;

export interface SoundListOptions {
  make: ElementMaker;
  choices: Choices;
  play: (sound: string) => void;
}

export function createSoundList(options: SoundListOptions): Rows<SoundDefinition> {
  const { make } = options;
  const row = ({ name }: SoundDefinition) => soundRow(options, name);
  return createRows({ make, title: 'Sounds', keyOf: ({ name }) => name, row, most: MAX_SOUNDS });
}

function soundRow({ make, choices, play }: SoundListOptions, sound: string): Row<SoundDefinition> {
  const note = make('span', { className: 'state' });
  const unlock = buttonOf(make, 'Unlock', () => choices.lock(sound, null));
  const start = buttonOf(make, 'Play', () => play(sound));
  start.title = unlock.title = sound;
  const element = make(
    'li',
    {},
    make('span', { className: 'what', text: sound }),
    note,
    make('span', { className: 'acts' }, start, unlock),
  );
  element.className = 'line';
  return {
    element,
    update({ takes: { lock, ban } }) {
      const words = [
        lock === null ? '' : `locked to ${lock}`,
        ban.length === 0 ? '' : `${ban.length} banned`,
      ];
      setText(note, words.filter((word) => word !== '').join(', '));
      unlock.hidden = lock === null;
    },
  };
}
