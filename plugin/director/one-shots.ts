/**
 * What happens once is heard once, now or hardly later.
 *
 *   cue ──▶ ready (ladder.ts) ──▶ voice, at once
 *      └──▶ the first take that is missing, made in the background
 *      └──▶ out of a pack; or nothing was ready, and the first part of what is made ──▶ in time ──▶ voice
 *                                             └──▶ else what is ready, the fallback ──▶ else silence and one warning
 */
import type { Take, TakeSource } from '../../runtime/contract.ts';
import { orAborted } from '../abort.ts';
import type { HeardVoice } from '../captions/caption-feed.ts';
import type { Stage } from '../emitter/stage.ts';
import type { SoundDefinition } from '../sound-definition.ts';
import type { Background, BackgroundRequest } from '../takes/background.ts';
import { feed, openStream } from '../takes/stream-play.ts';
import { heldSource, type TakeLibrary, type TakeStream } from '../takes.ts';
import { createBurst } from '../voices/burst.ts';
import type { Voice } from '../voices.ts';
import { type Cue, voiceOptions } from './cue.ts';
import type { Found, Ladder, Rung, Soon } from './ladder.ts';
import { missingOf, type Pool } from './pool.ts';
import { type DirectorReport, missedOf, occasionOf } from './report.ts';
import { tellAbsent } from './tell-absent.ts';

export interface OneShots {
  play(cue: Cue): void;
  dispose(): void;
}

export interface OneShotsParts {
  takes: TakeLibrary;
  background: Background;
  ladder: Ladder;
  stage: Stage;
  /** Whether what is only now being made may play. */
  stream: boolean;
  onHeard: (heard: HeardVoice) => void;
  report: (report: DirectorReport) => void;
  warn: (message: string) => void;
}

/** What begins to sound. */
interface Sounds {
  sound: SoundDefinition;
  volume: number;
  rung: Rung;
  askedAt: number;
  source: TakeSource;
  pool: Pool;
  /** The pool's. */
  request: BackgroundRequest;
  /** Of the take. */
  seed: number;
  take?: Take;
}

export function createOneShots(parts: OneShotsParts): OneShots {
  const { takes, background, ladder, stage, report, warn } = parts;
  const burst = createBurst();
  let disposed = false;

  function play(cue: Cue): void {
    const { pool } = cue;
    const askedAt = performance.now();
    const ready = ladder.ready(cue);
    const soon = cue.sound.definition.lateness === 0 ? null : soonest(cue, ready);
    const stream = soon && background.want(soon.request, { sound: pool.sound, listens: true });
    const missing = missingOf(pool, takes);
    if (missing !== undefined && missing !== soon?.request) background.want(missing, pool);
    if (soon !== null && stream !== null) void hear(cue, stream, soon);
    else fallBack(cue, ready, askedAt);
  }

  /** What is worth waiting for a little: out of a pack, or as it is made. */
  function soonest(cue: Cue, ready: Found | null): Soon | null {
    const baked = ladder.baked(cue, ready);
    if (ready !== null || baked !== null || !parts.stream) return baked;
    const { pool, sound } = cue;
    const request = missingOf(pool, takes);
    return request === undefined ? null : { rung: 'streamed', request, pool, sound };
  }

  function begin(cue: Cue, found: Found, askedAt: number): void {
    const { rung, playable, pool, request } = found;
    const { definition } = found.sound;
    const options = voiceOptions(cue, definition);
    const { volume } = options;
    const voice = burst.admits(volume) ? stage.start(definition, playable, options) : null;
    const { take } = playable;
    const facts = { sound: definition, volume, rung, askedAt, pool, request, seed: take.seed };
    told(cue, voice, { ...facts, take, source: heldSource(playable) });
  }

  /** Plays what comes only now, if it begins in time. */
  async function hear(cue: Cue, stream: TakeStream, soon: Soon): Promise<void> {
    const { definition } = cue.sound;
    const { rung, pool, request } = soon;
    const askedAt = performance.now();
    const options = voiceOptions(cue, definition);
    const { volume } = options;
    const facts = { sound: definition, volume, rung, askedAt, pool, request };
    const tooLate = AbortSignal.timeout(Math.ceil(1000 * definition.lateness));
    const opened = Promise.all([openStream(stream, options.pitch), stage.readyFor(definition)]);
    const [made] = await orAborted(opened, tooLate, 'director').catch(() => [null]); // why is told by the background
    const wait = Array.isArray(made) ? stream.wait(2 ** (options.pitch / 12)) : 0;
    const isInTime = performance.now() - askedAt <= 1000 * (definition.lateness - wait);
    if (disposed || made === null || !isInTime) {
      if (!disposed) fallBack(cue, ladder.ready(cue), askedAt);
    } else if (Array.isArray(made)) {
      const voice = stage.stream(definition, made, wait, options);
      const source = made[0]?.source ?? 'generated';
      told(cue, voice, { ...facts, seed: request.seed, source });
      if (voice?.refusal === null) await feed(voice, stream, made, options.pitch).catch(() => {});
    } else {
      const voice = stage.start(definition, made, options);
      const { take } = made;
      told(cue, voice, { ...facts, seed: take.seed, source: take.source, take });
    }
    stream.leave();
  }

  function fallBack(cue: Cue, ready: Found | null, askedAt: number): void {
    const found = ready ?? ladder.fallback(cue);
    if (found === null) absent(cue);
    else begin(cue, found, askedAt);
  }

  function told(cue: Cue, voice: Voice | null, sounds: Sounds): void {
    const { sound, volume, askedAt, rung, source, pool, request, seed, take } = sounds;
    const { prompt } = pool;
    const facts = { ...occasionOf(cue), prompt, seed, latencyMs: performance.now() - askedAt };
    if (voice?.refusal === null) {
      pool.heard = request.seed;
      const { event } = cue;
      const asked = cue.sound.definition;
      parts.onHeard({ asked, rung, sound, event, voice, volume, follows: false });
      report({ kind: 'played', rung, source, ...facts, ...(take && { take }) });
    } else {
      report({ kind: 'missed', reason: voice?.refusal ?? 'crowded', ...facts });
    }
  }

  function absent(cue: Cue): void {
    report(missedOf(cue, 'absent'));
    tellAbsent(cue.pool, takes, warn);
  }

  return {
    play,
    dispose() {
      disposed = true;
    },
  };
}
