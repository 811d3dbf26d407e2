/**
 * Marks of animations: moments with a name, told as events when they are passed.
 *
 *   markAnimation(walk, 0.2, 'step')                  in code, on one animation
 *   "extras": { "foley": { "step": [0.2, 0.7] } }     in glTF, on an animation (an AnimationGroup)
 *   on: { animationGroup: Walk, at: [0.2, 0.7] }      in a sound map
 *
 * Babylon's own AnimationEvents miss what lies between the last rendered image of a loop and its end, and do not say whose
 * animation it was; a mark is one that does nothing, and marks.ts looks which have been passed.
 */
import type { Animation } from '@babylonjs/core/Animations/animation.js';
import { AnimationEvent } from '@babylonjs/core/Animations/animationEvent.js';
import type { Seconds } from '../../../runtime/contract.ts';
import { dataOf } from './describe.ts';

/** Seconds from the beginning of what is marked. */
export interface Mark {
  readonly at: Seconds;
  readonly name: string;
}

/** More on one animation are left out. */
const MOST_MARKS = 64;

/** `animation.getEvents()` shows it, `animation.removeEvents` removes it. */
class AnimationMark extends AnimationEvent implements Mark {
  readonly at: Seconds;
  readonly name: string;

  constructor(animation: Animation, at: Seconds, name: string) {
    super(at * animation.framePerSecond, () => {});
    this.at = at;
    this.name = name;
  }
}

/**
 * Tells an 'animationEvent' of this name whenever the animation passes that moment; from its next start on, if it plays.
 * @param at seconds from the animation's key 0, ≥ 0
 * @throws RangeError for a moment that is no number, or an empty name.
 */
export function markAnimation(animation: Animation, at: Seconds, name: string): void {
  if (!(at >= 0 && Number.isFinite(at))) {
    throw new RangeError(`babylon: a mark must be at 0 or more seconds, got ${at}. Correct it.`);
  }
  if (name === '') throw new RangeError("babylon: a mark's name is empty. Name it as sounds do.");
  animation.addEvent(new AnimationMark(animation, at, name));
}

export function marksOfAnimation(animation: Animation): readonly Mark[] {
  const events: readonly unknown[] = animation.getEvents();
  return events.filter((event) => event instanceof AnimationMark).slice(0, MOST_MARKS);
}

/** Of an animation group: `foley` of its metadata, or of its glTF extras; whatever is not so is left out. */
export function marksIn(metadata: unknown): Mark[] {
  const { foley } = dataOf(metadata);
  if (typeof foley !== 'object' || foley === null) return [];
  return Object.entries(foley)
    .flatMap(([name, at]) => [at].flat().map((one: unknown) => ({ name, at: Number(one) })))
    .filter(({ at }) => at >= 0 && Number.isFinite(at))
    .slice(0, MOST_MARKS);
}
