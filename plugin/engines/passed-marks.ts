/**
 * Which marks an animation has passed from one rendered image to the next. Positions in whatever unit; pure.
 *
 *   from        ·········●·········●···        to         forward:  2 of 5 marks lie in (before, now]
 *                  before ──────▶ now                     wrapped:  (before, to] and [from, now]
 */

export interface Way {
  /** Where it was last, itself no longer passed. */
  before: number;
  now: number;
  /** Ends of what plays, in the direction it plays: from > to when it plays backwards. */
  from: number;
  to: number;
  loops: boolean;
  /** Back and forth, instead of from the beginning again. */
  swings: boolean;
}

/** @returns whether it passed a mark, for each mark in any order; never twice for the same way. */
export function passed(way: Way, mark: number): boolean {
  const sign = way.to >= way.from ? 1 : -1;
  const [before, now, from, to, at] = [way.before, way.now, way.from, way.to, mark].map(
    (position) => sign * position,
  ) as [number, number, number, number, number];
  if (now === before || at < from || at > to) return false;
  if (now > before) return at > before && at <= now;
  if (way.swings) return at < before && at >= now;
  // Back at the beginning: by a loop, or started anew.
  return (at >= from && at <= now) || (way.loops && at > before);
}
