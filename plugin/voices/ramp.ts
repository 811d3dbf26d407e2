/**
 * A value on its way to another, evenly.
 *
 *   from ──╲
 *           ╲── to            at ├── seconds ──┤
 *
 * What a parameter is now is computed here, not read from it: not every browser tells the value in the middle of a ramp.
 */
import type { Seconds } from '../../runtime/contract.ts';

export interface Ramp {
  readonly from: number;
  readonly to: number;
  readonly at: Seconds;
  /** ≥ 0; 0 is a step. */
  readonly seconds: Seconds;
}

export function steady(value: number): Ramp {
  return { from: value, to: value, at: 0, seconds: 0 };
}

export function valueAt({ from, to, at, seconds }: Ramp, time: Seconds): number {
  if (time >= at + seconds) return to;
  return time <= at ? from : from + ((to - from) * (time - at)) / seconds;
}

/** What `valueAt` sums up to from the ramp's beginning to `time`; before its beginning, negative. */
export function areaUntil(ramp: Ramp, time: Seconds): number {
  const { from, to, at, seconds } = ramp;
  if (time <= at) return from * (time - at);
  const within = Math.min(time - at, seconds);
  return ((from + valueAt(ramp, at + within)) / 2) * within + to * (time - at - within);
}

/** On to another value from where it is at that time. */
export function turn(ramp: Ramp, to: number, at: Seconds, seconds: Seconds): Ramp {
  return { from: valueAt(ramp, at), to, at, seconds };
}

/** Instead of all that was scheduled. */
export function schedule(param: AudioParam, { from, to, at, seconds }: Ramp): void {
  param.cancelScheduledValues(0);
  param.setValueAtTime(seconds === 0 ? to : from, at);
  if (seconds > 0) param.linearRampToValueAtTime(to, at + seconds);
}
