/**
 * Rests between two steps of a generation, so that the game has the processor when it needs it.
 *
 *   rest = what the step took · factor, at most 250 ms
 *
 *   pace       the page says so when                                     factor   share of a core   1 s of sound
 *   'full'     its render frames take at most 1.1 × what they usually do   0          1               0.2 s
 *   'eased'    they have taken longer for a second                         1          1/2             0.4 s
 *   'slow'     that did not help                                           3          1/4             0.8 s
 *   'hidden'   nobody sees it                                              9          1/10            2 s
 *
 * (The last column is for a model that makes 1 s of sound in 0.2 s.) A share rather than a number of milliseconds: it is
 * the same on a fast and on a slow machine. There is no full stop, because every pending promise has to end.
 *
 * A request of priority 1 or more is needed now, and so is one that is heard while it is made (parts): it rests as at the
 * pace before, so not at all unless the pace is 'slow' or 'hidden'. It is over soon, and a few slow render frames are less
 * noticed than a sound that comes late; but even a flood of them leaves the game half a core.
 */
import type { Pace } from './contract.ts';

const REST_FACTORS = { full: 0, eased: 1, slow: 3, hidden: 9 } as const satisfies Record<
  Pace,
  number
>;
const ONE_BETTER = { full: 'full', eased: 'full', slow: 'eased', hidden: 'slow' } as const;
/** From this priority on a sound is needed now, whether it comes in parts or not. */
export const NEEDED_NOW = 1;
/** A first step compiles and may take seconds; what is asked for meanwhile is not to wait for them again. */
export const MAX_REST_MS = 250;

/** @param stepMs since the rest before, ≥ 0 */
export function restMs(pace: Pace, isNeededNow: boolean, stepMs: number): number {
  const kept = isNeededNow ? ONE_BETTER[pace] : pace;
  return Math.min(MAX_REST_MS, stepMs * REST_FACTORS[kept]);
}

export interface Pacer {
  setPace(pace: Pace): void;
  /** @returns rests for what was done since the turn before, then awaits its turn. */
  rested(turn: () => Promise<void>, isNeededNow: () => boolean): () => Promise<void>;
  /** Ends a rest early: a more urgent request or a cancellation does not wait for it. */
  wake(): void;
}

/** For one generation at a time: who has its turn is the only one to rest. */
export function createPacer(): Pacer {
  let pace: Pace = 'full';
  let wake = () => {};

  function rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    setPace(next) {
      pace = next;
      wake();
    },
    rested(turn, isNeededNow) {
      let resumedAt = performance.now();
      return async () => {
        const ms = restMs(pace, isNeededNow(), performance.now() - resumedAt);
        if (ms > 0) await rest(ms);
        await turn();
        resumedAt = performance.now();
      };
    },
    wake: () => wake(),
  };
}
