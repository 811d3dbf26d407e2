/** The context's listener, for engines that leave it to us: moved in short ramps, so that a turning head does not crackle. */
import type { Seconds } from '../../runtime/contract.ts';
import type { Ear } from '../adapter.ts';
import { type Ramp, schedule, steady, turn } from '../voices/ramp.ts';

/** A move takes this long, less than a rendered image. */
const MOVE_RAMP: Seconds = 0.01;
/** Metres, or on the unit sphere; less is not written. */
const MIN_MOVE = 1e-4;

/** @returns moves the ear, at once the first time; writes only what has changed. */
export function createListener(context: BaseAudioContext): (ear: Ear) => void {
  const { listener } = context;
  if (listener.positionX === undefined) return (ear) => moveAtOnce(listener, ear);
  const { positionX, positionY, positionZ, forwardX, forwardY, forwardZ, upX, upY, upZ } = listener;
  const params = [positionX, positionY, positionZ, forwardX, forwardY, forwardZ, upX, upY, upZ];
  let ramps: Ramp[] | null = null;

  return ({ position, forward, up }) => {
    const values = [position, forward, up].flatMap(({ x, y, z }) => [x, y, z]);
    const first = ramps === null;
    ramps ??= values.map(steady);
    for (const [i, param] of params.entries()) {
      const [to = 0, ramp = steady(0)] = [values[i], ramps[i]];
      if (!first && Math.abs(to - ramp.to) < MIN_MOVE) continue;
      ramps[i] = turn(ramp, to, context.currentTime, first ? 0 : MOVE_RAMP);
      if (first) param.value = to;
      else schedule(param, ramps[i]);
    }
  };
}

/** Firefox has no AudioParams on its listener. */
function moveAtOnce(listener: AudioListener, { position: at, forward, up }: Ear): void {
  listener.setPosition(at.x, at.y, at.z);
  listener.setOrientation(forward.x, forward.y, forward.z, up.x, up.y, up.z);
}
