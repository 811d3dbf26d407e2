/** The sounds of the map, by name; a word finds some of them. */
import { type ElementMaker, setText } from '../../../plugin/panel/elements.ts';
import type { AuditionSound } from '../contract.ts';

export interface SoundList {
  show(sounds: readonly AuditionSound[], current: string): void;
}

export interface SoundListParts {
  make: ElementMaker;
  list: HTMLElement;
  find: HTMLInputElement;
  onPick(name: string): void;
}

export function createSoundList({ make, list, find, onPick }: SoundListParts): SoundList {
  let sounds: readonly AuditionSound[] = [];
  let current = '';
  const buttons = new Map<string, HTMLButtonElement>();

  function buttonFor(name: string): HTMLButtonElement {
    const known = buttons.get(name);
    if (known !== undefined) return known;
    const button = make('button', {}, make('span', { text: name }), make('span'));
    button.type = 'button';
    button.addEventListener('click', () => onPick(name));
    buttons.set(name, button);
    return button;
  }

  function draw(): void {
    const word = find.value.trim().toLowerCase();
    const shown = sounds.filter(({ name, prompts }) =>
      [name, ...prompts].some((text) => text.toLowerCase().includes(word)),
    );
    const elements = shown.map(({ name, lock }) => {
      const button = buttonFor(name);
      button.ariaCurrent = String(name === current);
      const mark = button.lastElementChild;
      if (mark !== null) setText(mark, lock === null ? '' : 'locked');
      return make('li', {}, button);
    });
    const focused = document.activeElement;
    list.replaceChildren(...elements);
    if (focused instanceof HTMLElement && list.contains(focused)) focused.focus();
  }

  find.addEventListener('input', draw);
  return {
    show(next, name) {
      [sounds, current] = [next, name];
      draw();
    },
  };
}
