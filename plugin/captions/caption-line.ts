/**
 * A line of captions: what it says, when it is over, and which count most.
 *
 *   label, count, the loudest that sounds ──▶ Caption: 'glass breaks (×5)', behind left, near
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { Ear } from '../adapter.ts';
import type { Point } from '../scene-event.ts';
import { angleBetween, type Bearing, bearingOf } from './bearing.ts';

/** One line of captions; all is as it is now. */
export interface Caption extends Omit<Bearing, 'distance'> {
  kind: 'shown' | 'changed' | 'gone';
  /** Of this line, from 'shown' to 'gone'. */
  id: number;
  /** The label and how many there were: 'glass breaks (×5)'. */
  text: string;
  label: string;
  /** Merged repeats, ≥ 1. */
  count: number;
  /** Metres; null: it is everywhere. */
  distance: number | null;
  /** It stays while it is heard; else as long as it takes to read. */
  lasting: boolean;
  time: Seconds;
}

/** A voice that began, and what the ear has of it. */
export interface HeardSound {
  label: string;
  voice: { readonly playing: boolean };
  /** Where it is now; null: everywhere. */
  position: () => Point | null;
  /** Linear, at the ear: its volume, distance, buses, all in all. */
  gain: () => number;
  /** Higher is shown first. */
  priority: number;
  lasting: boolean;
}

/** Linear gain at the ear from which on a sound is heard: −50 dB. What lasts is lost at half of that. */
export const AUDIBLE = 0.003;
/** A line stays for at least this long, and for so long a letter. */
const HOLD: Seconds = 1.5;
const HOLD_PER_LETTER: Seconds = 0.06;
/** For so long a line gives way only to what has a higher priority. */
const LEAST_SHOWN: Seconds = 1;
/** Degrees: less is the same direction to merge, and no change to tell. */
const SAME_DIRECTION = 60;
const SAME_ANGLE = 5;
const MAX_COUNT = 99;

export interface CaptionLine {
  readonly id: number;
  readonly label: string;
  readonly lasting: boolean;
  priority: number;
  count: number;
  lastAt: Seconds;
  /** What lasts has all that sound; what happens once only the newest. */
  sources: HeardSound[];
  audible: boolean;
  shownAt: Seconds | null;
  told: Caption | null;
}

/** What lasts: who still sounds, the loudest first, and whether that is heard. */
export function refresh(line: CaptionLine): void {
  if (!line.lasting) return;
  const loudness = new Map(
    line.sources.filter(({ voice }) => voice.playing).map((source) => [source, source.gain()]),
  );
  const gainOf = (source: HeardSound) => loudness.get(source) ?? 0;
  line.sources = [...loudness.keys()].sort((a, b) => gainOf(b) - gainOf(a));
  const [loudest = 0] = line.sources.map(gainOf);
  line.audible = loudest >= (line.told === null ? AUDIBLE : AUDIBLE / 2);
}

export function isOver({ lasting, sources, label, lastAt }: CaptionLine, now: Seconds): boolean {
  if (lasting) return sources.length === 0;
  const isRead = now >= lastAt + HOLD + HOLD_PER_LETTER * label.length;
  return isRead && !sources.some(({ voice }) => voice.playing);
}

/** First what has priority, then what has only just been shown, then news before what lasts, then the newest. */
export function ranked(lines: readonly CaptionLine[], now: Seconds): CaptionLine[] {
  const isFresh = ({ shownAt }: CaptionLine) => shownAt !== null && now - shownAt < LEAST_SHOWN;
  return [...lines].sort(
    (a, b) =>
      b.priority - a.priority ||
      Number(isFresh(b)) - Number(isFresh(a)) ||
      Number(a.lasting) - Number(b.lasting) ||
      b.lastAt - a.lastAt ||
      b.id - a.id,
  );
}

export function isSameWay(known: HeardSound | undefined, sound: HeardSound, ear: Ear): boolean {
  const [a, b] = [known?.position() ?? null, sound.position()];
  if (a === null || b === null) return a === b;
  const [from, to] = [bearingOf(ear, a).angle, bearingOf(ear, b).angle];
  return from === null || to === null || angleBetween(from, to) < SAME_DIRECTION;
}

const EVERYWHERE = { direction: null, angle: null, height: null, distance: null, range: null };

export function captionOf(
  { id, label, count, lasting, sources }: CaptionLine,
  ear: Ear,
  now: Seconds,
): Caption {
  const point = sources[0]?.position() ?? null;
  const times = Math.max(1, count);
  return {
    kind: 'shown',
    id,
    text: textOf(label, times),
    label,
    count: times,
    ...(point === null ? EVERYWHERE : bearingOf(ear, point)),
    lasting,
    time: now,
  };
}

function textOf(label: string, count: number): string {
  if (count === 1) return label;
  return `${label} (×${count > MAX_COUNT ? `${MAX_COUNT}+` : count})`;
}

export function differs(a: Caption, b: Caption): boolean {
  if (a.text !== b.text || a.direction !== b.direction) return true;
  if (a.height !== b.height || a.range !== b.range) return true;
  if (a.angle === null || b.angle === null) return a.angle !== b.angle;
  return angleBetween(a.angle, b.angle) >= SAME_ANGLE;
}
