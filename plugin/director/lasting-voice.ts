/**
 * What a lasting event sounds like while it lasts: a loop, or an ambience that never repeats.
 *
 *   loop       one take round and round             its take is there, or it does not begin
 *   ambience   takes crossing into each other       begins by itself as soon as a take is there
 */
import type { Seconds } from '../../runtime/contract.ts';
import { createAmbience } from '../ambience.ts';
import type { Outlet } from '../emitter/outlet.ts';
import type { Point } from '../scene-event.ts';
import type { TakeLibrary } from '../takes.ts';
import { type Cue, levelOf } from './cue.ts';
import { draw } from './draw.ts';
import { seedAt } from './pool.ts';

export interface LastingVoice {
  readonly playing: boolean;
  readonly ended: Promise<void>;
  setVolume(volume: number, seconds?: Seconds): void;
  setPitch(pitch: number, seconds?: Seconds): void;
  stop(fade?: Seconds): void;
  /** Moves an ambience on. */
  update?(): void;
}

export interface AmbienceWorld {
  takes: TakeLibrary;
  /** null: no sound; `now` is the clock then. */
  context: BaseAudioContext | null;
  now: () => Seconds;
  /** A take could not be made; it is tried again. */
  onFailed: (error: unknown) => void;
}

/** @param point where it is, if its outlet follows no node */
export function beginAmbience(
  world: AmbienceWorld,
  cue: Cue,
  outlet: Outlet,
  point: Point | undefined,
): LastingVoice {
  const { pool, sessionSeed } = cue;
  const { definition } = cue.sound;
  const ambience = createAmbience({
    ...world,
    definition: { ...definition, ...levelOf(cue, definition) },
    prompt: pool.prompt,
    outlet,
    seedOf: (n) => seedAt(definition, n),
    draw: (turn) => draw(sessionSeed, pool.key, turn, 'start'),
    isAudible: () => outlet.reach(point) <= 1,
    ...(point && { point }),
    onFailed: (_request, error) => world.onFailed(error),
  });
  ambience.start();
  return ambience;
}
