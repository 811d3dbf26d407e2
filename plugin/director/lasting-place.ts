/** Where something that lasts sounds: an emitter of its own, which an engine takes a moment to make. */
import type { Outlet } from '../emitter/outlet.ts';
import type { Stage } from '../emitter/stage.ts';
import type { SoundDefinition } from '../sound-definition.ts';

export interface LastingPlace {
  readonly outlet: Outlet;
  readonly sound: SoundDefinition;
  /** Whether it follows its node; else it is where its voices say. */
  readonly follows: boolean;
  ready: boolean;
}

/** None is called from inside `openPlace`. */
export interface PlaceListener {
  onReady(): void;
  /** Its node was disposed. */
  onGone(): void;
  onFailed(error: unknown): void;
}

export function openPlace(
  stage: Stage,
  sound: SoundDefinition,
  nodeId: string,
  listener: PlaceListener,
): LastingPlace {
  const { outlet, follows } = stage.open(sound, nodeId, listener.onGone);
  const place = { outlet, follows, sound, ready: false };
  outlet.ready.then(() => {
    place.ready = true;
    listener.onReady();
  }, listener.onFailed);
  return place;
}
