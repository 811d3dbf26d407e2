/**
 * Cue: what one event asks of one sound, and how loud and at which pitch that is played.
 *
 *   volume   the sound's × how hard it hit × its controls × jitter
 *   pitch    the sound's + its controls + jitter
 */
import { isPlace } from '../adapter.ts';
import type { OutletRequest } from '../emitter/outlet.ts';
import { wordsFor, writePrompt } from '../prompt.ts';
import { impactGain, type Point, type SceneEvent } from '../scene-event.ts';
import type { Control, SoundDefinition } from '../sound-definition.ts';
import { type ActiveSound, poolOf } from './active-sound.ts';
import { aroundZero, draw } from './draw.ts';
import { countEvent, type Pool } from './pool.ts';

export interface Cue {
  readonly sound: ActiveSound;
  readonly event: SceneEvent;
  /** One for each slot of the prompt. */
  readonly words: readonly string[];
  readonly pool: Pool;
  /** How many events the pool had before. */
  readonly count: number;
  readonly sessionSeed: number;
}

/** @throws RangeError for a slot without a word, a prompt that is too long, or a point that is no place. */
export function createCue(sound: ActiveSound, event: SceneEvent, sessionSeed: number): Cue {
  if (sound.definition.attenuation !== null) checkPoint(event.point);
  const words = wordsFor(sound.template, event);
  const pool = poolOf(sound, writePrompt(sound.template, words));
  return { sound, event, words, pool, count: countEvent(pool, sessionSeed), sessionSeed };
}

function checkPoint(point: Point): void {
  if (isPlace(point)) return;
  throw new RangeError(
    'director: an event is at no place, x, y or z is no number. Look for what gave its node such a position.',
  );
}

const MAX_PITCH = 48;

/** @param sound whose take is played: the cue's own, or its fallback */
export function voiceOptions(cue: Cue, sound: SoundDefinition): OutletRequest {
  const { event } = cue;
  const { volume, pitch } = levelOf(cue, sound);
  const { priority, voices: limit, virtual, name } = sound;
  return {
    volume,
    pitch,
    priority,
    loop: false,
    point: event.point,
    group: { name, limit },
    virtual,
  };
}

export function levelOf({ event, pool, count, sessionSeed }: Cue, sound: SoundDefinition) {
  const { jitter, control } = sound;
  const steered = steer(control, event);
  const decibels = jitter.volume * aroundZero(draw(sessionSeed, pool.key, count, 'volume'));
  const semitones = jitter.pitch * aroundZero(draw(sessionSeed, pool.key, count, 'pitch'));
  const impact = event.kind === 'collision' ? impactGain(event.impulse) : 1;
  const pitch = sound.pitch + steered.pitch + semitones;
  return {
    volume: sound.volume * impact * steered.volume * 10 ** (decibels / 20),
    pitch: Math.min(MAX_PITCH, Math.max(-MAX_PITCH, pitch)),
  };
}

/** What the event's numbers do: semitones on top, and a factor. A number the event does not have does nothing. */
function steer(controls: readonly Control[], event: SceneEvent) {
  let pitch = 0;
  let volume = 1;
  for (const control of controls) {
    const value = numberIn(event, control.by);
    if (value === null) continue;
    const share = shareOf(value, control.range);
    if (control.pitch !== null) pitch += between(control.pitch, share);
    if (control.volume !== null) volume *= Math.max(0, between(control.volume, share));
  }
  return { pitch, volume };
}

function numberIn({ impulse, speed = 0, data }: SceneEvent, by: string): number | null {
  const given = data !== undefined && Object.hasOwn(data, by) ? data[by] : undefined;
  if (isNumber(given)) return given;
  const own = { impulse, speed }[by];
  return isNumber(own) ? own : null;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

/** 0 at the range's beginning, 1 at its end, and beyond them. */
function shareOf(value: number, [from, to]: Control['range']): number {
  if (from === to) return value < from ? 0 : 1;
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

function between([from, to]: readonly [number, number], share: number): number {
  return from + (to - from) * share;
}
