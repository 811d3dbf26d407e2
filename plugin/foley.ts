/**
 * A scene's sounds, engine-free: event → prompt → runtime → emitter, and dispose.
 *
 *   emitter.play(prompt) ──▶ takes ──▶ voices ──▶ the emitter's place      begins while its take is made
 *   collision ──▶ director ──▶ takes ──▶ voices ──▶ the point of contact    at once or hardly later, else not at all
 */

import {
  createRuntimeClient,
  type Logger,
  type RuntimeClient,
  type RuntimeClientOptions,
  silentLogger,
} from '../runtime/client.ts';
import type { Seconds, SoundRequestInput, Take, TakeSource } from '../runtime/contract.ts';
import { abortError, orAborted } from './abort.ts';
import { type EngineAdapter, withDefaults } from './adapter.ts';
import { type Caption, createCaptions } from './captions.ts';
import { type CollisionRule, createDirector, type MissReason } from './director.ts';
import { createEmitter, createOutlet, type EmitterOptions, type FoleyEmitter } from './emitter.ts';
import { inLanes } from './lanes.ts';
import { createMixer } from './mixer.ts';
import { createPointEmitters } from './point-emitters.ts';
import { checkPrompt } from './prompt.ts';
import { watchRenderFrames } from './render-watch.ts';
import type { SoundPlace } from './sound-place.ts';
import { createTakeLibrary } from './takes.ts';
import { createVoices } from './voices.ts';

/** `undefined` means default. */
export interface FoleyOptions {
  /** URL of the model pack's folder, as in '/models/foley-tiny/'. */
  model: string;
  /** A runtime you made and dispose yourself; default one of our own for `model`. */
  runtime?: RuntimeClient | undefined;
  /** These five are the runtime's, see RuntimeClientOptions. */
  device?: RuntimeClientOptions['device'] | undefined;
  ortUrl?: string | undefined;
  persist?: boolean | undefined;
  workerFactory?: RuntimeClientOptions['workerFactory'] | undefined;
  /** Default: silent. */
  logger?: Logger | undefined;
  /** Clips that play at once, ≥ 1; default 32. */
  maxVoices?: number | undefined;
  /** uint32, default 0; the same seed and the same events choose the same takes. */
  sessionSeed?: number | undefined;
  /** Play new sounds while they are still being made; default true. */
  stream?: boolean | undefined;
}

export const FOLEY_DEFAULTS = { maxVoices: 32, sessionSeed: 0, stream: true } as const;

/** For logs and panels: one for each sound that played, or should have, and each take that was made. */
export interface FoleyEvent {
  kind: 'played' | 'missed' | 'failed' | 'generated';
  /** On the adapter's clock. */
  time: Seconds;
  prompt: string;
  seed: number;
  /** Where the take came from; null without one. */
  source: TakeSource | null;
  /** From asking to scheduling; for `generated` from asking to having. */
  latencyMs: number;
  /** Of `played`: absent if the sound was still being made; `generated` brings it. */
  take?: Take;
  /** Of `missed`. */
  reason?: MissReason;
  /** Of `failed`. */
  error?: unknown;
}

/** Counted since the beginning. */
export interface FoleyStats {
  played: number;
  /** No take was ready when a rule needed it, or soon enough. */
  absent: number;
  /** The audio was not unlocked. */
  suspended: number;
  /** More important voices had all places. */
  crowded: number;
  failed: number;
  generated: number;
  /** Voices stopped to make room for others. */
  stolen: number;
  /** Times that a streamed voice had to wait for its next part. */
  starved: number;
  /** Loops that go on without being heard, now: out of range, or crowded out. */
  virtual: number;
  /** Events too soon after the last sound of the same pair of objects. */
  cooledDown: number;
  /** Background requests given up because too many waited. */
  dropped: number;
}

