/**
 * Director: which sound a scene event makes, now or not at all.
 *
 *   event ── sound-set ──▶ sound ─ impulse, when, cooldown, slots ─▶ cue ──▶ one-shots   once
 *                                                                     └──▶ loops       from its begin to its end
 *
 * Nothing waits and nothing throws: what comes too late is silence and one warning. Everything is bounded: prompts remembered,
 * pairs in cooldown, requests in the background, lasting events, sounds that begin in one task.
 */
import type { Seconds } from '../runtime/contract.ts';
import type { HeardVoice } from './captions/caption-feed.ts';
import { type ActiveSound, chooseTakes, isCoolingDown } from './director/active-sound.ts';
import type { Bound } from './director/binding-index.ts';
import { createCue } from './director/cue.ts';
import { createLadder } from './director/ladder.ts';
import { createLastingEvents } from './director/lasting-events.ts';
import { createLoops, type Loops } from './director/loops.ts';
import { createOneShots } from './director/one-shots.ts';
import { createPlays, type Plays } from './director/plays.ts';
import type { DirectorReport } from './director/report.ts';
import { type CollisionRule, soundOfRule } from './director/rule.ts';
import { createSoundSet, type SoundSet } from './director/sound-set.ts';
import type { Stage } from './emitter/stage.ts';
import { messageOf } from './message-of.ts';
import { sayFew } from './say-few.ts';
import type { SceneEvent } from './scene-event.ts';
import type { EventBinding, TakeChoice } from './sound-definition.ts';
import { createBackground, type PendingRequest } from './takes/background.ts';
import type { TakeLibrary } from './takes.ts';

export type { DirectorReport, MissReason } from './director/report.ts';
export type { CollisionRule } from './director/rule.ts';

export interface DirectorParts {
  takes: TakeLibrary;
  stage: Stage;
  /** null: no sound. */
  context: BaseAudioContext | null;
  now: () => Seconds;
  /** False while a voice could not begin. */
  isRunning: () => boolean;
  /** The same seed and the same events choose the same takes. */
  sessionSeed: number;
  /** Whether sounds may be heard that are only now being made. */
  stream: boolean;
  /** Aborted when everything is disposed. */
  signal: AbortSignal;
  /** Which events are wanted, whenever that changes. */
  onBindings: (bindings: readonly EventBinding[]) => void;
  /** A voice began. */
  onHeard: (heard: HeardVoice) => void;
  report: (report: DirectorReport) => void;
  warn: (message: string) => void;
}

export interface Director {
  readonly sounds: SoundSet;
  readonly loops: Loops;
  /** Sounds that the game asks for by name. */
  readonly play: Plays['play'];
  /** @returns takes the rule back. @throws RangeError for a bad template or number. */
  addRule(rule: CollisionRule): () => void;
  handle(event: SceneEvent): void;
  /** Sounds to make takes of ahead: all but rules, which say less of what they are for. */
  prepared(): ActiveSound[];
  /** Call it a few times a second: loops that could not begin are tried again. */
  tick(): void;
  /** Other takes of a sound from now on. */
  chooseTakes(sound: ActiveSound, takes: TakeChoice): void;
  /** What is being made in the background. */
  readonly pending: Iterable<PendingRequest>;
  /** Events that came too soon after the last sound of their pair, so far. */
  readonly cooledDown: number;
  /** Background requests given up because too many waited, so far. */
  readonly dropped: number;
  dispose(): void;
}

/** Different warnings of one sound about its slots and conditions; a thousand materials are no thousand warnings. */
const MAX_WARNINGS = 8;

