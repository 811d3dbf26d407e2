/**
 * A fixed number of emitters that go where events happen: a contact sounds at its point, not at the middle of the floor.
 *
 *   start(point) ──▶ a free emitter, else the one whose voice counts least; that voice fades out
 *
 * Made once, so a sound never waits for an engine to make a place, and a thousand crates make no thousand panners.
 */

import type { Seconds, SoundPart } from '../../runtime/contract.ts';
import type { SoundPlace } from '../mixer/sound-place.ts';
import type { Playable } from '../takes.ts';
import type { StreamVoice, Voice, Voices } from '../voices.ts';
import { createOutlet, type Outlet, type OutletRequest } from './outlet.ts';

/** A voice younger than this gives way to a higher priority alone: its attack has hardly been heard. */
const LEAST_LIFE: Seconds = 0.05;

export interface PointEmitters {
  /** null when every emitter is busy with something that counts more, or not made yet. */
  start(playable: Playable, request: OutletRequest): Voice | null;
  /** Likewise, see Outlet. */
  stream(parts: SoundPart[], wait: Seconds, request: OutletRequest): StreamVoice | null;
  /** Resolves when the engine has made those there are, or could not; never rejects. */
  readonly ready: Promise<unknown>;
  /** Likewise the first of them. */
  readonly anyReady: Promise<unknown>;
  /** At least so many emitters from now on. */
  grow(count: number): void;
  dispose(): void;
}

export interface PointEmittersOptions {
  count: number;
  /** Makes one emitter; called `count` times, now. */
  create: () => SoundPlace;
  voices: Voices;
  now: () => Seconds;
  onFailed: (error: unknown) => void;
}

interface Slot {
  outlet: Outlet;
  ready: boolean;
  voice: Voice | null;
  priority: number;
  startedAt: Seconds;
}

export function createPointEmitters(options: PointEmittersOptions): PointEmitters {
  const { count, create, voices, now, onFailed } = options;
  const slots: Slot[] = [];
  grow(count);

  function grow(wanted: number): void {
    while (slots.length < wanted) slots.push(createSlot(create(), voices, onFailed));
  }

  function givesWay(slot: Slot, priority: number): boolean {
    if (!slot.voice?.playing || slot.priority < priority) return true;
    return slot.priority === priority && now() - slot.startedAt >= LEAST_LIFE;
  }

  /** Begins a voice on the emitter that is most expendable, if that may go. */
  function begin<V extends Voice>(priority: number, voiceOn: (outlet: Outlet) => V): V | null {
    const slot = slots.filter((one) => one.ready).reduce<Slot | null>(moreExpendable, null);
    if (slot === null || !givesWay(slot, priority)) return null;
    const voice = voiceOn(slot.outlet);
    if (voice.refusal !== null) return voice;
    slot.voice?.stop();
    Object.assign(slot, { voice, priority, startedAt: now() });
    return voice;
  }

  return {
    start: (playable, request) =>
      begin(request.priority, (outlet) => outlet.start(playable, request)),
    stream: (sound, wait, request) =>
      begin(request.priority, (outlet) => outlet.stream(sound, wait, request)),
    get ready() {
      return Promise.allSettled(slots.map(({ outlet }) => outlet.ready));
    },
    get anyReady() {
      return Promise.any(slots.map(({ outlet }) => outlet.ready)).catch(() => {});
    },
    grow,
    dispose() {
      for (const slot of slots) slot.outlet.dispose();
    },
  };
}

function createSlot(place: SoundPlace, voices: Voices, onFailed: (error: unknown) => void): Slot {
  const outlet = createOutlet(place, voices);
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
