/**
 * What is inside a zone: what touches the box of one of its nodes. One notion for the ear and for what is made ready.
 *
 *   node ──▶ its bounds, where the engine knows them; else the cube around its sphere ──▶ isIn(box, point, radius)
 */
import type { Bounds, EngineAdapter, SceneContent } from '../adapter.ts';
import type { Point } from '../scene-event.ts';

export type Boxes<N> = Pick<EngineAdapter<N>, 'find' | 'boundsOf'>;

/** @returns null: it has no size, so nothing is inside. */
export function boxOf<N>(
  adapter: Boxes<N>,
  { object, point, radius }: SceneContent,
): Bounds | null {
  const node = adapter.boundsOf === undefined ? null : adapter.find(object.id);
  const bounds = node === null ? null : (adapter.boundsOf?.(node) ?? null);
  return bounds ?? (radius > 0 ? cubeAround(point, radius) : null);
}

/** @param radius of what is there, metres; 0: a point */
export function isIn({ min, max }: Bounds, { x, y, z }: Point, radius = 0): boolean {
  const beyond = (at: number, from: number, to: number) => Math.max(from - at, 0, at - to);
  const away = [beyond(x, min.x, max.x), beyond(y, min.y, max.y), beyond(z, min.z, max.z)];
  return Math.hypot(...away) <= radius;
}

export function volumeOf({ min, max }: Bounds): number {
  return (max.x - min.x) * (max.y - min.y) * (max.z - min.z);
}

function cubeAround({ x, y, z }: Point, half: number): Bounds {
  return {
    min: { x: x - half, y: y - half, z: z - half },
    max: { x: x + half, y: y + half, z: z + half },
  };
}
