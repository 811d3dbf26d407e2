/**
 * Which voice gives way to a new one. Every rule ends at age, so that the same voices always give the same answer.
 *
 *   all voices     least priority, then quietest (to the decibel), then oldest       a newcomer that is weaker is left out
 *   of one sound   oldest | quietest | farthest | none, as its limit says            likewise
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { StealRule } from '../sound-definition.ts';

/** A voice, or one that would like to be. */
export interface Claim {
  readonly priority: number;
  readonly volume: number;
  distanceGain(): number;
  distance(): number;
}

export interface Rival extends Claim {
  readonly startsAt: Seconds;
}

/** Decibels by which a loop that had to go must be louder to come back: two that are equal would change places for ever. */
export const COME_BACK_MARGIN = 3;

/** The one of all voices that gives way; null: none does. @param margin decibels that the newcomer must be louder by */
export function weakestFor<R extends Rival>(
  newcomer: Claim,
  rivals: readonly R[],
  margin = 0,
): R | null {
  const weakest = rivals.reduce<R | null>((a, b) => (a === null || weaker(b, a) ? b : a), null);
  if (weakest === null) return null;
  const priority = newcomer.priority - weakest.priority;
  const louder = loudness(newcomer) - loudness(weakest) - margin;
  return (priority || louder) < 0 ? null : weakest;
}

/** The one of the same sound that gives way; null: none does, the newcomer is left out. */
export function victimFor<R extends Rival>(
  rule: StealRule,
  newcomer: Claim,
  rivals: readonly R[],
): R | null {
  if (rule === 'none') return null;
  const weight = WEIGHTS[rule];
  const victim = rivals.reduce<R | null>((a, b) => {
    return a === null || (weight(b) - weight(a) || b.startsAt - a.startsAt) < 0 ? b : a;
  }, null);
  return victim === null || weight(newcomer) < weight(victim) ? null : victim;
}

/** The least weight gives way. */
const WEIGHTS: Record<Exclude<StealRule, 'none'>, (claim: Claim) => number> = {
  oldest: () => 0,
  quietest: loudness,
  farthest: (claim) => -claim.distance(),
};

/** Strongest first, for loops that would like to come back. */
export function byStrength(a: Claim, b: Claim): number {
  return b.priority - a.priority || loudness(b) - loudness(a);
}

function weaker(a: Rival, b: Rival): boolean {
  return (a.priority - b.priority || loudness(a) - loudness(b) || a.startsAt - b.startsAt) < 0;
}

/** Whole decibels at the listener, so that nearly equal voices go by age; at least −120. */
function loudness(claim: Claim): number {
  return Math.round(20 * Math.log10(Math.max(1e-6, claim.volume * claim.distanceGain())));
}
