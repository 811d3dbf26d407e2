/**
 * Meter: how fast a sound is made, and so how long to wait before it is played while it is made.
 *
 *   made     ├─first─┼──part──┼────part────┼───── missing ─────┤
 *            speed = seconds of sound ÷ seconds, after the first part;  until the second has come, the last sound's speed
 *            jitter = how late parts came beside that
 *
 *   wait     until the next part will come in time, and the longest, and the last, each late by the jitter
 *
 * A fast machine plays at the first part, a slow one waits just long enough, to within a part. The first sound of all waits
 * for its second part, which tells the speed.
 */
import type { Seconds } from '../../runtime/contract.ts';

/** A request that says no duration gets the runtime's. */
export const USUAL_DURATION: Seconds = 1;

/** A part is needed so long before it is heard: stream-tone.ts schedules ahead, and the context's clock goes in bursts. */
const SCHEDULING: Seconds = 0.03;
/** Parts may come so much later than the speed says, or as much as they did lately, … */
const LEAST_JITTER: Seconds = 0.01;
/** … but more than this is not waited for. The first sound of all may be as late: the browser still compiles. */
const MOST_JITTER: Seconds = 0.1;
/** Of the jitter of the sounds before. */
const REMEMBERED = 0.8;
/** The runtime's parts grow: the next one is at most so many times as long as the longest so far, … */
const GROWTH = 2.5;
/** … up to this, at about so many times as much sound. */
const LONGEST_PART: Seconds = 0.35;

/** How fast one sound is made. */
export interface Meter {
  /** @param cached decoded from a cache, far faster than it is played: nothing is waited for, and nothing learnt */
  arrived(part: Seconds, cached?: boolean): void;
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
  let lastJitter: Seconds | undefined;

  return {
    begin(duration = USUAL_DURATION) {
      const remembered = REMEMBERED * (lastJitter ?? 0);
      const expected = lastJitter === undefined ? MOST_JITTER : Math.max(LEAST_JITTER, remembered);
      const arrivals: Arrival[] = [];
      let speed = lastSpeed;
      let jitter = expected;
      let made: Seconds = 0;
      let longest: Seconds = 0;
      let isCached = false;
      return {
        arrived(part, cached = false) {
          if (!(part > 0)) return;
          made += part;
          isCached ||= cached;
          if (cached) return;
          longest = Math.max(longest, part);
          arrivals.push({ at: now(), made });
          if (arrivals.length < 2) return;
          const line = lineThrough(arrivals);
          speed = line.speed;
          jitter = Math.min(MOST_JITTER, Math.max(expected, line.jitter));
          lastSpeed = speed;
          lastJitter = Math.min(MOST_JITTER, Math.max(remembered, line.jitter));
        },
        wait(rate, heard = 0) {
          if (isCached || made >= duration) return 0;
          if (speed === undefined) return Infinity;
          const late = latest({ duration, made, longest, speed, rate, heard });
          const since = now() - (arrivals.at(-1)?.at ?? now());
          return Math.max(0, late + SCHEDULING + jitter - since);
        },
      };
    },
  };
}

interface Arrival {
  at: Seconds;
  /** Seconds of sound that had come then. */
  made: Seconds;
}

/** From the first arrival to the last: seconds of sound a second, and how late the latest was beside that. */
function lineThrough(arrivals: Arrival[]): { speed: number; jitter: Seconds } {
  const first = arrivals[0]!;
  const last = arrivals.at(-1)!;
  const speed = (last.made - first.made) / Math.max(1e-3, last.at - first.at);
  const late = arrivals.map(({ at, made }) => at - first.at - (made - first.made) / speed);
  return { speed, jitter: Math.max(...late) };
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
