/**
 * Captions on the page: a list to look at, and a copy that screen readers read out.
 *
 *   foley.onCaption ──▶ <div> #shadow ─┬─ <ol>   ▲ glass breaks (×5)  near       for the eyes
 *                                      └─ <div aria-live>  'glass breaks, left'   for screen readers, not too often
 *
 * No HTML is made from data, no style attribute is written: it works under a strict Content-Security-Policy. The arrow points to
 * where it sounds as seen from above, ahead is up. Put the element into the page, and its settings into your menu.
 */

import type { Caption } from '../captions.ts';
import { type Announcer, createAnnouncer } from './caption-announcer.ts';
import { BACKGROUNDS, captionSheet, SIZES } from './caption-style.ts';
import { captionWords } from './caption-words.ts';

export type { Caption } from '../captions.ts';

/** What players choose. `undefined` leaves it as it is. */
export interface CaptionSettings {
  /** Default true. */
  on?: boolean | undefined;
  /** Default 'medium'. */
  size?: keyof typeof SIZES | undefined;
  /** Behind the text; default 'dim'. */
  background?: keyof typeof BACKGROUNDS | undefined;
  /** The direction in words too, not only by the arrow; default false. */
  words?: boolean | undefined;
}

export const CAPTION_SETTINGS = {
  on: true,
  size: 'medium',
  background: 'dim',
  words: false,
} as const satisfies Required<CaptionSettings>;

export interface CaptionElementOptions extends CaptionSettings {
  /** Where the element is made; default the page's. */
  document?: Document | undefined;
}

export interface CaptionElement {
  /** Put it into the page. */
  readonly element: HTMLElement;
  readonly settings: Readonly<Settings>;
  /** @throws RangeError for a value that is none of those. */
  set(settings: CaptionSettings): void;
  /** Removes it from the page and from the foley. Idempotent. */
  dispose(): void;
}

type Settings = { [F in keyof CaptionSettings]-?: NonNullable<CaptionSettings[F]> };

/** What tells captions: a Foley. */
export interface CaptionSource {
  onCaption(listener: (caption: Caption) => void): () => void;
}

const SVG = 'http://www.w3.org/2000/svg';
const ARROW = 'M8 1 14 8H10V15H6V8H2Z';

/** @throws RangeError for bad options. */
export function createCaptionElement(
  foley: CaptionSource,
  { document: page = document, ...wanted }: CaptionElementOptions = {},
): CaptionElement {
  const host = page.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const list = page.createElement('ol');
  const copy = page.createElement('div');
  root.adoptedStyleSheets = [captionSheet(page)];
  list.ariaHidden = 'true'; // the copy says the same
  copy.className = 'copy';
  copy.ariaLive = 'polite';
  root.append(list, copy);
  const write = (text: string) => {
    copy.textContent = text;
  };
  let announcer: Announcer = createAnnouncer(write);
  let settings: Settings = CAPTION_SETTINGS;
  const lines = new Map<number, { item: HTMLElement; caption: Caption }>();

  function draw({ item, caption }: { item: HTMLElement; caption: Caption }): void {
    const text = page.createElement('span');
    text.textContent = caption.text;
    const where = whereOf(caption, settings.words);
    item.replaceChildren(...arrowOf(caption), text);
    if (where === '') return;
    const note = page.createElement('span');
    note.className = 'where';
    note.textContent = where;
    item.append(note);
  }

  function arrowOf({ angle }: Caption): Element[] {
    if (angle === null) return [];
    const arrow = page.createElementNS(SVG, 'svg');
    const path = page.createElementNS(SVG, 'path');
    arrow.setAttribute('viewBox', '0 0 16 16');
    path.setAttribute('d', ARROW);
    arrow.append(path);
    arrow.style.setProperty('--angle', `${angle}`);
    return [arrow];
  }

  function onCaption(caption: Caption): void {
    const known = lines.get(caption.id);
    if (caption.kind === 'gone') {
      known?.item.remove();
      lines.delete(caption.id);
      return;
    }
    const line = { item: known?.item ?? page.createElement('li'), caption };
    lines.set(caption.id, line);
    draw(line);
    if (known !== undefined) return;
    list.append(line.item);
    if (settings.on) announcer.add(caption.label, captionWords(caption));
  }

  function set(changes: CaptionSettings): void {
    settings = completed({ ...settings }, changes);
    host.hidden = !settings.on;
    host.style.setProperty('--size', `${SIZES[settings.size]}`);
    host.style.setProperty('--background', `${BACKGROUNDS[settings.background]}`);
    for (const line of lines.values()) draw(line);
    if (settings.on) return;
    announcer.dispose();
    announcer = createAnnouncer(write);
    write('');
  }

  set(wanted);
  const unsubscribe = foley.onCaption(onCaption);
  return {
    element: host,
    get settings() {
      return settings;
    },
    set,
    dispose() {
      unsubscribe();
      announcer.dispose();
      lines.clear();
      list.replaceChildren();
      host.remove();
    },
  };
}

/** What the arrow does not say. */
function whereOf({ direction, height, range }: Caption, words: boolean): string {
  return [words ? direction : null, height, range].filter((word) => word !== null).join(', ');
}

function completed(settings: Settings, changes: CaptionSettings): Settings {
  const { on, size, background, words } = changes;
  if (size !== undefined && !Object.hasOwn(SIZES, size)) throw refusal('size', SIZES, size);
  if (background !== undefined && !Object.hasOwn(BACKGROUNDS, background)) {
    throw refusal('background', BACKGROUNDS, background);
  }
  return {
    on: on ?? settings.on,
    size: size ?? settings.size,
    background: background ?? settings.background,
    words: words ?? settings.words,
  };
}

function refusal(field: string, allowed: object, value: unknown): RangeError {
  return new RangeError(
    `caption-element: ${field} must be one of ${Object.keys(allowed).join(', ')}, got ${String(value)}. Correct the settings.`,
  );
}
