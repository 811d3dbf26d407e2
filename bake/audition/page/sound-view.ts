/** One sound: what is chosen of it, and its prompts with their takes; the first is open. */
import { buttonOf } from '../../../plugin/panel/elements.ts';
import { counted } from '../../counted.ts';
import type { AuditionSound } from '../contract.ts';
import type { PageParts } from './parts.ts';
import { createPromptView, type PromptView } from './prompt-view.ts';
import type { TakeRow } from './take-row.ts';

export interface SoundView {
  readonly element: HTMLElement;
  /** What can be heard now, from top to bottom. */
  rows(): TakeRow[];
  /** @returns false: its prompts are others, so another view is needed. */
  update(sound: AuditionSound): boolean;
  /** Of the prompt that has the focus, or the first. */
  roll(): void;
  redraw(): void;
}

export function createSoundView(parts: PageParts, sound: AuditionSound): SoundView {
  const { make } = parts;
  const about = make('p', { className: 'quiet', text: aboutOf(sound) });
  const choices = make('div', { className: 'choices' });
  const views = sound.prompts.map((prompt) => createPromptView(parts, prompt, sound));
  const more = make('p', { className: 'quiet', text: moreOf(sound) });
  const heading = make('h2', { text: sound.name });
  const prompts = views.map(({ element }) => element);
  const element = make('div', {}, heading, about, choices, ...prompts, more);
  const asShown = shapeOf(sound);

  function show(next: AuditionSound): void {
    choices.replaceChildren(...choicesOf(parts, next));
    for (const view of views) view.update(next);
  }

  function focused(): PromptView | undefined {
    return views.find((view) => view.element.contains(document.activeElement)) ?? views[0];
  }

  show(sound);
  const [first] = views;
  if (first !== undefined) first.element.open = true;
  return {
    element,
    rows: () => views.flatMap(({ rows }) => rows),
    update(next) {
      if (shapeOf(next) !== asShown) return false;
      show(next);
      return true;
    },
    roll: () => focused()?.roll(),
    redraw() {
      for (const view of views) view.redraw();
    },
  };
}

/** All that a view cannot change. */
function shapeOf({ name, duration, loop, prompts }: AuditionSound): string {
  return JSON.stringify([name, duration, loop, prompts]);
}

function aboutOf({ duration, loop, seeds }: AuditionSound): string {
  const kind = loop ? 'a loop' : 'once';
  return `${duration} s, ${kind}, ${counted(seeds.length, 'take')} of each prompt`;
}

function moreOf({ morePrompts }: AuditionSound): string {
  return morePrompts === 0 ? '' : `${morePrompts} more prompts are not shown.`;
}

/** What is locked and banned, and the way back. */
function choicesOf({ make, choose }: PageParts, { name, lock, ban }: AuditionSound): Node[] {
  const nodes: Node[] = [];
  if (lock !== null) {
    nodes.push(make('span', { text: `Only seed ${lock} plays.` }));
    nodes.push(buttonOf(make, 'Unlock', () => choose({ sound: name, lock: null })));
  }
  if (ban.length > 0) nodes.push(make('span', { text: 'Banned:' }));
  for (const seed of ban) {
    const button = buttonOf(make, `seed ${seed} ×`, () => choose({ sound: name, allow: seed }));
    button.ariaLabel = `Allow seed ${seed} again`;
    nodes.push(button);
  }
  return nodes;
}
