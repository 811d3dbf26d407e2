/**
 * What happens once is heard once, now or hardly later.
 *
 *   cue ──▶ ready (ladder.ts) ──▶ voice, at once
 *      └──▶ the first take that is missing, made in the background
 *               └─ nothing was ready ──▶ its first part comes in time ──▶ voice
 *                                   └──▶ else the fallback ──▶ else silence and one warning
 */
import type { Take, TakeSource } from '../../runtime/contract.ts';
import { orAborted } from '../abort.ts';
import type { HeardVoice } from '../captions/caption-feed.ts';
import type { Stage } from '../emitter/stage.ts';
import type { SoundDefinition } from '../sound-definition.ts';
import type { Background } from '../takes/background.ts';
import { feed, openStream } from '../takes/stream-play.ts';
import type { TakeLibrary, TakeStream } from '../takes.ts';
import { createBurst } from '../voices/burst.ts';
import type { Voice } from '../voices.ts';
import { type Cue, voiceOptions } from './cue.ts';
import type { Found, Ladder, Rung } from './ladder.ts';
import { missingOf, type Pool } from './pool.ts';
import { type DirectorReport, occasionOf } from './report.ts';

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
  seed: number;
  take?: Take;
}

export function createOneShots(parts: OneShotsParts): OneShots {
  const { takes, background, ladder, stage, report, warn } = parts;
  const burst = createBurst();
  let disposed = false;

  function play(cue: Cue): void {
    const { pool, sound } = cue;
    const askedAt = performance.now();
    const found = ladder.ready(cue);
    if (found !== null) begin(cue, found, askedAt);
    const missing = missingOf(pool, takes);
    const listens = found === null && parts.stream && sound.definition.lateness > 0;
    const want = { sound: pool.sound, listens };
    const stream = missing === undefined ? null : background.want(missing, want);
    if (stream !== null) void hear(cue, stream, missing?.seed ?? 0);
    else if (found === null) fallBack(cue, askedAt);
  }

  function begin(cue: Cue, { rung, playable, pool, sound }: Found, askedAt: number): void {
    const options = voiceOptions(cue, sound.definition);
    const voice = burst.admits(options.volume)
      ? stage.start(sound.definition, playable, options)
      : null;
    const { take } = playable;
    const { definition } = sound;
    const { volume } = options;
    const facts = { sound: definition, volume, rung, askedAt, pool, seed: take.seed, take };
    told(cue, voice, { ...facts, source: 'memory' });
  }

  /** Plays what is only now being made, if it begins in time. */
  async function hear(cue: Cue, stream: TakeStream, seed: number): Promise<void> {
    const { definition } = cue.sound;
    const askedAt = performance.now();
    const options = voiceOptions(cue, definition);
    const { volume } = options;
    const facts = {
      sound: definition,
      volume,
      rung: 'streamed',
      askedAt,
      pool: cue.pool,
      seed,
    } as const;
    const tooLate = AbortSignal.timeout(Math.ceil(1000 * definition.lateness));
    const opened = orAborted(openStream(stream, options.pitch), tooLate, 'director');
    const made = await opened.catch(() => null); // why it could not be made is told by the background
    const wait = Array.isArray(made) ? stream.wait(2 ** (options.pitch / 12)) : 0;
    const isInTime = performance.now() - askedAt <= 1000 * (definition.lateness - wait);
    if (disposed || made === null || !isInTime) {
      if (!disposed) fallBack(cue, askedAt);
    } else if (Array.isArray(made)) {
      const voice = stage.stream(definition, made, wait, options);
      const source = made[0]?.source ?? 'generated';
      told(cue, voice, { ...facts, source });
      if (voice?.refusal === null) await feed(voice, stream, made, options.pitch).catch(() => {});
    } else {
      const voice = stage.start(definition, made, options);
      const { take } = made;
      told(cue, voice, { ...facts, source: take.source, take });
    }
    stream.leave();
  }

  function fallBack(cue: Cue, askedAt: number): void {
    const found = ladder.fallback(cue);
    if (found === null) absent(cue);
    else begin(cue, found, askedAt);
  }

  function told(cue: Cue, voice: Voice | null, sounds: Sounds): void {
    const { sound, volume, askedAt, rung, source, pool, seed, take } = sounds;
    const { prompt } = pool;
    const facts = { ...occasionOf(cue), prompt, seed, latencyMs: performance.now() - askedAt };
    if (voice?.refusal === null) {
      pool.heard = seed;
      const { event } = cue;
      const asked = cue.sound.definition;
      parts.onHeard({ asked, rung, sound, event, voice, volume, follows: false });
      report({ kind: 'played', rung, source, ...facts, ...(take && { take }) });
    } else {
      report({ kind: 'missed', reason: voice?.refusal ?? 'crowded', ...facts });
    }
  }

  function absent(cue: Cue): void {
    const { pool } = cue;
    const { prompt } = pool;
    report({
      ...occasionOf(cue),
      kind: 'missed',
      reason: 'absent',
      prompt,
      seed: pool.requests[pool.wanted]?.seed ?? 0,
      latencyMs: 0,
    });
    if (pool.warned) return;
    pool.warned = true;
    warn(`director: no take yet of "${prompt}", so it is silent. Prefetch it to hear the first.`);
  }

  return {
    play,
    dispose() {
      disposed = true;
    },
  };
}
