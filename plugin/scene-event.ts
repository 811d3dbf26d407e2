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

/** A thing of the scene. */
export interface SceneObject {
  /** Stable and unique while the object lives. */
  id: string;
  name: string;
  /** 'wood', 'metal', …; empty when the scene does not say. */
  material: string;
  tags: readonly string[];
  /** The scene's own notes on it: the node's metadata over its glTF extras. */
  data?: Readonly<Record<string, unknown>>;
}

/** Where an event has one thing only, this is the other. */
export const NOTHING: SceneObject = Object.freeze({ id: '', name: '', material: '', tags: [] });

/**
 * What happened. `name` says which of its kind:
 *
 *   collision       two bodies hit each other                       impulse
 *   contact         they slide or roll on each other (lasting)      name 'scrape' or 'roll'; speed
 *   trigger         a is inside the trigger volume b (lasting)
 *   collide         a moved against b without physics
 *   action          somebody acted on a                             name 'pick', 'pointerOver', … (Babylon's ActionManager)
 *   animationEvent  a mark of an animation was passed               its name
 *   animationGroup  an animation plays (lasting; 'change': it began again)   its name
 *   node            a is in the scene and enabled (lasting)
 *   particles       a emits particles (lasting)                     the particle system's name
 *   event           the game says so (once or lasting)              its name; data
 */
export type SceneEventKind =
  | 'collision'
  | 'contact'
  | 'trigger'
  | 'collide'
  | 'action'
  | 'animationEvent'
  | 'animationGroup'
  | 'node'
  | 'particles'
  | 'event';

/** What lasts begins, changes and ends, each told once, in this order; all else happens once. */
export type EventPhase = 'once' | 'begin' | 'change' | 'end';

export type EventData = Readonly<Record<string, string | number | boolean>>;

export interface SceneEvent {
  kind: SceneEventKind;
  /** Default ''. */
  name?: string;
  /** Default 'once'. What lasts is the same one while kind, name, a.id and b.id are. */
  phase?: EventPhase;
  /** The one that moves, where only one does. */
  a: SceneObject;
  /** NOTHING where there is no other. */
  b: SceneObject;
  point: Point;
  /** Newton seconds, ≥ 0; 0 where nothing hits. */
  impulse: number;
  /** Metres a second along each other, ≥ 0; default 0. */
  speed?: number;
  /** What the game adds; slots of prompts look here first. */
  data?: EventData;
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

/** The words a prompt uses for how fast something moves along something. */
export type SpeedWord = 'slow' | 'medium' | 'fast';

/** Metres a second where `medium` and `fast` begin: a crate that is pushed, one that slides down a slope. */
export const SPEED_LIMITS = { medium: 0.5, fast: 2 } as const;

/** @param speed m/s; NaN and negative count as 0. */
export function speedWordOf(speed: number): SpeedWord {
  if (speed >= SPEED_LIMITS.fast) return 'fast';
  return speed >= SPEED_LIMITS.medium ? 'medium' : 'slow';
}