export interface Foley<N> {
  readonly runtime: RuntimeClient;
  /** Same node, same emitter; options count the first time. It goes when its node does. */
  emitter(node: N, options?: EmitterOptions): FoleyEmitter;
  /**
   * Collision → prompt → take → voice at the point of contact. A take that is not ready is made in the background, and
   * heard at once if its first part comes in time.
   * @returns takes the rule back.
   * @throws RangeError for a bad template or number.
   */
  addRule(rule: CollisionRule): () => void;
  /**
   * Makes takes before they are needed, in this order; priority −1 where a request does not say, so that what is played
   * meanwhile comes first. @throws the first error; the others go on.
   */
  prefetch(requests: SoundRequestInput[]): Promise<void>;
  /** Starts the audio; call it in a user gesture. Nothing that was asked for before is let loose. */
  unlock(): Promise<void>;
  /** @returns takes the listener back. What a listener throws is logged. */
  onEvent(listener: (event: FoleyEvent) => void): () => void;
  /** What is heard, in words: a line is shown, changes, is gone. From captions only, never from prompts. @returns likewise */
  onCaption(listener: (caption: Caption) => void): () => void;
  stats(): FoleyStats;
  /** Everything stops; pending promises reject with AbortError. Idempotent, safe at any time. */
  dispose(): Promise<void>;
}

/** Emitters that follow the points of contact: more contacts at once are a noise anyway. */
const MAX_POINTS = 16;
/** Less than what is played, see RULE_DEFAULTS and PlayOptions. */
const PREFETCH_PRIORITY = -1;
/** Requests at a time: one that is made, one so that the worker has no gap. */
const PREFETCH_LANES = 2;
/** How long `dispose` waits for fades; the audio clock may stand still. */
const DISPOSE_WAIT_MS = 50;

/**
 * Ties an engine to a runtime. The adapter is the foley's from now on: `dispose` disposes it.
 * Loads nothing: the first sound does, or `runtime.load()`.
 * @throws RangeError for bad options.
 */
export async function createFoleyWith<N>(
  adapter: EngineAdapter<N>,
  options: FoleyOptions,
): Promise<Foley<N>> {
  const { logger = silentLogger, maxVoices = FOLEY_DEFAULTS.maxVoices } = options;
  const warn = (message: string) => logger.warn(message);
  const voices = createVoices({
    context: adapter.context,
    maxVoices,
    isRunning: () => adapter.running,
    now: adapter.now,
  });
  const mixer = createMixer({ adapter, warn });
  const stopLooking = adapter.onRenderFrame(() => voices.update());
  const runtime = options.runtime ?? createRuntimeClient(clientOptions(options));
  const gone = new AbortController();
  const emitters = new Map<N, FoleyEmitter>();
  const log = createEventLog(adapter.now, warn);
  const captions = createCaptions({ now: adapter.now, ear: () => adapter.ear(), warn });
  const stopCaptions = adapter.onRenderFrame(() => captions.update());
  const takes = createTakeLibrary({
    runtime,
    context: adapter.context,
    onTake: (take, latencyMs) => {
      const { prompt, seed, source } = take;
      if (source === 'generated')
        log.tell({ kind: 'generated', prompt, seed, source, latencyMs, take });
    },
  });
  const points = lazy(() =>
    createPointEmitters({
      count: Math.min(MAX_POINTS, maxVoices),
      create: () => mixer.createPlace({ name: 'contact', node: null, attenuation: {} }),
      voices,
      now: adapter.now,
      onFailed: (error) => warn(`foley: no emitter for contacts could be made. ${String(error)}`),
    }),
  );
  const director = createDirector({
    takes,
    points: points.get,
    now: adapter.now,
    sessionSeed: options.sessionSeed ?? FOLEY_DEFAULTS.sessionSeed,
    stream: options.stream ?? FOLEY_DEFAULTS.stream,
    warn,
    report: (report) => log.tell({ source: null, ...report }),
  });
  const unsubscribe = adapter.onSceneEvent((event) => director.handle(event));
  const stopWatching = watchRenderFrames(adapter, runtime);

  function addEmitter(node: N, { volume = 1, name = 'foley', ...attenuation }: EmitterOptions) {
    withDefaults(attenuation);
    const onNodeGone = () => emitters.get(node)?.dispose();
    const place = mixer.createPlace({ name, node, attenuation, onNodeGone });
    const emitter = createEmitter({
      takes,
      volume,
      stream: options.stream ?? FOLEY_DEFAULTS.stream,
      outlet: createOutlet(place, voices),
      signal: gone.signal,
      onDispose: () => emitters.delete(node),
      onPlayed(played) {
        log.tell(playedEvent(played));
        caption(node, place, played);
      },
      onFailed: ({ request: { prompt, seed = 0 }, askedAt, error }) => {
        const latencyMs = performance.now() - askedAt;
        log.tell({ kind: 'failed', prompt, seed, source: null, latencyMs, error });
      },
    });
    emitters.set(node, emitter);
    return emitter;
  }

  function caption(node: N, place: SoundPlace, { voice, how, caption: label }: Played): void {
    if (label === undefined || voice.refusal !== null) return;
    const { volume, priority, loop: lasting } = how;
    const gain = () => volume * place.distanceGain();
    const position = () => adapter.positionOf(node);
    captions.heard({ label, voice, position, gain, priority, lasting });
  }

  async function tearDown(): Promise<void> {
    unsubscribe();
    stopCaptions();
    captions.dispose();
    stopWatching();
    director.dispose();
    gone.abort();
    if (adapter.running) await Promise.race([voices.stopAll(), wait(DISPOSE_WAIT_MS)]);
    for (const emitter of [...emitters.values()]) emitter.dispose();
    points.made?.dispose();
    stopLooking();
    mixer.dispose();
    adapter.dispose();
    if (options.runtime === undefined) await runtime.dispose();
  }
  const disposal = lazy(tearDown);

  return {
    runtime,
    emitter(node, emitterOptions = {}) {
      if (gone.signal.aborted) throw abortError('foley.emitter');
      return emitters.get(node) ?? addEmitter(node, emitterOptions);
    },
    addRule(rule) {
      points.get();
      return director.addRule(rule);
    },
    async prefetch(requests) {
      const tidy = requests.map(({ prompt, priority = PREFETCH_PRIORITY, ...rest }) => {
        return { ...rest, prompt: checkPrompt(prompt), priority };
      });
      await inLanes(tidy, PREFETCH_LANES, (request) => takes.get(request, gone.signal));
    },
    unlock: () => orAborted(adapter.unlock(), gone.signal, 'foley.unlock'),
    onEvent: log.subscribe,
    onCaption: captions.subscribe,
    stats: () => ({
      ...log.counts,
      stolen: voices.stolen,
      starved: voices.starved,
      virtual: voices.virtual,
      cooledDown: director.cooledDown,
      dropped: director.dropped,
    }),
    dispose: disposal.get,
  };
}

