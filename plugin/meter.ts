/**
 * Meter: how fast a sound is made, and so how long to wait before it is played while it is made.
 *
 *   made     ├─first─┼──part──┼────part────┼───── missing ─────┤
 *            speed = seconds of sound ÷ seconds, after the first part;  until the second has come, the last sound's speed
 *
 *   wait     until the next part will come in time, and the longest, and the last
 *
 * A fast machine plays at the first part, a slow one waits just long enough, to within a part. The first sound of all waits
 * for its second part, which tells the speed.
 */
import type { Seconds } from '../runtime/contract.ts';

/** A request that says no duration gets the runtime's. */
export const USUAL_DURATION: Seconds = 1;

/** Parts may come this much later than the speed says: 20 ms are what scheduling needs. */
const SLACK: Seconds = 0.03;
/** The runtime's parts grow: the next one is at most so many times as long as the longest so far, … */
const GROWTH = 2;
/** … up to this, at about so many times as much sound. */
const LONGEST_PART: Seconds = 0.35;

/** How fast one sound is made. */
export interface Meter {
  arrived(part: Seconds): void;
  /**
   * How long to wait from now, so that what has come and what will come plays without a gap; Infinity while nobody knows.
   * @param rate seconds of sound a second of playback takes, > 0
   * @param heard seconds of sound that were played already
   */
  wait(rate: number, heard?: Seconds): Seconds;
}

/** What is learnt from one sound serves the next. */
export interface Meters {
  /** @param duration at most this long; undefined: the runtime's default */
  begin(duration: Seconds | undefined): Meter;
}

/** @param now seconds on a clock that never goes back */
export function createMeters(now: () => Seconds = () => performance.now() / 1000): Meters {
  let lastSpeed: number | undefined;

  return {
    begin(duration = USUAL_DURATION) {
      let speed = lastSpeed;
      let first: { at: Seconds; made: Seconds } | undefined;
      let made: Seconds = 0;
      let longest: Seconds = 0;
      let at: Seconds = 0; // when the last part came
      return {
        arrived(part) {
          at = now();
          made += part;
          longest = Math.max(longest, part);
          first ??= { at, made };
          if (made === first.made) return;
          speed = (made - first.made) / Math.max(1e-3, at - first.at);
          lastSpeed = speed;
        },
        wait(rate, heard = 0) {
          if (made >= duration) return 0;
          if (speed === undefined) return Infinity;
          const late = latest({ duration, made, longest, speed, rate, heard });
          return Math.max(0, late + SLACK - (now() - at));
        },
      };
    },
  };
}

interface Progress {
  duration: Seconds;
  made: Seconds;
  longest: Seconds;
  speed: number;
  rate: number;
  heard: Seconds;
}

/** How much later than when playback gets there the latest part is made, if playback began when the last part came. */
function latest({ duration, made, longest, speed, rate, heard }: Progress): Seconds {
  const late = (begin: Seconds, part: Seconds) =>
    (begin + part - made) / speed - (begin - heard) / rate;
  const most = Math.max(longest, LONGEST_PART);
  const next = Math.min(duration - made, most, GROWTH * longest);
  const last = Math.min(duration - made, most);
  const end = duration - last;
  const grown = Math.min(end, Math.max(made, GROWTH * most));
  return Math.max(late(made, next), late(grown, last), late(end, last));
}
