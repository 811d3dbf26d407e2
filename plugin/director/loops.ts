/**
 * What lasts sounds for as long as it lasts: loops that begin, follow their node, change with the event's numbers, and end.
 *
 *   begin ──▶ take ready, audio running ──▶ emitter on node a, else at the point ──▶ voice
 *        └──▶ not yet: tried again at every tick while the event lasts
 *        └──▶ an ambience makes its own takes, and falls silent where nobody hears it
 *   change ──▶ pitch and volume of the voice, smoothly
 *   end    ──▶ fade
 *
 * Bounded: of more than MAX_LASTING at once the newest are silent.
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { HeardVoice } from '../captions/caption-feed.ts';
import type { Outlet } from '../emitter/outlet.ts';
import type { Stage } from '../emitter/stage.ts';
import { messageOf } from '../message-of.ts';
import type { SceneEvent } from '../scene-event.ts';
import type { SoundDefinition } from '../sound-definition.ts';
import type { Background } from '../takes/background.ts';
import { heldSource, type TakeLibrary } from '../takes.ts';
import type { ActiveSound } from './active-sound.ts';
import { type Cue, createCue, levelOf, voiceOptions } from './cue.ts';
import type { Found, Ladder, Rung } from './ladder.ts';
import { lastingKey, snapshot } from './lasting-events.ts';
import { type LastingPlace, openPlace } from './lasting-place.ts';
import { beginAmbience, type LastingVoice } from './lasting-voice.ts';
import { missingOf } from './pool.ts';
import { type DirectorReport, type MissReason, missedOf, occasionOf } from './report.ts';
import { isNever, tellAbsent } from './tell-absent.ts';

export interface Loops {
  /** What has begun already changes. @throws RangeError for a slot without a word. */
  beginOrChange(sound: ActiveSound, event: SceneEvent): void;
  end(sound: ActiveSound, event: SceneEvent): void;
  /** All of that sound. */
  endAll(sound: ActiveSound): void;
  /** Tries again what has not begun. */
  tick(): void;
  /** For panels. */
  readonly running: Iterable<LoopState>;
  dispose(): void;
}

export interface LoopState {
  readonly key: string;
  readonly sound: SoundDefinition;
  readonly event: SceneEvent;
  readonly prompt: string;
  /** null: not begun. */
  readonly rung: Rung | null;
  readonly playing: boolean;
}

export interface LoopsParts {
  takes: TakeLibrary;
  /** null: no sound. */
  context: BaseAudioContext | null;
  background: Background;
  ladder: Ladder;
  stage: Stage;
  now: () => Seconds;
  sessionSeed: number;
  /** False while a voice could not begin. */
  isRunning: () => boolean;
  onHeard: (heard: HeardVoice) => void;
  report: (report: DirectorReport) => void;
  warn: (message: string) => void;
}

/** Lasting events that sound, or would like to. */
const MAX_LASTING = 256;
/** Of a loop whose event is over. */
export const END_FADE: Seconds = 0.15;
/** An engine needs a moment to make an emitter. */
const PLACE_TIME: Seconds = 0.1;
/** Of its pitch and volume to what the event says now. */
const CONTROL_RAMP: Seconds = 0.05;

interface Running {
  readonly key: string;
  readonly sound: ActiveSound;
  readonly beganAt: Seconds;
  cue: Cue;
  place: LastingPlace | null;
  voice: LastingVoice | null;
  /** Whose take the voice plays. */
  heard: Found | null;
  told: boolean;
  over: boolean;
}

