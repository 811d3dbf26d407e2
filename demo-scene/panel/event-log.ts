/** What was heard, newest first: when, what, from where, how fast. An entry with a sound can be selected. */
import type { FoleyEvent } from '../../plugin/foley.ts';
import { clockInWords, errorInWords, latencyInWords } from '../words.ts';
import { element } from './element.ts';
import type { Heard } from './take-view.ts';

/** Entries kept; each keeps its samples alive. */
const MAX_ENTRIES = 80;

export interface EventLog {
  add(event: FoleyEvent): void;
}

export function createEventLog(onSelect: (heard: Heard) => void): EventLog {
  const list = element('log', HTMLOListElement);
  const empty = element('log-empty', HTMLParagraphElement);
  return {
    add(event) {
      empty.hidden = true;
      const heard = heardOf(event);
      const item = document.createElement('li');
      const entry = heard ? document.createElement('button') : document.createElement('div');
      entry.className = 'entry';
      entry.dataset.source = sourceOf(event);
      entry.append(...columnsOf(event));
      entry.title = entry.textContent ?? '';
      if (heard) entry.addEventListener('click', () => select(list, entry, heard, onSelect));
      item.append(entry);
      list.prepend(item);
      while (list.childElementCount > MAX_ENTRIES) list.lastElementChild?.remove();
    },
  };
}

/** The take of an event, if it has one, told as the panel tells it. */
export function heardOf({ take, source, latencyMs }: FoleyEvent): Heard | null {
  if (!take) return null;
  return { take, latencyMs, source: source === 'generated' ? 'generated' : 'cache' };
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

function sourceOf({ kind, source }: FoleyEvent): string {
  if (kind === 'failed') return 'failed';
  if (kind === 'missed') return 'silent';
  return source === 'generated' ? 'generated' : 'cache';
}

const SILENT_BECAUSE = {
  absent: 'not ready yet',
  suspended: 'sound is off',
  crowded: 'too many at once',
} as const;

function columnsOf(event: FoleyEvent): HTMLElement[] {
  const time = column('entry-time', clockInWords(event.time));
  const prompt = column('entry-prompt', event.prompt);
  const source = column('entry-source', '');
  const words = document.createElement('span');
  words.className = 'entry-latency';
  words.textContent = outcomeOf(event);
  source.append(words);
  return [time, prompt, source];
}

function outcomeOf({ kind, reason, error, latencyMs, source }: FoleyEvent): string {
  if (kind === 'failed') return errorInWords(error).slice(0, 40);
  if (kind === 'missed') return SILENT_BECAUSE[reason ?? 'absent'];
  const word = kind === 'generated' ? 'made' : source === 'generated' ? 'generated' : 'cache';
  return `${word} ${latencyInWords(latencyMs)}`;
}

function column(className: string, text: string): HTMLElement {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}
