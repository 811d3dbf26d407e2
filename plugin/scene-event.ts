/**
 * What happened in a scene, told without any engine's types: to what, where, how hard.
 *
 *   Havok contact ── engines/babylon.ts ──▶ SceneEvent ── prompt.ts ──▶ "hard impact of a wood crate on stone"
 */

/** World coordinates in metres, in the engine's own handedness. */
export interface Point {
  x: number;
  y: number;
  z: number;
}

/** One of the two things of an event. */
export interface SceneObject {
  /** Stable and unique while the object lives. */
  id: string;
  name: string;
  /** 'wood', 'metal', …; empty when the scene does not say. */
  material: string;
  tags: readonly string[];
}

export interface SceneEvent {
  kind: 'collision';
  /** The one that moves, where only one does. */
  a: SceneObject;
  b: SceneObject;
  point: Point;
  /** Newton seconds, ≥ 0. */
  impulse: number;
}

/** The words a prompt uses for how hard something was. */
export type Intensity = 'soft' | 'medium' | 'hard';

/** Impulses in newton seconds where `medium` and `hard` begin: a 2 kg crate dropped from 0.05 m and from 0.8 m. */
export const INTENSITY_LIMITS = { medium: 2, hard: 8 } as const;

/** @param impulse N·s; NaN and negative count as 0. */
export function intensityOf(impulse: number): Intensity {
  if (impulse >= INTENSITY_LIMITS.hard) return 'hard';
  return impulse >= INTENSITY_LIMITS.medium ? 'medium' : 'soft';
}

/**
 * How loud an impact is beside the hardest: the square root of the impulse, 0.15 (−16 dB) to 1.
 * Takes are all of one loudness, so without this a touch would sound like a crash.
 * @param impulse N·s; NaN and negative count as 0.
 */
export function impactGain(impulse: number): number {
  const relative = impulse > 0 ? impulse / INTENSITY_LIMITS.hard : 0;
  return Math.min(1, Math.max(0.15, Math.sqrt(relative)));
}
