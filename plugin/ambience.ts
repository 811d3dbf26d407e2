/**
 * Ambience: goes on for minutes without an audible repeat.
 *
 *   take 0, from anywhere in it  ▔▔▔▔▔▔╲
 *   take 1                            ╱▔▔▔▔▔▔╲           each one round, then the next; equal power where they cross
 *   take 2                                  ╱▔▔▔▔▔▔ …
 *   being made: one ahead, while it is heard
 *
 * Takes are loops: while the next one is not there the last plays on, and each begins somewhere else every time. Where nobody
 * can hear it nothing plays and nothing is made. Call `update` once per rendered image, or some times a second: nothing else
 * moves it. Main thread; 2 voices while two takes cross, else 1.
 */
import type { Seconds, SoundRequestInput } from '../runtime/contract.ts';
import { createAmbiencePool } from './ambience/ambience-pool.ts';
import { createCrossfader } from './ambience/crossfader.ts';
import type { Outlet } from './emitter/outlet.ts';
import type { Point } from './scene-event.ts';
import type { SoundDefinition } from './sound-definition.ts';
import type { TakeLibrary } from './takes.ts';
import { rateOf } from './voices/tones.ts';
import type { Voice } from './voices.ts';

export interface Ambience {
  /** Begins, with a fade, as soon as a take is there. Once; after `stop` it does not begin again. */
  start(): void;
  /** Moves it on. */
  update(): void;
  /** Linear, 0 to 100. @param seconds default and at least 0.01 */
  setVolume(volume: number, seconds?: Seconds): void;
  /** Semitones, −48 to 48. @param seconds default and at least 0.01 */
  setPitch(pitch: number, seconds?: Seconds): void;
  /** Something of it sounds. */
  readonly playing: boolean;
  /** Takes that were made for it, so far. */
  readonly made: number;
  /** Fades out, and nothing more is made. @param fade seconds, ≥ 0; default the crossfade's. */
  stop(fade?: Seconds): void;
  /** Resolves when the last sample is out after `stop` or `dispose`; never rejects. */
  readonly ended: Promise<void>;
  /** At once. The outlet stays its owner's. Idempotent. */
  dispose(): void;
}

export interface AmbienceParts {
  definition: Pick<
    SoundDefinition,
    'duration' | 'variations' | 'ambience' | 'volume' | 'pitch' | 'priority'
  >;
  prompt: string;
  takes: TakeLibrary;
  outlet: Outlet;
  /** null: no sound; `now` is the clock then. */
  context: BaseAudioContext | null;
  now: () => Seconds;
  /** Seed of the nth take, uint32. */
  seedOf: (n: number) => number;
  /** The session's chance: uint32 for the nth turn. */
  draw: (turn: number) => number;
  /** Whether anybody could hear it: in range, and its bus not silent. Default always. */
  isAudible?: () => boolean;
  /** Where it is, if its emitter follows no node. */
  point?: Point;
  onFailed: (request: SoundRequestInput, error: unknown) => void;
}

/** Takes kept at a time: `variations`, within this. */
export const POOL_LIMITS = { min: 1, max: 8 } as const;
/** Takes but the first only make it less monotonous, so they are less urgent. */
const REPEAT_PRIORITY = -1;
const DEFAULT_CROSSFADE: Seconds = 1;
/** After a voice was refused, or lost its place to another. */
const RETRY_VOICE: Seconds = 0.5;
/** Fade of what has gone out of hearing. */
const AWAY_FADE: Seconds = 0.1;

/** What plays or fades out. */
interface Turn {
  voice: Voice;
  /** When the next one's turn is, and when it is stopped after that. */
  nextAt: Seconds;
  endsAt: Seconds;
}

