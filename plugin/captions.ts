/**
 * Captions: what is heard, in words.
 *
 *   a voice began ── loud enough at the ear? ── the same just now from there? ──▶ 'footsteps (×5)', behind left
 *                                           └── new ──▶ among the few that count most? ──▶ shown … changed … gone
 *
 * Labels come from the sound map, never from prompts. What happens once stays as long as it takes to read; what lasts stays
 * while it is heard, one caption for all of its label, with the direction of the loudest. Told by `update`, which looks every
 * tenth of a second: nothing else moves it. Bounded: MAX_LINES labels, each with at most MAX_SOURCES that last.
 */
import type { Seconds } from '../runtime/contract.ts';
import type { Ear, Unsubscribe } from './adapter.ts';
import {
  AUDIBLE,
  type Caption,
  type CaptionLine,
  captionOf,
  differs,
  type HeardSound,
  isOver,
  isSameWay,
  ranked,
  refresh,
} from './captions/caption-line.ts';
import { sayFew } from './say-few.ts';

export { AUDIBLE, type Caption, type HeardSound } from './captions/caption-line.ts';

/** `undefined` means default. */
export interface CaptionOptions {
  /** Lines at once, 1 to 16; default 4. */
  max?: number | undefined;
  /** The same label from about the same direction within this is one line; 0 to 60, default 3. */
  mergeWithin?: Seconds | undefined;
}

export const CAPTION_DEFAULTS = { max: 4, mergeWithin: 3 } as const;

export interface Captions {
  heard(sound: HeardSound): void;
  /** Tells what has changed. Call it once per rendered image, or some times a second. */
  update(): void;
  /** @returns takes the listener back. What a listener throws is logged. */
  subscribe(listener: (caption: Caption) => void): Unsubscribe;
  /** All lines go. Idempotent. */
  dispose(): void;
}

export interface CaptionParts extends CaptionOptions {
  now: () => Seconds;
  ear: () => Ear;
  warn: (message: string) => void;
}

const LOOK_EVERY: Seconds = 0.1;
const MAX_LINES = 64;
const MAX_SOURCES = 64;
/** Characters. */
const MAX_LABEL = 120;

/** @throws RangeError for bad options. */
export function createCaptions(parts: CaptionParts): Captions {
  const { now, ear } = parts;
  const warnThrown = sayFew(parts.warn);
  const max = inRange('max', parts.max ?? CAPTION_DEFAULTS.max, 1, 16);
  const mergeWithin = parts.mergeWithin ?? CAPTION_DEFAULTS.mergeWithin;
  inRange('mergeWithin', mergeWithin, 0, 60);
  const listeners = new Set<(caption: Caption) => void>();
  let lines: CaptionLine[] = [];
  let ids = 0;
  let lookAt = Number.NEGATIVE_INFINITY;
  let disposed = false;

  function tell(line: CaptionLine, caption: Caption): void {
    line.told = caption.kind === 'gone' ? null : caption;
    for (const listener of listeners) {
      try {
        listener(caption);
      } catch (error) {
        warnThrown(`captions: a listener threw. ${String(error)}`);
      }
    }
  }

  function mergeInto(sound: HeardSound): CaptionLine | undefined {
    const alike = lines.filter(
      ({ label, lasting }) => label === sound.label && lasting === sound.lasting,
    );
    if (sound.lasting) return alike[0];
    const isRecent = ({ lastAt }: CaptionLine) => now() - lastAt <= mergeWithin;
    return alike.find((line) => isRecent(line) && isSameWay(line.sources[0], sound, ear()));
  }

  function add({ label, lasting, priority }: HeardSound): CaptionLine {
    ids += 1;
    const fresh = { id: ids, label, lasting, priority, count: 0, lastAt: now(), sources: [] };
    const line: CaptionLine = { ...fresh, audible: true, shownAt: null, told: null };
    lines.push(line);
    if (lines.length > MAX_LINES) forget(ranked(lines, now()).at(-1));
    return line;
  }

  function forget(line: CaptionLine | undefined): void {
    if (line === undefined) return;
    lines = lines.filter((other) => other !== line);
    hide(line);
  }

  function hide(line: CaptionLine): void {
    line.shownAt = null;
    if (line.told !== null) tell(line, { ...line.told, kind: 'gone', time: now() });
  }

  function show(line: CaptionLine): void {
    const { told } = line;
    const caption = captionOf(line, ear(), now());
    if (told === null) {
      line.shownAt = now();
      tell(line, caption);
    } else if (differs(told, caption)) tell(line, { ...caption, kind: 'changed' });
  }

  function look(): void {
    for (const line of lines) refresh(line);
    for (const line of lines) if (isOver(line, now())) forget(line);
    const heard = ranked(
      lines.filter(({ audible }) => audible),
      now(),
    );
    const shown = new Set(heard.slice(0, max));
    for (const line of lines) if (!shown.has(line)) hide(line);
    for (const line of lines) if (shown.has(line)) show(line);
  }

  return {
    heard(wanted) {
      const sound = { ...wanted, label: tidy(wanted.label) };
      if (disposed || sound.label === '') return;
      if (!sound.lasting && !(sound.gain() >= AUDIBLE)) return;
      const line = mergeInto(sound) ?? add(sound);
      line.priority = Math.max(line.priority, sound.priority);
      line.lastAt = now();
      if (!sound.lasting) Object.assign(line, { sources: [sound], count: line.count + 1 });
      else if (line.sources.length < MAX_SOURCES) line.sources.push(sound);
      lookAt = Number.NEGATIVE_INFINITY;
    },
    update() {
      if (lines.length === 0 || now() < lookAt) return;
      lookAt = now() + LOOK_EVERY;
      look();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose() {
      disposed = true;
      for (const line of [...lines]) forget(line);
      listeners.clear();
    },
  };
}

/** White space and control characters are single spaces; a line has room for so much. */
function tidy(label: string): string {
  return [...label.replace(/[\s\p{Cc}]+/gu, ' ').trim()].slice(0, MAX_LABEL).join('');
}

function inRange(field: string, value: number, min: number, max: number): number {
  if (value >= min && value <= max) return value;
  throw new RangeError(
    `captions: ${field} must be a number from ${min} to ${max}, got ${value}. Correct the options.`,
  );
}
