/**
 * Where in its clip a voice is, whatever its pitch has done on the way.
 *
 *   position = area under the rate         rate ▁▁▁╱▔▔▔▔    1 clip second a second, or 2 at twelve semitones more
 */
import type { Seconds } from '../../runtime/contract.ts';
import { areaUntil, steady, turn } from './ramp.ts';

export interface Playhead {
  /** Seconds of the clip, as if it had no end. */
  position(at: Seconds): Seconds;
  setRate(rate: number, at: Seconds, seconds: Seconds): void;
  /** When that position is reached, if the rate changes no more. */
  timeOf(position: Seconds): Seconds;
}

export function createPlayhead(startsAt: Seconds, firstRate: number): Playhead {
  let rate = steady(firstRate);
  let base = { position: 0, at: startsAt };

  function position(at: Seconds): Seconds {
    if (at <= base.at) return base.position;
    return base.position + areaUntil(rate, at) - areaUntil(rate, base.at);
  }

  return {
    position,
    setRate(to, at, seconds) {
      if (at > base.at) base = { position: position(at), at };
      rate = turn(rate, to, at, seconds);
    },
    timeOf(wanted) {
      const end = Math.max(base.at, rate.at + rate.seconds);
      const left = wanted - position(end);
      return left >= 0 ? end + left / rate.to : timeInRamp(wanted);
    },
  };

  /** Solves now·t + slope·t²/2 = left. */
  function timeInRamp(wanted: Seconds): Seconds {
    const from = Math.max(base.at, rate.at);
    const left = wanted - position(from);
    if (left <= 0) return from;
    const slope = (rate.to - rate.from) / rate.seconds;
    const now = rate.from + slope * (from - rate.at);
    return from + (2 * left) / (now + Math.sqrt(Math.max(0, now * now + 2 * slope * left)));
  }
}

/** Where in a looping clip that is: from its beginning once, then round and round between the loop points. */
export function inLoop(position: Seconds, loop: { start: Seconds; end: Seconds }): Seconds {
  if (position < loop.end) return position;
  return loop.start + ((position - loop.start) % (loop.end - loop.start));
}
