/**
 * Rules: which sound a scene event makes, now or not at all.
 *
 *   event ─ impulse, when, cooldown ─▶ prompt ─▶ a take of the pool that is ready ──▶ voice, at once
 *                                          └──▶ the first that is missing, made in the background
 *                                                   └─ none is ready, first part comes in time ──▶ voice
 *
 * A rule has a pool of seeds 0 … takes − 1 for each prompt it comes to; the same take never plays twice in a row where
 * there are two. Nothing waits and nothing throws: what comes too late is silence and one warning. Everything is bounded:
 * prompts remembered, pairs in cooldown, requests in the background, sounds that begin in one task (burst.ts).
 */
import { LRUCache } from 'lru-cache';
import type { Seconds, Take, TakeSource } from '../runtime/contract.ts';
import { orAborted } from './abort.ts';
import { type BackgroundRequest, createBackground } from './background.ts';
import { createBurst } from './burst.ts';
import type { PointEmitters } from './point-emitters.ts';
import { checkTemplate, fillPrompt } from './prompt.ts';
import { impactGain, type SceneEvent } from './scene-event.ts';
import { feed, openStream } from './stream-play.ts';
import type { Playable, TakeLibrary, TakeStream } from './takes.ts';
import type { Voice, VoiceRefusal } from './voices.ts';

/** What a collision sounds like. `undefined` means default. */
export interface CollisionRule {
  /** Which events; default all. */
  when?: ((event: SceneEvent) => boolean) | undefined;
  /** Template, see prompt.ts: '{intensity} impact of a {a.material} crate on {b.material}'. */
  prompt: string;
  /** Newton seconds, ≥ 0; softer contacts are silent. Default 0.5. */
  minImpulse?: number | undefined;
  /** Least time between two sounds of the same pair of objects, 0 to 3600; default 0.1. */
  cooldown?: Seconds | undefined;
  /**
   * How late after the event a sound may begin that is only now being made, 0 to 10; default 0.12, the longest that sound
   * and picture seem one. 0: what is not ready is silent.
   */
  lateness?: Seconds | undefined;
  /** Of the generated clip, 0.1 to 10; default the runtime's. */
  duration?: Seconds | undefined;
  /** Variations of each prompt, a whole number from 1 to 64; default 3. */
  takes?: number | undefined;
  /** Higher is generated sooner and stolen later; default 0. */
  priority?: number | undefined;
  /** Linear, 0 to 100, default 1; times the impact's own gain (see impactGain). */
  volume?: number | undefined;
}

export const RULE_DEFAULTS = {
  minImpulse: 0.5,
  cooldown: 0.1,
  lateness: 0.12,
  takes: 3,
  priority: 0,
  volume: 1,
} as const;

/** Why an event that a rule took made no sound; 'absent': no take was ready, or soon enough. */
export type MissReason = VoiceRefusal | 'absent';

/** What the director tells of each event it took. */
export type DirectorReport = { prompt: string; seed: number; latencyMs: number } & (
  | { kind: 'played'; source: TakeSource; take?: Take } // absent while it is being made
  | { kind: 'missed'; reason: MissReason }
  | { kind: 'failed'; error: unknown }
);

export interface DirectorParts {
  takes: TakeLibrary;
  points: () => PointEmitters;
  now: () => Seconds;
  /** The same seed and the same events choose the same takes. */
  sessionSeed: number;
  /** Whether rules may play what is only now being made. */
  stream: boolean;
  report: (report: DirectorReport) => void;
  warn: (message: string) => void;
}

export interface Director {
  /** @returns takes the rule back. @throws RangeError for a bad template or number. */
  addRule(rule: CollisionRule): () => void;
  handle(event: SceneEvent): void;
  /** Events that came too soon after the last sound of their pair, so far. */
  readonly cooledDown: number;
  /** Background requests given up because too many waited, so far. */
  readonly dropped: number;
  dispose(): void;
}

const MAX_PROMPTS = 256;
const MAX_PAIRS = 1024;

type CompleteRule = CollisionRule & { [F in keyof typeof RULE_DEFAULTS]: number };

/** What a rule knows of one prompt. */
interface PromptState {
  /** One for each take of the pool. */
  requests: readonly BackgroundRequest[];
  lastSeed: number;
  plays: number;
  warned: boolean;
}

