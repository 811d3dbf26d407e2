/**
 * A scene's sounds, engine-free: event → prompt → runtime → emitter, and dispose.
 *
 *   emitter.play(prompt) ──▶ takes ──▶ voices ──▶ the emitter's place      begins while its take is made
 *   scene event ──▶ director ──▶ takes ──▶ voices ──▶ its point or node     at once or hardly later, else not at all
 *                                 └── what is not there: out of a pack (takes/baked-first.ts), else made by the runtime
 */

import type { RuntimeClient } from '../runtime/client.ts';
import type { SoundRequestInput } from '../runtime/contract.ts';
import { abortError, atMost, orAborted } from './abort.ts';
import type { EngineAdapter } from './adapter.ts';
import { createCaptionFeed } from './captions/caption-feed.ts';
import { type Caption, createCaptions } from './captions.ts';
import { type CollisionRule, createDirector } from './director.ts';
import { createEmitters } from './emitter/emitters.ts';
import { createStage } from './emitter/stage.ts';
import type { EmitterOptions, FoleyEmitter } from './emitter.ts';
import { createEventLog, type EventCounts, type FoleyEvent } from './foley/event-log.ts';
import { type FoleyMaker, makerOf } from './foley/foley-maker.ts';
import { FOLEY_DEFAULTS, type FoleyOptions } from './foley/foley-options.ts';
import { createFoleySounds, type FoleySounds, fetchChecker } from './foley/foley-sounds.ts';
import { createInspector, type FoleySnapshot } from './foley/inspect.ts';
import { watchRenderFrames } from './foley/render-watch.ts';
import { createMixer } from './mixer.ts';
import { planPrompts } from './prefetch/prefetch-plan.ts';
import { createPrefetcher } from './prefetch.ts';
import { checkPrompt } from './prompt.ts';
import { safeLogger } from './safe-logger.ts';
import { inTiers } from './takes/lanes.ts';
import { createTakeLibrary } from './takes.ts';
import { createTicker } from './ticker.ts';
import { createVoices } from './voices.ts';

export type { Caption } from './captions.ts';
export type { EventCounts, FoleyEvent } from './foley/event-log.ts';
export type { FoleyOptions } from './foley/foley-options.ts';
export type { Lasting, PlaySoundOptions } from './foley/foley-sounds.ts';
export type { EmitterState, FoleySnapshot } from './foley/inspect.ts';

