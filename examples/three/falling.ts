/**
 * Things that fall and bounce on a floor at y = 0: as much physics as the example needs, where a game has Rapier or cannon.
 *
 *   impulse of a hit = mass · (speed before + speed after), in newton seconds
 */
import type { Object3D } from 'three';

export interface Falling {
  node: Object3D;
  /** Kilograms. */
  mass: number;
  /** Of its speed, how much it keeps when it bounces, 0 to 1. */
  bounce: number;
  /** Metres from its middle to its underside. */
  radius: number;
  /** Metres a second, upwards. */
  speed: number;
}

const GRAVITY = 9.81;
/** Slower than this, in m/s, it lies still. */
const AT_REST = 0.4;

/** @returns the impulse with which it hit the floor in this step; 0 if it did not. */
export function fall(thing: Falling, seconds: number): number {
  const { node, radius } = thing;
  if (thing.speed === 0 && node.position.y <= radius) return 0;
  thing.speed -= GRAVITY * seconds;
  node.position.y += thing.speed * seconds;
  if (node.position.y > radius || thing.speed > 0) return 0;
  node.position.y = radius;
  const before = -thing.speed;
  thing.speed = before < AT_REST ? 0 : before * thing.bounce;
  return before < AT_REST ? 0 : thing.mass * (before + thing.speed);
}
