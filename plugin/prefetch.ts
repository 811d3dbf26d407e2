/**
 * Prefetch: takes that the scene can need are made ahead, a few at a time, the likeliest first.
 *
 *   plan (prefetch-plan.ts) ──▶ first takes, then the others ──▶ baked: in flight, at most two ──▶ takes
 *      │                                                    └──▶ others: in flight, at most two ──▶ takes
 *      └── made anew when the ear has moved, or now and then; what is in flight and no longer in it is taken back
 *
 * What is baked is there soon, and does not wait for a model that is still loading. What can never be there is not asked for.
 * Less urgent than anything that is played. Bounded in seconds of sound, so that it never pushes out what it has made.
 */
import type { Seconds } from '../runtime/contract.ts';
import { poolOf } from './director/active-sound.ts';
import type { PlannedPrompt } from './prefetch/prefetch-plan.ts';
import type { Point } from './scene-event.ts';
import type { BackgroundRequest } from './takes/background.ts';
import type { TakeLibrary } from './takes.ts';

export interface PrefetchProgress {
  /** Takes of the plan that are there, or could not be made. */
  readonly done: number;
  readonly total: number;
}

/** What is being made ahead. */
export interface Fetching {
  readonly request: BackgroundRequest;
  readonly sound: string;
  readonly isBaked: boolean;
}

export interface Prefetcher {
  /** Call it a few times a second, and `changed` when the sounds did, or what is known to be baked. */
  tick(): void;
  changed(): void;
  readonly plan: readonly PlannedPrompt[];
  readonly progress: PrefetchProgress;
  readonly pending: Iterable<Fetching>;
  /** Takes back what is in flight. */
  dispose(): void;
}

export interface PrefetcherParts {
  takes: TakeLibrary;
  makePlan: () => PlannedPrompt[];
  ear: () => Point;
  now: () => Seconds;
  warn: (message: string) => void;
}

/** Requests at a time, baked ones and others: one that is made, one so that the worker has no gap. */
const LANES = 2;
/** Below every priority that a sound map would use. */
export const PREFETCH_PRIORITY = -1000;
/** A plan lasts at least so long, … */
export const LEAST_AGE: Seconds = 1;
/** … at most so long, … */
export const MOST_AGE: Seconds = 5;
/** … and in between until the ear has moved so many metres. */
export const EAR_STEP = 2;
/** Sound that is made ahead at most: some 25 MB of samples, less than a library of takes keeps. */
export const MOST_SECONDS: Seconds = 90;
/** After a failure. */
export const RETRY_AFTER: Seconds = 30;

export function createPrefetcher(parts: PrefetcherParts): Prefetcher {
  const { takes, now } = parts;
  const inFlight = new Map<string, Fetching & { stop: AbortController }>();
  let plan: readonly PlannedPrompt[] = [];
  let wanted = new Map<string, Fetching>();
  let over = new Set<string>(); // made, or could not be made
  const retryAt = new Map<string, Seconds>(); // those of them that could not
  let planned: { at: Seconds; ear: Point } | null = null;
  let disposed = false;
  let warned = false;

  function isDue(): boolean {
    if (planned === null) return true;
    const age = now() - planned.at;
    if (age < LEAST_AGE) return false;
    const { x, y, z } = parts.ear();
    const moved = Math.hypot(x - planned.ear.x, y - planned.ear.y, z - planned.ear.z);
    return age >= MOST_AGE || moved >= EAR_STEP;
  }

  function makePlan(): void {
    const { x, y, z } = parts.ear(); // an engine's vector has them on its prototype
    planned = { at: now(), ear: { x, y, z } };
    plan = parts.makePlan();
    wanted = requestsOf(plan, takes);
    forgive();
    over = new Set([...over].filter((key) => wanted.has(key)));
    for (const [key, { stop }] of inFlight) if (!wanted.has(key)) stop.abort();
  }

  /** What could not be made is tried again: a worker that was lost is replaced. */
  function forgive(): void {
    for (const [key, at] of retryAt) {
      if (at > now() && wanted.has(key)) continue;
      retryAt.delete(key);
      over.delete(key);
    }
  }

  function fill(): void {
    for (const [key, fetching] of wanted) {
      if (inFlight.size >= 2 * LANES) return;
      if (over.has(key) || inFlight.has(key) || isFull(fetching.isBaked)) continue;
      if (takes.has(fetching.request)) over.add(key);
      else void fetch(key, fetching);
    }
  }

  function isFull(baked: boolean): boolean {
    const like = [...inFlight.values()].filter(({ isBaked }) => isBaked === baked);
    return like.length >= LANES;
  }

  async function fetch(key: string, fetching: Fetching): Promise<void> {
    const stop = new AbortController();
    inFlight.set(key, { ...fetching, stop });
    try {
      await takes.get(fetching.request, stop.signal);
    } catch (error) {
      if (!stop.signal.aborted) failed(key, fetching.request.prompt, error);
    }
    inFlight.delete(key);
    if (disposed) return;
    if (!stop.signal.aborted) over.add(key);
    fill();
  }

  function failed(key: string, prompt: string, error: unknown): void {
    retryAt.set(key, now() + RETRY_AFTER);
    if (warned) return;
    warned = true;
    parts.warn(`prefetch: "${prompt}" could not be made ahead. ${String(error)}`);
  }

  return {
    tick() {
      if (disposed) return;
      if (isDue()) makePlan();
      fill();
    },
    changed() {
      planned = null;
      over.clear();
      retryAt.clear();
    },
    get plan() {
      return plan;
    },
    get progress() {
      return { done: over.size, total: wanted.size };
    },
    get pending() {
      return inFlight.values();
    },
    dispose() {
      disposed = true;
      for (const { stop } of inFlight.values()) stop.abort();
      wanted.clear();
    },
  };
}

/** First takes before all others, in the plan's order; as much as MOST_SECONDS allow. */
function requestsOf(
  plan: readonly PlannedPrompt[],
  takes: Pick<TakeLibrary, 'isBaked' | 'offers'>,
): Map<string, Fetching> {
  const requests = new Map<string, Fetching>();
  let left = MOST_SECONDS;
  const add = ({ sound, prompt }: PlannedPrompt, index: number) => {
    const request = poolOf(sound, prompt).requests[index];
    const { name, duration } = sound.definition;
    if (request === undefined || left < duration || !takes.offers(request)) return;
    left -= duration;
    const quiet = { ...request, priority: PREFETCH_PRIORITY };
    const isBaked = takes.isBaked(request);
    requests.set(`${name} ${request.seed} ${prompt}`, { request: quiet, sound: name, isBaked });
  };
  for (const planned of plan) add(planned, 0);
  const exact = plan.filter(({ coarse }) => !coarse);
  const most = Math.max(0, ...exact.map(({ sound }) => sound.definition.variations));
  for (let index = 1; index < most; index++) for (const planned of exact) add(planned, index);
  return requests;
}