/** Counted since the beginning. */
export interface FoleyStats extends EventCounts {
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

export interface Foley<N> extends FoleySounds<N> {
  /** With `live: false`, and none of yours, it makes nothing: its calls reject. */
  readonly runtime: RuntimeClient;
  /** Same node, same emitter; options count the first time. It goes when its node does. */
  emitter(node: N, options?: EmitterOptions): FoleyEmitter;
  /**
   * A sound for collisions, in short; `addSound` can do more. A take that is not ready is made in the background, and heard
   * at once if its first part comes in time.
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
  /** What there is now, for panels: emitters with their state, voices, queue, cache, what is made ahead. */
  inspect(): FoleySnapshot;
  /** Everything stops; pending promises reject with AbortError. Idempotent, safe at any time. */
  dispose(): Promise<void>;
}

/** Less than what is played, see rules, sound maps and PlayOptions. */
const PREFETCH_PRIORITY = -1;
/** Requests at a time: one that is made, one so that the worker has no gap. */
const PREFETCH_LANES = 2;
/** How long `dispose` waits for fades; the audio clock may stand still. */
const DISPOSE_WAIT_MS = 50;

/**
 * Ties an engine to a runtime. The adapter is the foley's from now on: `dispose` disposes it.
 * Loads the model when the first sound is wanted that no pack has: a sound map's are made ahead, unless `prefetch` is false.
 * @throws RangeError for bad options; SoundMapError for a bad sound map; AbortError when the scene is left meanwhile.
 */
export async function createFoleyWith<N>(
  adapter: EngineAdapter<N>,
  options: FoleyOptions,
): Promise<Foley<N>> {
  if (options.sounds !== undefined) fetchChecker(options.sounds);
  const made = await makerOf(options, safeLogger(options.logger));
  return assemble(adapter, options, made).catch(async (error) => {
    await made.dispose(); // it may be loading already
    throw error;
  });
}

/** What throws before there is a foley to dispose leaves the maker as it is. */
async function assemble<N>(
  adapter: EngineAdapter<N>,
  options: FoleyOptions,
  { maker, runtime, dispose: disposeMaker }: FoleyMaker,
): Promise<Foley<N>> {
  const { maxVoices = FOLEY_DEFAULTS.maxVoices } = options;
  const { stream = FOLEY_DEFAULTS.stream, prefetch = FOLEY_DEFAULTS.prefetch } = options;
  const { warn } = safeLogger(options.logger);
  const voices = createVoices({
    context: adapter.context,
    maxVoices,
    isRunning: () => adapter.running,
    now: adapter.now,
  });
  const mixer = createMixer({ adapter, warn });
  const gone = new AbortController();
  const log = createEventLog({ now: adapter.now, warn, state: () => adapter.context?.state });
  const takes = createTakeLibrary({
    maker,
    context: adapter.context,
    onTake: (take, latencyMs) => {
      const { prompt, seed, source } = take;
      if (source === 'generated')
        log.tell({ kind: 'generated', prompt, seed, source, latencyMs, take });
    },
  });
  const stage = createStage({ adapter, mixer, voices, maxVoices, warn });
  const captions = createCaptions({ now: adapter.now, ear: adapter.ear, warn });
  const stopLooking = adapter.onRenderFrame(voices.update);
  const feedCaptions = createCaptionFeed(adapter, captions);
  const director = createDirector({
    takes,
    stage,
    context: adapter.context,
    now: adapter.now,
    isRunning: () => adapter.running,
    sessionSeed: options.sessionSeed ?? FOLEY_DEFAULTS.sessionSeed,
    stream,
    signal: gone.signal,
    onBindings: (bindings) => adapter.watch(bindings),
    onHeard(heard) {
      feedCaptions(heard);
      inspector.onHeard(heard);
    },
    warn,
    report: log.tell,
  });
  const prefetcher = createPrefetcher({
    takes,
    makePlan: () =>
      planPrompts(director.prepared(), [...adapter.contents()], adapter.ear().position),
    ear: () => adapter.ear().position,
    now: adapter.now,
    warn,
  });
  void takes.known.then(prefetcher.changed);
  const emitters = createEmitters({
    adapter,
    mixer,
    voices,
    takes,
    captions,
    log,
    stream,
    signal: gone.signal,
  });
  const inspector = createInspector({ adapter, emitters, director, prefetcher, takes, voices });
  const sounds = createFoleySounds({
    adapter,
    director,
    takes,
    mixer,
    stage,
    signal: gone.signal,
    onChange: prefetcher.changed,
    warn,
  });
  const unsubscribe = adapter.onSceneEvent((event) => director.handle(event));
  const stopTicking = createTicker(() => {
    director.tick();
    captions.update();
    if (prefetch) prefetcher.tick();
  }, warnOnce(warn));
  const stopWatching = watchRenderFrames(adapter, runtime);

  async function tearDown(): Promise<void> {
    unsubscribe();
    stopWatching();
    stopTicking();
    director.dispose();
    prefetcher.dispose();
    captions.dispose();
    gone.abort();
    if (adapter.running) await atMost(DISPOSE_WAIT_MS, voices.stopAll());
    voices.dispose();
    emitters.dispose();
    stage.dispose();
    stopLooking();
    mixer.dispose();
    adapter.dispose();
    log.dispose();
    await disposeMaker();
  }
  const disposal = lazy(tearDown);
  adapter.left?.addEventListener('abort', () => void disposal.get(), { once: true });

  try {
    if (adapter.left?.aborted) throw abortError('createFoley');
    if (options.sounds !== undefined) await sounds.setSounds(options.sounds);
  } catch (error) {
    await disposal.get();
    throw error;
  }

  return Object.assign(sounds, {
    runtime,
    emitter(node: N, emitterOptions: EmitterOptions = {}) {
      if (gone.signal.aborted) throw abortError('foley.emitter');
      return emitters.get(node, emitterOptions);
    },
    addRule: director.addRule,
    async prefetch(requests: SoundRequestInput[]) {
      const tidy = requests.map(({ prompt, priority = PREFETCH_PRIORITY, ...rest }) => {
        return { ...rest, prompt: checkPrompt(prompt), priority };
      });
      await inTiers(tidy, PREFETCH_LANES, takes, (request) => takes.get(request, gone.signal));
    },
    unlock: () => orAborted(adapter.unlock(), gone.signal, 'foley.unlock'),
    onEvent: log.subscribe,
    onCaption: captions.subscribe,
    inspect: inspector.inspect,
    stats: () => ({
      ...log.counts,
      stolen: voices.stolen,
      starved: voices.starved,
      virtual: voices.virtual,
      cooledDown: director.cooledDown,
      dropped: director.dropped,
    }),
    dispose: disposal.get,
  });
}

/** Says the first error, so that one that comes four times a second is no flood. */
function warnOnce(warn: (message: string) => void): (error: unknown) => void {
  let warned = false;
  return (error) => {
    if (!warned) warn(`foley: the scene cannot be looked at. ${String(error)}`);
    warned = true;
  };
}

/** Made when it is first asked for, once. */
function lazy<T>(make: () => T): { get: () => T } {
  let made: { value: T } | undefined;
  return {
    get() {
      made ??= { value: make() };
      return made.value;
    },
  };
}
