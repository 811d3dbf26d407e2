/**
 * AnimationActions → events: three.js has no event for an action that begins, and keeps to itself which there are, so the ones that
 * matter are handed in.
 *
 *   action.play()  ──▶ 'begin'     mixer's 'loop' ──▶ 'change'     mixer's 'finished', or it runs no more ──▶ 'end'
 */
import type { AnimationAction, AnimationMixer, Object3D } from 'three';
import type { Unsubscribe } from '../../adapter.ts';
import { NOTHING, type SceneEvent } from '../../scene-event.ts';
import { describe, positionOf } from './describe.ts';

export interface Animations {
  /** Tells of it from now on: kind 'animationGroup', named as its clip. Handing it in twice is fine. */
  watch(action: AnimationAction): Unsubscribe;
  /** Once per rendered image. */
  update(): void;
  dispose(): void;
}

interface Watched {
  runs: boolean;
  onLoop: (event: { action: AnimationAction }) => void;
}

export function createAnimations(emit: (event: SceneEvent) => void): Animations {
  const actions = new Map<AnimationAction, Watched>();

  function tell(action: AnimationAction, phase: 'begin' | 'change' | 'end'): void {
    const root = action.getRoot() as Object3D;
    const { x, y, z } = positionOf(root);
    const name = action.getClip().name;
    const event = { kind: 'animationGroup' as const, name, phase, b: NOTHING, impulse: 0 };
    emit({ ...event, a: describe(root), point: { x, y, z } });
  }

  function forget(action: AnimationAction): void {
    const watched = actions.get(action);
    if (watched === undefined) return;
    actions.delete(action);
    mixerOf(action).removeEventListener('loop', watched.onLoop);
    if (watched.runs) tell(action, 'end');
  }

  return {
    watch(action) {
      if (!actions.has(action)) {
        const onLoop: Watched['onLoop'] = (event) => {
          if (event.action === action && actions.get(action)?.runs) tell(action, 'change');
        };
        mixerOf(action).addEventListener('loop', onLoop);
        actions.set(action, { runs: false, onLoop });
      }
      return () => forget(action);
    },
    update() {
      for (const [action, watched] of actions) {
        const runs = action.isRunning();
        if (runs === watched.runs) continue;
        watched.runs = runs;
        tell(action, runs ? 'begin' : 'end');
      }
    },
    dispose() {
      for (const action of [...actions.keys()]) forget(action);
    },
  };
}

function mixerOf(action: AnimationAction): AnimationMixer {
  return action.getMixer();
}