type Told = Omit<FoleyEvent, 'time'>;

/** Counts events and tells them to whoever listens. */
function createEventLog(now: () => Seconds, warn: (message: string) => void) {
  const listeners = new Set<(event: FoleyEvent) => void>();
  const counts = { played: 0, absent: 0, suspended: 0, crowded: 0, failed: 0, generated: 0 };
  let warnedSuspended = false;

  function count({ kind, reason }: Told): void {
    counts[kind === 'missed' ? (reason ?? 'absent') : kind] += 1;
    if (reason !== 'suspended' || warnedSuspended) return;
    warnedSuspended = true;
    warn(
      'foley: the audio is not running, so sounds are left out. Call unlock() in a user gesture.',
    );
  }

  return {
    counts,
    tell(told: Told): void {
      count(told);
      const event = { time: now(), ...told };
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          warn(`foley: a listener of onEvent threw. ${String(error)}`);
        }
      }
    },
    subscribe(listener: (event: FoleyEvent) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

type Played = Parameters<Parameters<typeof createEmitter>[0]['onPlayed']>[0];

function playedEvent({ request, askedAt, voice, playable, source }: Played): Told {
  const { prompt, seed: wanted = 0 } = request;
  const take = playable?.take;
  const latencyMs = performance.now() - askedAt;
  const facts = { prompt, seed: take?.seed ?? wanted, source, latencyMs, ...(take && { take }) };
  if (voice.refusal === null) return { kind: 'played', ...facts };
  return { kind: 'missed', reason: voice.refusal, ...facts };
}

function clientOptions(options: FoleyOptions): RuntimeClientOptions {
  const { model, device, ortUrl, persist, workerFactory, logger } = options;
  return {
    modelUrl: model,
    ...(device === undefined ? {} : { device }),
    ...(ortUrl === undefined ? {} : { ortUrl }),
    ...(persist === undefined ? {} : { persist }),
    ...(workerFactory === undefined ? {} : { workerFactory }),
    ...(logger === undefined ? {} : { logger }),
  };
}

function lazy<T>(make: () => T): { get: () => T; readonly made: T | undefined } {
  let made: { value: T } | undefined;
  return {
    get() {
      made ??= { value: make() };
      return made.value;
    },
    get made() {
      return made?.value;
    },
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
