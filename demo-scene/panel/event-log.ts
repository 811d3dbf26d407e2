/** What was heard, newest first: when, which event and sound, the prompt, its seed, from where, how fast. */
import type { FoleyEvent } from '../../plugin/foley.ts';
import { errorInWords, millisecondsInWords } from '../../plugin/panel/words.ts';
import type { TakeSource } from '../../runtime/contract.ts';
import { clockInWords } from '../words.ts';
import { element } from './element.ts';
import type { Heard, HeardSource } from './take-view.ts';

/** Entries kept; each keeps its samples alive. */
const MAX_ENTRIES = 80;

export interface EventLog {
  add(event: FoleyEvent): void;
}

export function createEventLog(onSelect: (heard: Heard) => void): EventLog {
  const list = element('log', HTMLOListElement);
  const empty = element('log-empty', HTMLParagraphElement);
  let number = 0;
  return {
    add(event) {
      empty.hidden = true;
      const heard = heardOf(event);
      const item = document.createElement('li');
      item.dataset.number = String(++number);
      const entry = heard ? document.createElement('button') : document.createElement('div');
      entry.className = 'entry';
      entry.dataset.source = sourceOf(event);
      entry.append(...columnsOf(event));
      if (heard) entry.addEventListener('click', () => select(list, entry, heard, onSelect));
      item.append(entry);
      list.prepend(item);
      while (list.childElementCount > MAX_ENTRIES) list.lastElementChild?.remove();
    },
  };
}

/** The take of an event, if it has one, told as the panel tells it. */
export function heardOf({ take, source, latencyMs, sound }: FoleyEvent): Heard | null {
  if (!take) return null;
  return { take, latencyMs, sound, source: heardSourceOf(source) };
}

function select(
  list: HTMLElement,
  entry: HTMLElement,
  heard: Heard,
  onSelect: (heard: Heard) => void,
): void {
  for (const other of list.querySelectorAll('[aria-current]'))
    other.removeAttribute('aria-current');
  entry.setAttribute('aria-current', 'true');
  onSelect(heard);
}

function sourceOf({ kind, source, rung }: FoleyEvent): string {
  if (kind === 'failed') return 'failed';
  if (kind === 'missed') return 'silent';
  if (rung === 'fallback' || rung === 'coarser') return 'fallback';
  return heardSourceOf(source);
}

export function heardSourceOf(source: TakeSource | null): HeardSource {
  return source === 'generated' || source === 'baked' ? source : 'cache';
}

const SILENT_BECAUSE = {
  absent: 'not ready yet',
  suspended: 'sound is off',
  crowded: 'too many at once',
} as const;

function columnsOf(event: FoleyEvent): HTMLElement[] {
  const { time, prompt, seed } = event;
  return [
    column('entry-time', clockInWords(time)),
    column('entry-sound', whatOf(event)),
    column('entry-source', outcomeOf(event)),
    column('entry-prompt', `${prompt} · ${seed}`),
  ];
}

function whatOf({ kind, sound, event }: FoleyEvent): string {
  if (sound === null) return kind === 'generated' ? 'a new take' : 'by hand';
  return event === null ? sound : `${sound} · ${event}`;
}

function outcomeOf({ kind, reason, error, latencyMs, source, rung }: FoleyEvent): string {
  if (kind === 'failed') return errorInWords(error).slice(0, 40);
  if (kind === 'missed') return SILENT_BECAUSE[reason ?? 'absent'];
  const from = heardSourceOf(source);
  const word = kind === 'generated' ? 'made' : (rung ?? from);
  const baked = from === 'baked' && word !== from ? ' baked' : '';
  return `${word}${baked} ${millisecondsInWords(latencyMs)}`;
}

function column(className: string, text: string): HTMLElement {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}