interface ActiveRule {
  rule: CompleteRule;
  prompts: LRUCache<string, PromptState>;
  /** When a pair of objects may sound again. */
  pairs: LRUCache<string, { from: Seconds }>;
  warned: boolean;
}

/** What an event asks of a rule's pool. */
interface Wanted {
  rule: CompleteRule;
  state: PromptState;
  prompt: string;
  ready: Playable[];
  /** The first that is not there. */
  missing: BackgroundRequest | undefined;
}

/** What begins to sound. */
interface Sounds {
  askedAt: number;
  source: TakeSource;
  take?: Take;
  seed?: number | undefined;
}

export function createDirector(parts: DirectorParts): Director {
  const { takes, now, report, warn } = parts;
  const rules = new Set<ActiveRule>();
  const burst = createBurst();
  let cooledDown = 0;
  let dropped = 0;
  let disposed = false;
  const background = createBackground({
    takes,
    now,
    onDropped: () => {
      dropped += 1;
    },
    onFailed: ({ prompt, seed }, error, latencyMs) => {
      report({ kind: 'failed', prompt, seed, error, latencyMs });
      warn(`director: no take of "${prompt}" could be made. ${messageOf(error)}`);
    },
  });

  /** @returns the prompt, or null when this rule is not for this event, or not now. */
  function accept(active: ActiveRule, event: SceneEvent): string | null {
    const { rule } = active;
    if (!(event.impulse >= rule.minImpulse)) return null;
    try {
      if (rule.when !== undefined && !rule.when(event)) return null;
      if (isCoolingDown(active, event)) return null;
      return fillPrompt(rule.prompt, event);
    } catch (error) {
      report({ kind: 'failed', prompt: rule.prompt, seed: 0, error, latencyMs: 0 });
      if (!active.warned) warn(`director: a rule is silent. ${messageOf(error)}`);
      active.warned = true;
      return null;
    }
  }

  function isCoolingDown({ rule, pairs }: ActiveRule, event: SceneEvent): boolean {
    const pair = `${event.a.id}|${event.b.id}`;
    const time = now();
    if (time < (pairs.get(pair)?.from ?? -Infinity)) {
      cooledDown += 1;
      return true;
    }
    pairs.set(pair, { from: time + rule.cooldown });
    return false;
  }

  /** One of the takes that are ready; else the one that is missing, if it begins in time. */
  function sound(wanted: Wanted, event: SceneEvent): void {
    const { rule, state, prompt, ready, missing } = wanted;
    const askedAt = performance.now();
    const playable = choose(ready, state, hash(parts.sessionSeed, prompt, state));
    if (playable !== undefined) {
      const options = voiceOptions(rule, event);
      const voice = burst.admits(options.volume) ? parts.points().start(playable, options) : null;
      told(wanted, voice, { askedAt, source: 'memory', take: playable.take });
    }
    const listens = playable === undefined && parts.stream && rule.lateness > 0;
    const stream = missing === undefined ? null : background.want(missing, listens);
    if (stream !== null) void hear(wanted, event, stream);
    else if (playable === undefined) absent(wanted);
  }

  /** Plays what is only now being made, if it begins in time. */
  async function hear(wanted: Wanted, event: SceneEvent, stream: TakeStream): Promise<void> {
    const { rule, missing } = wanted;
    const askedAt = performance.now();
    const tooLate = AbortSignal.timeout(1000 * rule.lateness);
    const made = await orAborted(openStream(stream, 0), tooLate, 'director').catch(() => null);
    const wait = Array.isArray(made) ? stream.wait(1) : 0;
    const isInTime = performance.now() - askedAt <= 1000 * (rule.lateness - wait);
    const options = voiceOptions(rule, event);
    if (made === null || !isInTime) {
      if (!disposed) absent(wanted); // why it could not be made is told by the background
    } else if (Array.isArray(made)) {
      const voice = parts.points().stream(made, wait, options);
      const source = made[0]?.source ?? 'generated';
      told(wanted, voice, { askedAt, source, seed: missing?.seed });
      if (voice?.refusal === null) await feed(voice, stream, made, 0).catch(() => {});
    } else {
      const { take } = made;
      const voice = parts.points().start(made, options);
      told(wanted, voice, { askedAt, source: take.source, take });
    }
    stream.leave();
  }

  function told({ state, prompt }: Wanted, voice: Voice | null, sounds: Sounds): void {
    const { askedAt, source, take, seed = take?.seed ?? 0 } = sounds;
    const facts = { prompt, seed, latencyMs: performance.now() - askedAt };
    if (voice?.refusal === null) {
      state.lastSeed = seed;
      state.plays += 1;
      report({ kind: 'played', source, ...facts, ...(take && { take }) });
    } else {
      report({ kind: 'missed', reason: voice?.refusal ?? 'crowded', ...facts });
    }
  }

  function absent({ prompt, state }: Wanted): void {
    warnAbsent(prompt, state);
    report({ kind: 'missed', prompt, seed: 0, reason: 'absent', latencyMs: 0 });
  }

  function warnAbsent(prompt: string, state: PromptState): void {
    if (state.warned) return;
    state.warned = true;
    warn(`director: no take yet of "${prompt}", so it is silent. Prefetch it to hear the first.`);
  }

  function want(active: ActiveRule, prompt: string): Wanted {
    const state = stateOf(active, prompt);
    const pool = state.requests.map((request) => takes.peek(request));
    const ready = pool.filter((playable) => playable !== undefined);
    return {
      rule: active.rule,
      state,
      prompt,
      ready,
      missing: state.requests[pool.indexOf(undefined)],
    };
  }

  return {
    get cooledDown() {
      return cooledDown;
    },
    get dropped() {
      return dropped;
    },
    addRule(rule) {
      const active = activate(rule);
      rules.add(active);
      return () => void rules.delete(active);
    },
    handle(event) {
      for (const active of rules) {
        const prompt = accept(active, event);
        if (prompt === null) continue;
        sound(want(active, prompt), event);
      }
    },
    dispose() {
      disposed = true;
      rules.clear();
      background.dispose();
    },
  };
}

