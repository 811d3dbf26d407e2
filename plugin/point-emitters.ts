/**
 * A fixed number of emitters that go where events happen: a contact sounds at its point, not at the middle of the floor.
 *
 *   start(point) ──▶ a free emitter, else the one whose voice counts least; that voice fades out
 *
 * Made once, so a sound never waits for an engine to make a place, and a thousand crates make no thousand panners.
 */

import type { EmitterHandle } from './adapter.ts';
import { createOutlet, type Outlet, type OutletRequest } from './emitter.ts';
import type { Playable } from './takes.ts';
import type { Voice, Voices } from './voices.ts';

export interface PointEmitters {
  /** null when every emitter is busy with something of higher priority, or is not made yet. */
  start(playable: Playable, request: OutletRequest): Voice | null;
  dispose(): void;
}

interface Slot {
  outlet: Outlet;
  ready: boolean;
  voice: Voice | null;
  priority: number;
  startedAt: number;
}

/** @param create makes one emitter; called `count` times, now. */
export function createPointEmitters(
  count: number,
  create: () => EmitterHandle,
  voices: Voices,
  onFailed: (error: unknown) => void,
): PointEmitters {
  const slots = Array.from({ length: count }, () => createSlot(create(), voices, onFailed));
  let starts = 0;

  return {
    start(playable, request) {
      const slot = slots.filter((one) => one.ready).reduce<Slot | null>(moreExpendable, null);
      if (slot === null) return null;
      if (slot.voice?.playing) {
        if (slot.priority > request.priority) return null;
        slot.voice.stop();
      }
      const voice = slot.outlet.start(playable, request);
      if (voice.refusal === null) {
        starts += 1;
        Object.assign(slot, { voice, priority: request.priority, startedAt: starts });
      }
      return voice;
    },
    dispose() {
      for (const slot of slots) slot.outlet.dispose();
    },
  };
}

function createSlot(
  handle: EmitterHandle,
  voices: Voices,
  onFailed: (error: unknown) => void,
): Slot {
  const outlet = createOutlet(handle, voices);
  const slot: Slot = { outlet, ready: false, voice: null, priority: 0, startedAt: 0 };
  outlet.ready.then(() => {
    slot.ready = true;
  }, onFailed);
  return slot;
}

/** Free before busy, then the lower priority, then the older. */
function moreExpendable(best: Slot | null, slot: Slot): Slot {
  if (best === null) return slot;
  const order =
    Number(slot.voice?.playing ?? false) - Number(best.voice?.playing ?? false) ||
    slot.priority - best.priority ||
    slot.startedAt - best.startedAt;
  return order < 0 ? slot : best;
}
