/**
 * Where something is, as the ear has it.
 *
 *               0° ahead
 *     ahead left   │   ahead right         each of the eight directions is 45° wide
 *   −90° left ─── ear ─── right 90°        above, below: 30° or more over or under the horizon
 *    behind left   │   behind right        near: less than 3 m, far: more than 12 m
 *             ±180° behind
 */
import type { Ear } from '../adapter.ts';
import type { Point } from '../scene-event.ts';

export const DIRECTIONS = [
  'ahead',
  'ahead right',
  'right',
  'behind right',
  'behind',
  'behind left',
  'left',
  'ahead left',
] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface Bearing {
  /** null: at the ear itself, or straight above or below it. */
  direction: Direction | null;
  /** Whole degrees, −179 to 180, clockwise from ahead; null like `direction`. */
  angle: number | null;
  height: 'above' | 'below' | null;
  /** Metres. */
  distance: number;
  /** null: neither. */
  range: 'near' | 'far' | null;
}

/** Metres. */
const NEAR = 3;
const FAR = 12;
/** Closer than this to the ear, or to the line straight up and down through it, there is no direction. */
const NO_DIRECTION = 0.3;
/** Of the distance: the sine of 30°. */
const STEEP = 0.5;

export function bearingOf({ position, forward, right, up }: Ear, point: Point): Bearing {
  const to = { x: point.x - position.x, y: point.y - position.y, z: point.z - position.z };
  const [ahead, aside, above] = [dot(to, forward), dot(to, right), dot(to, up)];
  const distance = Math.hypot(to.x, to.y, to.z);
  const isClose = Math.hypot(ahead, aside) < NO_DIRECTION;
  const degrees = Math.round((Math.atan2(aside, ahead) * 180) / Math.PI);
  const angle = isClose ? null : degrees === -180 ? 180 : degrees + 0; // −0 is 0
  return {
    direction: angle === null ? null : directionOf(angle),
    angle,
    height: heightOf(above, distance),
    distance,
    range: distance < NEAR ? 'near' : distance > FAR ? 'far' : null,
  };
}

/** Degrees between two angles, 0 to 180. */
export function angleBetween(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360;
  return Math.min(apart, 360 - apart);
}

function directionOf(angle: number): Direction {
  const eighth = (Math.round(angle / 45) + DIRECTIONS.length) % DIRECTIONS.length;
  return DIRECTIONS[eighth] ?? 'ahead';
}

function heightOf(above: number, distance: number): Bearing['height'] {
  if (distance < NO_DIRECTION || Math.abs(above) < STEEP * distance) return null;
  return above > 0 ? 'above' : 'below';
}

function dot(a: Point, b: Point): number {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}
