/**
 * How many sounds begin in one task: when a tower falls, a physics engine tells of a hundred collisions at once.
 *
 * Starting a voice takes the main thread a tenth of a millisecond or two, and nobody counts more than a handful of impacts in
 * the same instant. So the first ones begin, and of the others those that are louder than all before them.
 */

/** Sounds that begin in one task, however loud. */
export const MOST_AT_ONCE = 16;

export interface Burst {
  /** Counts it in, if it may begin. @param volume linear */
  admits(volume: number): boolean;
}

export function createBurst(): Burst {
  let count = 0;
  let loudest = 0;

  function reset(): void {
    count = 0;
    loudest = 0;
  }

  return {
    admits(volume) {
      if (count >= MOST_AT_ONCE && volume <= loudest) return false;
      if (count === 0) queueMicrotask(reset);
      count += 1;
      loudest = Math.max(loudest, volume);
      return true;
    },
  };
}