/** One of the ready takes; not the last one again if there is another. */
function choose(ready: Playable[], state: PromptState, draw: number): Playable | undefined {
  const fresh = ready.filter(({ take }) => take.seed !== state.lastSeed);
  const pool = fresh.length > 0 ? fresh : ready;
  return pool[draw % Math.max(1, pool.length)];
}

/** The first take of a prompt is wanted most; the others only make it less monotonous. */
function requestOf(rule: CompleteRule, prompt: string, seed: number): BackgroundRequest {
  const priority = rule.priority - (seed === 0 ? 0 : 1);
  return { prompt, seed, priority, duration: rule.duration };
}

function voiceOptions({ volume, priority }: CompleteRule, { impulse, point }: SceneEvent) {
  return { volume: volume * impactGain(impulse), pitch: 0, priority, loop: false, point };
}

function stateOf({ rule, prompts }: ActiveRule, prompt: string): PromptState {
  const known = prompts.get(prompt);
  if (known !== undefined) return known;
  const requests = Array.from({ length: rule.takes }, (_, seed) => requestOf(rule, prompt, seed));
  const state = { requests, lastSeed: -1, plays: 0, warned: false };
  prompts.set(prompt, state);
  return state;
}

function activate(rule: CollisionRule): ActiveRule {
  checkTemplate(rule.prompt);
  const complete = {
    ...rule,
    minImpulse: inRange(rule, 'minImpulse', 0, Number.MAX_VALUE),
    cooldown: inRange(rule, 'cooldown', 0, 3600),
    lateness: inRange(rule, 'lateness', 0, 10),
    takes: Math.floor(inRange(rule, 'takes', 1, 64)),
    priority: inRange(rule, 'priority', -1e9, 1e9),
    volume: inRange(rule, 'volume', 0, 100),
  };
  return {
    rule: complete,
    prompts: new LRUCache({ max: MAX_PROMPTS }),
    pairs: new LRUCache({ max: MAX_PAIRS }),
    warned: false,
  };
}

function inRange(
  rule: CollisionRule,
  field: keyof typeof RULE_DEFAULTS,
  min: number,
  max: number,
): number {
  const value = rule[field] ?? RULE_DEFAULTS[field];
  if (value >= min && value <= max) return value;
  throw new RangeError(
    `director: ${field} must be a number from ${min} to ${max}, got ${value}. Correct the rule.`,
  );
}

/** FNV-1a over the session's seed, the prompt and how often it has played. */
function hash(sessionSeed: number, prompt: string, { plays }: PromptState): number {
  let h = 0x811c9dc5 ^ sessionSeed;
  for (const character of `${plays} ${prompt}`) {
    h = Math.imul(h ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return (h ^ (h >>> 15)) >>> 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