export function createLoops(parts: LoopsParts): Loops {
  const { takes, background, ladder, stage, now, report, warn } = parts;
  const running = new Map<string, Running>();
  const ending = new Set<Outlet>();

  function beginOrChange(sound: ActiveSound, event: SceneEvent): void {
    const key = keyOf(sound, event);
    const known = running.get(key);
    if (known === undefined) add(key, createCue(sound, snapshot(event), parts.sessionSeed));
    else steer(known, event);
  }

  /** What found no room is told at its begin, and tries again with each change. */
  function add(key: string, cue: Cue): void {
    if (running.size < MAX_LASTING) addFresh(key, cue);
    else if (cue.event.phase !== 'change') report(missedOf(cue, 'crowded'));
  }

  function addFresh(key: string, cue: Cue): void {
    const fresh = { key, cue, sound: cue.sound, beganAt: now(), told: false, over: false };
    const one: Running = { ...fresh, place: null, voice: null, heard: null };
    running.set(key, one);
    start(one);
  }

  function start(one: Running): void {
    if (one.voice !== null || one.over || isTooLate(one)) return;
    if (one.cue.sound.definition.ambience === null) startLoop(one);
    else startAmbience(one);
  }

  /** Begins at once and is silent until its first take is there. */
  function startAmbience(one: Running): void {
    const { definition } = one.sound;
    const place = placeFor(one, definition);
    if (!place.ready) return;
    const { pool, event } = one.cue;
    const point = place.follows ? undefined : event.point;
    const onFailed = (error: unknown) => {
      if (!pool.warned)
        warn(`director: no take of "${pool.prompt}" could be made. ${messageOf(error)}`);
      pool.warned = true;
    };
    one.voice = beginAmbience({ ...parts, onFailed }, one.cue, place.outlet, point);
    void one.voice.ended.then(() => place.outlet.dispose());
  }

  function startLoop(one: Running): void {
    const { cue } = one;
    const ready = ladder.ready(cue);
    const soon = ladder.baked(cue, ready);
    if (soon !== null) background.want(soon.request, soon.pool);
    const missing = missingOf(cue.pool, takes);
    if (missing !== undefined && missing !== soon?.request) background.want(missing, cue.pool);
    if (soon !== null) return; // what began in its place would go on
    const found = ready ?? ladder.fallback(cue);
    if (found === null) absent(one);
    else if (!parts.isRunning()) tellOnce(one, 'suspended');
    else soundAt(placeFor(one, found.sound.definition), one, found);
  }

  function absent(one: Running): void {
    tellOnce(one, 'absent');
    if (isNever(one.cue.pool, takes)) tellAbsent(one.cue.pool, takes, warn);
  }

  /** An emitter for that sound; if it is not ready, the loop begins when it is. */
  function placeFor(one: Running, definition: SoundDefinition): LastingPlace {
    if (one.place?.sound === definition) return one.place;
    one.place?.outlet.dispose();
    const place = openPlace(stage, definition, one.cue.event.a.id, {
      onReady: () => {
        if (one.place === place) start(one);
      },
      onGone: () => end(one),
      onFailed(error) {
        end(one);
        warn(`director: "${definition.name}" has no emitter. ${messageOf(error)}`);
      },
    });
    one.place = place;
    return place;
  }

  function soundAt(place: LastingPlace, one: Running, found: Found): void {
    if (!place.ready) return;
    const { definition } = found.sound;
    const askedAt = performance.now();
    const { point, ...options } = voiceOptions(one.cue, definition);
    const where = place.follows || point === undefined ? {} : { point };
    const how = { ...options, ...where, loop: definition.loop };
    const voice = place.outlet.start(found.playable, how);
    if (voice.refusal !== null) tellOnce(one, voice.refusal);
    else began(one, found, voice, askedAt);
  }

  function began(one: Running, found: Found, voice: LastingVoice, askedAt: number): void {
    const { playable, pool, request, rung } = found;
    const { take } = playable;
    one.voice = voice;
    one.heard = found;
    void voice.ended.then(() => one.place?.outlet.dispose());
    pool.heard = request.seed;
    tellHeard(one, found.sound.definition);
    const latencyMs = performance.now() - askedAt;
    const facts = { prompt: pool.prompt, seed: take.seed, take, latencyMs };
    const source = heldSource(playable);
    report({ ...occasionOf(one.cue), kind: 'played', rung, source, ...facts });
  }

  function tellHeard({ cue, voice, place, heard }: Running, sound: SoundDefinition): void {
    if (voice === null) return;
    const { volume } = levelOf(cue, sound);
    const follows = place?.follows ?? false;
    const rung = heard?.rung ?? 'exact';
    const { event } = cue;
    parts.onHeard({ asked: cue.sound.definition, rung, sound, event, voice, volume, follows });
  }

  /** An ambience begins by itself. */
  function tellAmbience(one: Running): void {
    if (one.told || one.heard !== null || !one.voice?.playing) return;
    one.told = true;
    const { cue } = one;
    const { prompt, requests } = cue.pool;
    const facts = { prompt, seed: requests[0]?.seed ?? 0, latencyMs: 0 };
    const source = requests.some(takes.isBaked) ? 'baked' : 'memory';
    tellHeard(one, one.sound.definition);
    report({ ...occasionOf(cue), kind: 'played', rung: 'exact', source, ...facts });
  }

  /** What plays once may not begin when its event has long been going on. */
  function isTooLate({ sound: { definition }, beganAt }: Running): boolean {
    return !definition.loop && now() - beganAt > definition.lateness + PLACE_TIME;
  }

  function steer(one: Running, event: SceneEvent): void {
    one.cue = { ...one.cue, event: snapshot(event) };
    if (one.voice === null) return;
    const { volume, pitch } = levelOf(one.cue, (one.heard?.sound ?? one.sound).definition);
    one.voice.setVolume(volume, CONTROL_RAMP);
    one.voice.setPitch(pitch, CONTROL_RAMP);
  }

  function end(one: Running): void {
    one.over = true;
    running.delete(one.key);
    const { voice, place } = one;
    if (place === null) return;
    if (voice !== null) fadeOut(voice, place.outlet);
    else place.outlet.dispose();
  }

  /** The end of its voice disposes the outlet. */
  function fadeOut(voice: LastingVoice, outlet: Outlet): void {
    voice.stop(END_FADE);
    ending.add(outlet);
    void voice.ended.then(() => ending.delete(outlet));
  }

  function tellOnce(one: Running, reason: MissReason): void {
    if (one.told) return;
    one.told = true;
    report(missedOf(one.cue, reason));
  }

  return {
    beginOrChange,
    end(active, event) {
      const one = running.get(keyOf(active, event));
      if (one !== undefined) end(one);
    },
    endAll(active) {
      for (const one of running.values()) if (one.sound === active) end(one);
    },
    tick() {
      for (const one of running.values()) {
        start(one);
        one.voice?.update?.();
        tellAmbience(one);
      }
    },
    get running() {
      return [...running.values()].map(stateOf);
    },
    dispose() {
      for (const one of running.values()) end(one);
      for (const outlet of ending) outlet.dispose();
    },
  };
}

/** The same lasting event of the same sound has the same key. */
function keyOf({ given }: ActiveSound, event: SceneEvent): string {
  return `${given.name} ${lastingKey(event)}`;
}

function stateOf({ key, sound, cue, voice, heard }: Running): LoopState {
  return {
    key,
    sound: sound.definition,
    event: cue.event,
    prompt: heard?.pool.prompt ?? cue.pool.prompt,
    rung: heard?.rung ?? null,
    playing: voice?.playing ?? false,
  };
}
