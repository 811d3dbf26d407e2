/** Where a listener looks, as every adapter tells it. */
import type { Ear } from '../adapter.ts';
import type { Point } from '../scene-event.ts';

/** Right-handed, as the Web Audio API has it: looking along −z, +y up, +x is to the right. Unit vectors. */
export function createEar(
  position: Point = { x: 0, y: 0, z: 0 },
  forward: Point = { x: 0, y: 0, z: -1 },
  up: Point = { x: 0, y: 1, z: 0 },
): Ear {
  const right = {
    x: forward.y * up.z - forward.z * up.y,
    y: forward.z * up.x - forward.x * up.z,
    z: forward.x * up.y - forward.y * up.x,
  };
  const copy = ({ x, y, z }: Point): Point => ({ x, y, z });
  return { position: copy(position), forward: copy(forward), up: copy(up), right };
}
