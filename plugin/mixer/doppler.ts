/**
 * Doppler's effect: what comes nearer is higher, what goes away is lower.
 *
 *   ear ──▶ v_ear        v_place ◀── place          factor = (c + toward) / (c + away),  c = 343 m/s
 *
 * Speeds are taken from one look to the next, and smoothed, so that a jerky walk does not warble.
 */
import type { Seconds } from '../../runtime/contract.ts';
import { distanceBetween } from '../adapter.ts';
import type { Point } from '../scene-event.ts';

export interface Doppler {
  /** @returns semitones. */
  look(ear: Point, place: Point, now: Seconds): number;
  /** What was seen is no longer of use: it was placed anew. */
  reset(): void;
}

const SPEED_OF_SOUND = 343;
/** Semitones, up and down; a jump across the scene is no speed. */
const MOST_SHIFT = 12;
/** Faster than this, in m/s, it has jumped. */
const FASTEST = 300;
/** Time constant of the smoothing. */
const SMOOTHING: Seconds = 0.05;

/** @param strength 1 is natural; speeds count so many times */
export function createDoppler(strength: number): Doppler {
  let last: { ear: Point; place: Point; at: Seconds } | null = null;
  let shift = 0;

  function wanted(ear: Point, place: Point, elapsed: Seconds): number {
    const distance = distanceBetween(ear, place);
    if (last === null || distance === 0) return 0;
    const along = (from: Point, to: Point) =>
      ((to.x - from.x) * (place.x - ear.x) +
        (to.y - from.y) * (place.y - ear.y) +
        (to.z - from.z) * (place.z - ear.z)) /
      (distance * elapsed);
    const toward = along(last.ear, ear);
    const away = along(last.place, place);
    if (Math.abs(toward) > FASTEST || Math.abs(away) > FASTEST) return 0;
    return dopplerShift(strength * toward, strength * away);
  }

  return {
    look(ear, place, now) {
      const elapsed = now - (last?.at ?? now);
      if (last !== null && elapsed <= 0) return shift;
      const next = wanted(ear, place, elapsed);
      shift += (next - shift) * (1 - Math.exp(-elapsed / SMOOTHING));
      if (Math.abs(shift) < 1e-3 && next === 0) shift = 0;
      last = { ear: copyOf(ear), place: copyOf(place), at: now };
      return shift;
    },
    reset() {
      last = null;
      shift = 0;
    },
  };
}

function copyOf({ x, y, z }: Point): Point {
  return { x, y, z };
}

/** @param toward m/s of the ear towards the place. @param away m/s of the place away from the ear. @returns semitones */
export function dopplerShift(toward: number, away: number): number {
  const least = 1; // m/s, so that nothing outruns its own sound
  const factor = Math.max(least, SPEED_OF_SOUND + toward) / Math.max(least, SPEED_OF_SOUND + away);
  return Math.min(MOST_SHIFT, Math.max(-MOST_SHIFT, 12 * Math.log2(factor)));
}
