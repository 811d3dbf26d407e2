/**
 * Marks that are passed while animations play: events with the mark's name, at the node that is animated.
 *
 *   marks of groups (glTF extras)  ──┐                     'animationEvent', the mark's name
 *   marks of animations (code)     ──┼──▶ once an image ──▶
 *   marks of bindings (at: […])    ──┘                     'animationGroup', the group's name, data.at
 *
 * Only groups that play are looked at, and of other animations those with events.
 */
import type { Animatable } from '@babylonjs/core/Animations/animatable.core.js';
import type { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import type { RuntimeAnimation } from '@babylonjs/core/Animations/runtimeAnimation.js';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { compileGlob } from '../../node-selector.ts';
import { NOTHING } from '../../scene-event.ts';
import type { EventBinding } from '../../sound-definition.ts';
import { passed } from '../passed-marks.ts';
import { type Animated, animatedBy, placeOf, targetOf } from './animated-node.ts';
import { type Mark, marksIn, marksOfAnimation } from './animation-mark.ts';
import type { Source, SourceContext } from './source.ts';

/** A mark, and what to tell of it. */
interface ClockMark extends Mark {
  readonly kind: 'animationEvent' | 'animationGroup';
  /** Babylon's unit: `at` times the animation's rate. */
  readonly key: number;
}

interface Marked {
  readonly marks: readonly ClockMark[];
  readonly animated: Animated;
  /** Name of the group, or of the animation. */
  readonly animation: string;
}

/** An animation that plays, alone or as the longest of its group. */
interface Clock extends Marked {
  readonly animatable: Animatable;
  readonly runtime: RuntimeAnimation;
  before: number;
  seen: number;
}

export function createMarks({ scene, emit, describe }: SourceContext): Source {
  /** By a group's animatable, or by an animation that runs. */
  const clocks = new Map<Animatable | RuntimeAnimation, Clock>();
  let clockOf = new WeakMap<AnimationGroup, Animatable>();
  let silent = new WeakSet<Animatable | RuntimeAnimation>();
  let wanted: readonly EventBinding[] = [];
  let isWanted: (topic: Topic) => boolean = () => false;
  let images = 0;

  /** Makes its clock, if something on it is wanted; else it is not looked at again until it starts anew. */
  function start(
    key: Animatable | RuntimeAnimation,
    animatable: Animatable,
    runtime: RuntimeAnimation,
    marked: Marked,
  ): void {
    const marks = marked.marks.filter((mark) => isWanted(topicOf(mark, marked.animated)));
    if (marks.length === 0) silent.add(key);
    else
      clocks.set(key, {
        ...marked,
        marks,
        animatable,
        runtime,
        before: beforeStart(animatable, runtime),
        seen: images,
      });
  }

  /** @returns whether nothing is to be done to start it. */
  function isKnown(key: Animatable | RuntimeAnimation): boolean {
    const clock = clocks.get(key);
    if (clock !== undefined) clock.seen = images;
    return clock !== undefined || silent.has(key);
  }

  function lookAtGroup(group: AnimationGroup): void {
    const known = clockOf.get(group);
    if (known !== undefined && group.animatables.includes(known) && isKnown(known)) return;
    const animatable = longestOf(group);
    const runtime = animatable?.getAnimations()[0];
    if (animatable === null || runtime === undefined || !animatable.animationStarted) return;
    clockOf.set(group, animatable);
    const animated = animatedBy(targetOf(group), wanted, describe);
    const marks = marksOfGroup(group, runtime.animation.framePerSecond, wanted);
    start(animatable, animatable, runtime, { marks, animated, animation: group.name });
  }

  function lookAtAnimatable(animatable: Animatable): void {
    for (const runtime of animatable.getAnimations()) {
      const { animation } = runtime;
      if (animation.getEvents().length === 0 || isKnown(runtime)) continue;
      if (!animatable.animationStarted) continue;
      const animated = animatedBy(animatable.target, wanted, describe);
      const marks = marksOfAnimation(animation).map(({ at, name }) => ({
        kind: 'animationEvent' as const,
        name,
        at,
        key: at * animation.framePerSecond,
      }));
      start(runtime, animatable, runtime, { marks, animated, animation: animation.name });
    }
  }

  function advance(clock: Clock): void {
    const { animatable, runtime, marks, animated, before } = clock;
    const now = runtime.currentFrame;
    if (now === before) return;
    clock.before = now;
    const way = { before, now, ...wayOf(animatable, runtime) };
    for (const mark of marks) {
      if (!passed(way, mark.key)) continue;
      const data = { at: mark.at, animation: clock.animation };
      emit({ ...topicOf(mark, animated), point: placeOf(animated), impulse: 0, data });
    }
  }

  return {
    watch(bindings) {
      wanted = bindings.filter(({ kind, at }) => kind === 'animationEvent' || at.length > 0);
      isWanted = compileTopics(wanted);
      clocks.clear();
      clockOf = new WeakMap();
      silent = new WeakSet();
    },
    step() {
      if (wanted.length === 0) return;
      images += 1;
      for (const group of scene.animationGroups) if (group.isStarted) lookAtGroup(group);
      for (const animatable of scene.animatables) lookAtAnimatable(animatable);
      for (const [key, clock] of clocks) {
        advance(clock); // one that has ended stands where it ended
        if (clock.seen < images) clocks.delete(key);
      }
    },
  };
}

function topicOf({ kind, name }: ClockMark, { object }: Animated): Topic {
  return { kind, name, a: object, b: NOTHING };
}

/** What the group's notes say, and what bindings say of its name. */
function marksOfGroup(
  group: AnimationGroup,
  rate: number,
  bindings: readonly EventBinding[],
): ClockMark[] {
  const keyOf = (at: number) => group.from + at * rate;
  const noted = marksIn(group.metadata).map(({ at, name }) => ({
    kind: 'animationEvent' as const,
    name,
    at,
    key: keyOf(at),
  }));
  const asked = bindings
    .filter(({ kind, name }) => kind === 'animationGroup' && compileGlob(name)(group.name))
    .flatMap(({ at }) => at);
  const bound = [...new Set(asked)].map((at) => ({
    kind: 'animationGroup' as const,
    name: group.name,
    at,
    key: keyOf(at),
  }));
  return [...noted, ...bound];
}

/** Groups need not be normalised: a short animation in one would begin again too soon. */
function longestOf({ animatables }: AnimationGroup): Animatable | null {
  const lengthOf = (one: Animatable) => one.getAnimations()[0]?.animation.getHighestFrame() ?? -1;
  return animatables.reduce<Animatable | null>(
    (longest, one) => (longest === null || lengthOf(one) > lengthOf(longest) ? one : longest),
    null,
  );
}

/** Animation.ANIMATIONLOOPMODE_YOYO */
const YOYO = 4;

/** A negative speed plays from the end, whichever way round the ends are. */
function wayOf(animatable: Animatable, { animation }: RuntimeAnimation) {
  const { fromFrame: one, toFrame: other, speedRatio, loopAnimation: loops } = animatable;
  const [low, high] = [Math.min(one, other), Math.max(one, other)];
  const swings = animation.loopMode === YOYO;
  return speedRatio < 0
    ? { from: high, to: low, loops, swings }
    : { from: low, to: high, loops, swings };
}

/** A mark at the very beginning is passed by what has just begun; what is under way goes on from where it is. */
function beforeStart(animatable: Animatable, runtime: RuntimeAnimation): number {
  const { from, to } = wayOf(animatable, runtime);
  const now = runtime.currentFrame;
  return now === from ? from - Math.sign(to - from) * 1e-6 : now;
}
