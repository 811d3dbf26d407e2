/**
 * Sounds that the game asks for by name: waited for, unlike those of events.
 *
 *   play ──▶ ready, by the ladder's first three rungs ──▶ voice; a take that is missing is made for the next time
 *       └──▶ out of a pack, by the same rungs ──▶ voice
 *       └──▶ made now ──▶ voice, from its first part on
 */
import type { Take, TakeSource } from '../../runtime/contract.ts';
import { orAborted, throwIfAborted } from '../abort.ts';
import type { HeardVoice } from '../captions/caption-feed.ts';
import type { Outlet, OutletRequest as Way } from '../emitter/outlet.ts';
import type { Stage } from '../emitter/stage.ts';
import type { SceneEvent } from '../scene-event.ts';
import type { Background, BackgroundRequest } from '../takes/background.ts';
import { feed, openStream } from '../takes/stream-play.ts';
import { heldSource, type TakeLibrary } from '../takes.ts';
import { rateOf } from '../voices/tones.ts';
import type { Voice } from '../voices.ts';
import type { ActiveSound } from './active-sound.ts';
import { type Cue, createCue, voiceOptions } from './cue.ts';
import type { Found, Ladder, Rung, Soon } from './ladder.ts';
import { missingOf, type Pool } from './pool.ts';
import { type DirectorReport, occasionOf } from './report.ts';

export interface Plays {
  /**
   * @param signal until it begins; a loop plays until its voice is stopped
   * @throws AbortError; RangeError for a slot without a word; the runtime's errors
   */
  play(sound: ActiveSound, event: SceneEvent, signal?: AbortSignal): Promise<Voice>;
}

export interface PlaysParts {
  takes: TakeLibrary;
  background: Background;
  ladder: Ladder;
  stage: Stage;
  sessionSeed: number;
  /** Whether what is only now being made may play. */
  stream: boolean;
  /** Aborted when everything is disposed. */
  signal: AbortSignal;
  onHeard: (heard: HeardVoice) => void;
  report: (report: DirectorReport) => void;
}

interface Begun {
  voice: Voice;
  rung: Rung;
  pool: Pool;
  request: BackgroundRequest;
  /** Of the take. */
  seed: number;
  source: TakeSource;
  take?: Take;
}

export function createPlays(parts: PlaysParts): Plays {
  const { takes, background, ladder, stage, report, signal: life } = parts;

  async function play(sound: ActiveSound, event: SceneEvent, signal?: AbortSignal): Promise<Voice> {
    const stop = signal === undefined ? life : AbortSignal.any([life, signal]);
    throwIfAborted(stop, 'foley.play');
    const askedAt = performance.now();
    const cue = createCue(sound, event, parts.sessionSeed);
    const { outlet, follows } = stage.open(sound.definition, event.a.id, () => outlet.dispose());
    try {
      await orAborted(outlet.ready, stop, 'foley.play');
      const { point, ...options } = voiceOptions(cue, sound.definition);
      const where = follows || point === undefined ? {} : { point };
      const how = { ...options, ...where, loop: sound.definition.loop };
      const begun = await begin(cue, outlet, how, stop);
      tell(cue, begun, performance.now() - askedAt);
      const { volume } = how;
      if (begun.voice.refusal === null) {
        const { rung, voice } = begun;
        const heard = { asked: sound.definition, rung, sound: sound.definition };
        parts.onHeard({ ...heard, event, voice, volume, follows });
      }
      void begun.voice.ended.then(() => outlet.dispose());
      return begun.voice;
    } catch (error) {
      outlet.dispose();
      if (!stop.aborted) fail(cue, error, performance.now() - askedAt);
      throw error;
    }
  }

  async function begin(cue: Cue, outlet: Outlet, how: Way, stop: AbortSignal): Promise<Begun> {
    const { pool, sound } = cue;
    await orAborted(takes.known, stop, 'foley.play');
    const ready = ladder.ready(cue);
    const baked = ladder.baked(cue, ready);
    if (ready !== null || baked !== null) wantMissing(pool);
    if (baked !== null) return beginWaited(baked, outlet, how, stop);
    if (ready !== null) return beginWhole(ready, outlet, how);
    const request = pool.requests[pool.wanted] ?? pool.requests[0];
    if (request === undefined) throw new RangeError(`director: "${pool.sound}" has no takes.`);
    if (parts.stream && !how.loop) return beginStreamed(cue, request, outlet, how, stop);
    return beginWaited({ rung: 'exact', pool, sound, request }, outlet, how, stop);
  }

  function wantMissing(pool: Pool): void {
    const missing = missingOf(pool, takes);
    if (missing !== undefined) background.want(missing, pool);
  }

  async function beginWaited(
    soon: Soon,
    outlet: Outlet,
    how: Way,
    stop: AbortSignal,
  ): Promise<Begun> {
    const playable = await takes.get(soon.request, stop);
    const { source } = playable.take;
    return { ...beginWhole({ ...soon, playable }, outlet, how), source };
  }

  async function beginStreamed(
    cue: Cue,
    request: BackgroundRequest,
    outlet: Outlet,
    how: Way,
    stop: AbortSignal,
  ): Promise<Begun> {
    const { pool, sound } = cue;
    const stream = takes.stream(request, life);
    try {
      const made = await orAborted(openStream(stream, how.pitch), stop, 'foley.play');
      if (!Array.isArray(made)) {
        const found = { rung: 'streamed', pool, sound, request, playable: made } as const;
        return { ...beginWhole(found, outlet, how), source: made.take.source };
      }
      const voice = outlet.stream(made, stream.wait(rateOf(how.pitch)), how);
      feed(voice, stream, made, how.pitch).catch((error: unknown) => {
        if (!life.aborted) fail(cue, error, 0);
      });
      const source = made[0]?.source ?? 'generated';
      return { voice, rung: 'streamed', pool, request, seed: request.seed, source };
    } catch (error) {
      stream.leave();
      throw error;
    }
  }

  function beginWhole(found: Found, outlet: Outlet, how: Way): Begun {
    const { rung, pool, request, playable } = found;
    const { take } = playable;
    const voice = outlet.start(playable, how);
    return { voice, rung, pool, request, seed: take.seed, source: heldSource(playable), take };
  }

  function tell(cue: Cue, begun: Begun, latencyMs: number): void {
    const { voice, rung, pool, request, seed, source, take } = begun;
    const facts = { ...occasionOf(cue), prompt: pool.prompt, seed, latencyMs };
    if (voice.refusal === null) {
      pool.heard = request.seed;
      report({ kind: 'played', rung, source, ...facts, ...(take && { take }) });
    } else {
      report({ kind: 'missed', reason: voice.refusal, ...facts });
    }
  }

  function fail(cue: Cue, error: unknown, latencyMs: number): void {
    const { prompt } = cue.pool;
    report({ ...occasionOf(cue), kind: 'failed', prompt, seed: 0, error, latencyMs });
  }

  return { play };
}
