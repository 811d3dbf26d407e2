/** What the sounds are at, read a few times a second: figures, queue, markers. */

import type { EmitterState, FoleySnapshot } from '../../plugin/foley/inspect.ts';
import type { FoleyEvent } from '../../plugin/foley.ts';
import type { Mark } from '../markers/marker-layer.ts';
import type { MarkState } from '../markers/shapes.ts';
import { sizeInWords } from '../words.ts';
import { showFigures } from './figures-view.ts';
import { showPrepared, showQueue } from './queue-view.ts';

/** Of the sounds that were to be heard, those whose take was there. */
export interface HitRate {
  hits: number;
  asked: number;
}

export function countHit(rate: HitRate, { kind, source, reason }: FoleyEvent): void {
  if (kind === 'generated' || (kind === 'missed' && reason !== 'absent')) return;
  rate.asked += 1;
  if (kind === 'played' && source !== 'generated') rate.hits += 1;
}

export function showInspection(snapshot: FoleySnapshot, { hits, asked }: HitRate): void {
  const { cache, voices, queue, prefetch } = snapshot;
  showFigures([
    ['Cache hits', asked === 0 ? '–' : `${Math.round((100 * hits) / asked)} %`],
    ['Takes', String(cache.takes)],
    ['Memory', sizeInWords(cache.bytes)],
    ['Ahead', `${prefetch.done}/${prefetch.total}`],
    ['Playing', String(voices.playing)],
    ['Virtual', String(voices.virtual)],
    ['Stolen', String(voices.stolen)],
    ['Queue', String(queue.length)],
  ]);
  showQueue(queue);
  showPrepared(prefetch.done, prefetch.total);
}

/** Which state of a thing's sounds its one marker shows, first of these. */
const TELLING: readonly EmitterState[] = [
  'playing',
  'generating',
  'fallback',
  'silent',
  'queued',
  'ready',
];

/** One for each thing, however many sounds it has. */
export function marksOf({ emitters }: FoleySnapshot): readonly Mark[] {
  const marks = new Map<string, { rank: number; mark: Mark }>();
  for (const { id, name, sound, point, state } of emitters) {
    const key = id || `${sound} ${point.x} ${point.z}`;
    const rank = TELLING.indexOf(state);
    if ((marks.get(key)?.rank ?? TELLING.length) <= rank) continue;
    marks.set(key, { rank, mark: { name: name || sound, state, point } });
  }
  return [...marks.values()].map(({ mark }) => mark);
}

/** How the ring looks that a sound leaves where it was triggered. */
export function markStateOf({ kind, rung }: FoleyEvent): MarkState {
  if (kind === 'generated') return 'ready';
  if (kind !== 'played') return 'silent';
  if (rung === 'fallback' || rung === 'coarser') return 'fallback';
  return rung === 'streamed' ? 'generating' : 'playing';
}