export function createDirector(parts: DirectorParts): Director {
  const { takes, now, stage, report } = parts;
  const warnUnmade = sayFew(parts.warn);
  const warnSilent = sayFew(parts.warn, 4 * MAX_WARNINGS);
  let cooledDown = 0;
  let dropped = 0;
  let events = 0;
  let rules = 0;
  let disposed = false;
  const ofRules = new Set<string>();
  const background = createBackground({
    takes,
    now,
    onDropped: () => {
      dropped += 1;
    },
    onFailed: ({ request: { prompt, seed }, sound }, error, latencyMs) => {
      report({ kind: 'failed', sound, event: null, point: null, prompt, seed, error, latencyMs });
      warnUnmade(`director: no take of "${prompt}" could be made. ${messageOf(error)}`);
    },
    onMade: () => loops.tick(),
  });
  const lasting = createLastingEvents();
  const sounds = createSoundSet({
    onChange(gone) {
      for (const sound of gone) loops.endAll(sound);
      const all = [...sounds.all].map(({ given }) => given);
      stage.use(all);
      parts.onBindings(all.flatMap(({ on }) => on));
      for (const event of lasting.all) sounds.match(event, visitWhile);
    },
  });
  const ladder = createLadder({ takes, background, soundNamed: sounds.named });
  const oneShots = createOneShots({ ...parts, background, ladder, warn: sayFew(parts.warn) });
  const loops = createLoops({ ...parts, background, ladder, warn: sayFew(parts.warn) });
  const plays = createPlays({ ...parts, background, ladder });

  /** What lasts already begins to sound. */
  function visitWhile(bound: Bound<ActiveSound>, event: SceneEvent): void {
    if (bound.binding.when === 'while') visit(bound, event);
  }

  function visit({ sound, binding }: Bound<ActiveSound>, event: SceneEvent): void {
    if (event.phase !== 'once') lasting.note(event);
    try {
      if (binding.when === 'while') last(sound, event);
      else once(sound, event);
    } catch (error) {
      const { name, prompt } = sound.given;
      const occasion = { sound: name, event: event.kind, point: event.point };
      report({ kind: 'failed', ...occasion, prompt, seed: 0, error, latencyMs: 0 });
      warnOnce(sound, messageOf(error));
    }
  }

  function warnOnce({ given, warned }: ActiveSound, message: string): void {
    if (warned.has(message) || warned.size >= MAX_WARNINGS) return;
    warned.add(message);
    warnSilent(`director: "${given.name}" is silent. ${message}`);
  }

  function once(sound: ActiveSound, event: SceneEvent): void {
    if (sound.lastEvent === events || !isFor(sound, event)) return;
    sound.lastEvent = events;
    if (isCoolingDown(sound, event, now())) cooledDown += 1;
    else oneShots.play(createCue(sound, event, parts.sessionSeed));
  }

  function last(sound: ActiveSound, event: SceneEvent): void {
    if (event.phase === 'end') loops.end(sound, event);
    else if (isFor(sound, event)) loops.beginOrChange(sound, event);
  }

  return {
    sounds,
    loops,
    play: plays.play,
    get pending() {
      return background.pending;
    },
    get cooledDown() {
      return cooledDown;
    },
    get dropped() {
      return dropped;
    },
    addRule(rule) {
      rules += 1;
      const name = `rule ${rules}`;
      const remove = sounds.add(soundOfRule(name, rule), rule.when);
      ofRules.add(name);
      return () => {
        ofRules.delete(name);
        remove();
      };
    },
    handle(event) {
      if (disposed) return;
      events += 1;
      if (event.kind === 'event') lasting.note(event); // the game's: nobody tells of it again when a sound for it is added
      sounds.match(event, visit);
    },
    prepared: () => [...sounds.all].filter(({ given }) => !ofRules.has(given.name)),
    tick: loops.tick,
    chooseTakes,
    dispose() {
      disposed = true;
      lasting.clear();
      oneShots.dispose();
      loops.dispose();
      background.dispose();
    },
  };
}

function isFor({ definition, when }: ActiveSound, event: SceneEvent): boolean {
  if (event.kind === 'collision' && !(event.impulse >= definition.minImpulse)) return false;
  return when === null || when(event);
}