export function createAmbience(parts: AmbienceParts): Ambience {
  const { definition, outlet, context, isAudible = () => true } = parts;
  const clock = () => (context === null ? parts.now() : context.currentTime);
  const crossfade = definition.ambience?.crossfade ?? DEFAULT_CROSSFADE;
  const decks = createCrossfader(context, outlet.input, definition.volume);
  const { min, max } = POOL_LIMITS;
  const size = Math.min(max, Math.max(min, definition.variations));
  const { onFailed, takes } = parts;
  const pool = createAmbiencePool({ takes, requestOf, size, now: clock, onFailed });
  let { pitch } = definition;
  let isReady = false;
  let isStarted = false;
  let isOver = false;
  let turns: Turn[] = []; // the one that plays last
  const sounding = new Set<Voice>(); // those that were stopped too
  let count = 0;
  let retryAt = Number.NEGATIVE_INFINITY;
  let resolve = () => {};
  const ended = new Promise<void>((done) => {
    resolve = done;
  });
  outlet.ready.then(
    () => {
      isReady = true;
    },
    () => dispose(), // whoever opened the outlet says so
  );

  function requestOf(n: number): SoundRequestInput {
    const { duration, priority } = definition;
    const urgency = priority + (n === 0 ? 0 : REPEAT_PRIORITY);
    const { prompt } = parts;
    return { prompt, duration, loop: true, seed: parts.seedOf(n), priority: urgency };
  }

  /** The next take begins and crosses in. */
  function beginTurn(now: Seconds): void {
    const take = pool.next();
    if (take === null) return;
    const { playable } = take;
    const { priority } = definition;
    const offset = (parts.draw(count) / 2 ** 32) * playable.duration;
    const voice = outlet.start(playable, {
      ...{ volume: 1, pitch, priority, loop: true, offset },
      ...(decks.next && { into: decks.next }),
      ...(parts.point && { point: parts.point }),
    });
    if (voice.refusal !== null) {
      retryAt = now + RETRY_VOICE;
      return;
    }
    sounding.add(voice);
    void voice.ended.then(() => sounding.delete(voice));
    const round = playable.duration / rateOf(pitch);
    const fade = Math.min(crossfade, round / 2);
    decks.turn(fade);
    for (const before of turns) before.endsAt = now + fade;
    turns.push({ voice, nextAt: now + round - fade, endsAt: Number.POSITIVE_INFINITY });
    pool.played(take);
    count += 1;
  }

  /** Stops what has faded out; forgets what has ended, by itself or for another's sake. */
  function clear(now: Seconds): void {
    for (const { voice, endsAt } of turns) if (now >= endsAt) voice.stop();
    const last = turns.at(-1);
    turns = turns.filter(({ voice }) => voice.playing);
    if (last !== undefined && !turns.includes(last)) retryAt = now + RETRY_VOICE;
  }

  function goAway(): void {
    pool.rest();
    for (const { voice } of turns) voice.stop(AWAY_FADE);
    turns = [];
  }

  function moveOn(now: Seconds): void {
    clear(now);
    if (!isAudible()) {
      goAway();
      return;
    }
    pool.update();
    const isDue = now >= (turns.at(-1)?.nextAt ?? Number.NEGATIVE_INFINITY);
    if (isDue && decks.settled && now >= retryAt) beginTurn(now);
  }

  function stop(fade = crossfade): void {
    if (isOver) return;
    isOver = true;
    pool.rest();
    for (const { voice } of turns) voice.stop(fade);
    void Promise.all([...sounding].map((voice) => voice.ended)).then(() => {
      decks.dispose();
      resolve();
    });
    turns = [];
  }

  function dispose(): void {
    stop(0);
    decks.dispose();
  }

  return {
    start() {
      isStarted = true;
    },
    update() {
      if (isReady && isStarted && !isOver) moveOn(clock());
    },
    setVolume: (volume, seconds = 0) => decks.setVolume(volume, seconds),
    setPitch(semitones, seconds = 0) {
      pitch = semitones;
      for (const { voice } of turns) (voice as Voice & Partial<Pitched>).setPitch?.(pitch, seconds);
    },
    get playing() {
      return turns.length > 0;
    },
    get made() {
      return pool.made;
    },
    stop,
    ended,
    dispose,
  };
}

/** Voices whose pitch can change while they play. */
interface Pitched {
  setPitch(pitch: number, seconds: Seconds): void;
}
