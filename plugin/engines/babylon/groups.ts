/**
 * Animation groups that play, by their names: begin when one starts or goes on, change when it begins again, end when it
 * ends, pauses, stops or is disposed. `a`: see animated-node.ts.
 */
import type { AnimationGroup } from '@babylonjs/core/Animations/animationGroup.js';
import type { Unsubscribe } from '../../adapter.ts';
import { compileTopics, type Topic } from '../../event-binding.ts';
import { compileGlob } from '../../node-selector.ts';
import { NOTHING } from '../../scene-event.ts';
import type { EventBinding } from '../../sound-definition.ts';
import { type Animated, animatedBy, placeOf, targetOf } from './animated-node.ts';
import { all, observe, type Source, type SourceContext, untilDisposed } from './source.ts';

interface Track {
  /** While it plays. */
  playing: Animated | null;
  release: Unsubscribe;
}

export function createGroups({ scene, lasting, describe, guard }: SourceContext): Source {
  const tracks = new Map<AnimationGroup, Track>();
  let wanted: readonly EventBinding[] = [];
  let isWanted: (topic: Topic) => boolean = () => false;
  let isNamed: (name: string) => boolean = () => false;
  let pending = new Set<AnimationGroup>();
  let stopWatching: Unsubscribe | null = null;

  const eventOf = ({ name }: AnimationGroup, animated: Animated) =>
    ({
      kind: 'animationGroup',
      name,
      a: animated.object,
      b: NOTHING,
      point: placeOf(animated),
      impulse: 0,
    }) as const;

  const begin = guard((group: AnimationGroup, track: Track) => {
    const animated = animatedBy(targetOf(group), wanted, describe);
    const event = eventOf(group, animated);
    if (!isWanted(event)) return;
    track.playing = animated;
    lasting.begin(event, animated.node === null ? undefined : untilDisposed(animated.node));
  });

  const end = guard((group: AnimationGroup, track: Track) => {
    if (track.playing !== null) lasting.end(eventOf(group, track.playing));
    track.playing = null;
  });

  const beginAgain = guard((group: AnimationGroup, track: Track) => {
    if (track.playing !== null) lasting.change(eventOf(group, track.playing));
  });

  /** Begins what plays and is wanted now. */
  function look(group: AnimationGroup): void {
    if (!isNamed(group.name)) return;
    const made = tracks.get(group) ?? track(group);
    if (made.playing === null && group.isPlaying) begin(group, made);
  }

  function track(group: AnimationGroup): Track {
    const made: Track = { playing: null, release: () => {} };
    made.release = all([
      observe(group.onAnimationGroupPlayObservable, () => begin(group, made)),
      observe(group.onAnimationGroupLoopObservable, () => beginAgain(group, made)),
      observe(group.onAnimationGroupPauseObservable, () => end(group, made)),
      observe(group.onAnimationGroupEndObservable, () => end(group, made)),
    ]);
    tracks.set(group, made);
    return made;
  }

  /** Ends what is wanted no more, or belongs to another node now. */
  function review(group: AnimationGroup, made: Track): void {
    if (!isNamed(group.name)) drop(group);
    if (made.playing === null) return;
    const { object } = animatedBy(targetOf(group), wanted, describe);
    if (object.id !== made.playing.object.id || !isWanted(eventOf(group, made.playing))) {
      end(group, made);
    }
  }

  function drop(group: AnimationGroup): void {
    const made = tracks.get(group);
    made?.release();
    tracks.delete(group);
    pending.delete(group);
    if (made !== undefined) end(group, made);
  }

  function watchScene(): Unsubscribe {
    return all([
      observe(scene.onNewAnimationGroupAddedObservable, (group) => void pending.add(group)),
      observe(scene.onAnimationGroupRemovedObservable, drop),
    ]);
  }

  return {
    watch(bindings) {
      wanted = bindings.filter(({ at }) => at.length === 0);
      isWanted = compileTopics(wanted);
      const globs = wanted.map(({ name }) => compileGlob(name));
      isNamed = (name) => globs.some((fits) => fits(name));
      for (const [group, made] of [...tracks]) review(group, made);
      stopWatching?.();
      stopWatching = wanted.length > 0 ? watchScene() : null;
      pending = new Set(wanted.length > 0 ? scene.animationGroups : []);
    },
    step() {
      for (const group of pending) look(group);
      pending.clear();
      // stop(true) tells nobody
      for (const [group, made] of tracks) {
        if (made.playing !== null && !group.isPlaying) end(group, made);
      }
    },
  };
}
