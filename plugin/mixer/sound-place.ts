/**
 * A place that sounds, as voices see it: an engine's emitter, with what no engine does in front of it (front.ts).
 *
 *   distance ──▶ level (silence beyond maxDistance), send (reverb falls half as fast)
 *   a wall   ──▶ muffle, level
 *   speed    ──▶ onBend, told to its voices
 *
 * Looked at when a voice starts, and once per rendered image while it is audible; written only where ear or place have moved.
 */
import type { Seconds } from '../../runtime/contract.ts';
import { distanceBetween, distanceGain, type EmitterHandle, rangeGain } from '../adapter.ts';
import type { Point } from '../scene-event.ts';
import type { SoundAttenuation } from '../sound-definition.ts';
import type { Doppler } from './doppler.ts';
import type { Front } from './front.ts';

export interface SoundPlace {
  readonly input: AudioNode | null;
  readonly ready: Promise<void>;
  /** See EmitterHandle. */
  place(point?: Point): Seconds;
  setAudible(audible: boolean): void;
  /** Metres from the ear, there or where it is; 0 for what is not in space. */
  distance(point?: Point): number;
  /** Gain by distance at the ear, 0 to 1. */
  distanceGain(point?: Point): number;
  /** Distance as part of maxDistance: beyond 1 it is silent. */
  reach(point?: Point): number;
  /** @param listener told how far Doppler's effect bends the pitch, in semitones; one at most */
  onBend(listener: (semitones: number, seconds: Seconds) => void): void;
  dispose(): void;
}

/** What the mixer calls on its places. */
export interface MixedPlace extends SoundPlace {
  readonly audible: boolean;
  /** Once per rendered image, while audible. */
  update(ear: Point, now: Seconds): void;
  /** @param at once: before its first sample */
  setBlocked(blocked: boolean, atOnce: boolean): void;
  /** From where a ray goes to the ear. */
  readonly position: Point;
}

export interface SoundPlaceParts {
  handle: EmitterHandle;
  front: Front;
  /** null: not in space. */
  attenuation: SoundAttenuation | null;
  ear: () => Point;
  /** Of its node, now; null: it is where it was placed. */
  nodeAt: (() => Point) | null;
  /** Linear, into the reverb. */
  reverb: number;
  doppler: Doppler | null;
  /** It begins or ends to be heard: audible, and not out of range. */
  onHeard: (place: MixedPlace, heard: boolean) => void;
  /** It is about to sound. */
  onPlace: (place: MixedPlace) => void;
  onAudible: (place: MixedPlace, audible: boolean) => void;
  onDispose: (place: MixedPlace) => void;
}

/** Of what goes elsewhere while something sounds there. */
const PLACE_RAMP: Seconds = 0.01;
/** A change of level by distance, about one rendered image. */
const FOLLOW_RAMP: Seconds = 0.02;
/** A wall comes and goes so slowly. */
const WALL_RAMP: Seconds = 0.15;
/** Linear gain behind a wall: −6 dB, on top of the low-pass. */
const WALL_GAIN = 0.5;
/** Movements shorter than this, in metres, change nothing. */
const MIN_MOVE = 1e-3;
/** Semitones; smaller bends are not told. */
const MIN_BEND = 0.05;

export function createSoundPlace(parts: SoundPlaceParts): MixedPlace {
  const { handle, front, attenuation, doppler } = parts;
  let audible = false;
  let heard = false;
  let wall = 1;
  let bent = 0;
  let tellBend: (semitones: number, seconds: Seconds) => void = () => {};
  let seen: { ear: Point; at: Point; distance: number } | null = null;

  const inSpace = attenuation !== null;
  const whereNow = () => (audible || parts.nodeAt === null ? handle.position : parts.nodeAt());
  const distanceNow = (point = whereNow()) => (inSpace ? distanceBetween(point, parts.ear()) : 0);
  const gainAt = (distance: number) =>
    inSpace
      ? distanceGain(attenuation, distance) * rangeGain(attenuation.maxDistance, distance)
      : 1;

  /** @returns whether there was anything to do. */
  function look(ear: Point): boolean {
    const at = handle.position;
    if (seen !== null && !moved(seen.ear, ear) && !moved(seen.at, at)) return false;
    seen = { ear: copyOf(ear), at: copyOf(at), distance: inSpace ? distanceBetween(at, ear) : 0 };
    return true;
  }

  function write(seconds: Seconds): void {
    const { distance } = seen ?? { distance: 0 };
    const range = inSpace ? rangeGain(attenuation.maxDistance, distance) : 1;
    front.setLevel(range * wall, seconds);
    front.setSend(parts.reverb * Math.sqrt(gainAt(distance)), seconds);
  }

  function tellHeard(): void {
    const now = audible && (seen === null || !inSpace || seen.distance < attenuation.maxDistance);
    if (now === heard) return;
    heard = now;
    parts.onHeard(place, heard);
  }

  const place: MixedPlace = {
    input: front.input,
    ready: handle.ready,
    get position() {
      return handle.position;
    },
    get audible() {
      return audible;
    },
    place(point) {
      const wait = handle.place(point);
      if (!audible) doppler?.reset();
      const ramp = audible ? PLACE_RAMP : 0;
      const changed = look(parts.ear());
      if (changed) write(ramp);
      parts.onPlace(place);
      return changed ? Math.max(wait, ramp) : wait;
    },
    setAudible(value) {
      if (audible === value) return;
      audible = value;
      handle.setAudible(value);
      parts.onAudible(place, value);
      tellHeard();
    },
    update(ear, now) {
      if (look(ear)) {
        write(FOLLOW_RAMP);
        tellHeard();
      }
      if (doppler === null || !inSpace) return;
      const bend = doppler.look(ear, handle.position, now);
      if (Math.abs(bend - bent) < MIN_BEND && !(bend === 0 && bent !== 0)) return;
      bent = bend;
      tellBend(bend, FOLLOW_RAMP);
    },
    setBlocked(blocked, atOnce) {
      const seconds = atOnce ? 0 : WALL_RAMP;
      wall = blocked ? WALL_GAIN : 1;
      front.setMuffle(blocked ? 1 : 0, seconds);
      write(seconds);
    },
    distance: distanceNow,
    distanceGain: (point) => gainAt(distanceNow(point)),
    reach: (point) => (inSpace ? distanceNow(point) / attenuation.maxDistance : 0),
    onBend(listener) {
      tellBend = listener;
    },
    dispose() {
      place.setAudible(false);
      front.dispose();
      handle.dispose();
      parts.onDispose(place);
    },
  };
  return place;
}

function copyOf({ x, y, z }: Point): Point {
  return { x, y, z };
}

function moved(a: Point, b: Point): boolean {
  return distanceBetween(a, b) >= MIN_MOVE;
}
