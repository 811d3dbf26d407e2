/**
 * A sound map as it is written, in YAML, JSON or code. Types only; sounds.yaml beside the game has the same fields.
 *
 * The comments here, in binding-input.ts and in mix-input.ts are the manual: docs/sound-map.md and the JSON Schema for editors take
 * their words from them (scripts/sound-map-docs.mjs), types and limits from schema.ts, defaults from defaults.ts. `undefined` means
 * default.
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { StealRule } from '../sound-definition.ts';
import type { BindingInput } from './binding-input.ts';
import type { BusInput, SpaceInput, ZoneInput } from './mix-input.ts';

/** The whole file. */
export interface SoundMapInput {
  /** URL of the JSON Schema, for editors of JSON files; otherwise unused. */
  $schema?: string | undefined;
  /** Of this format. */
  version?: 1 | undefined;
  /** What every sound has that does not say otherwise. A sound's field takes the place of the whole field here; slots add up. */
  defaults?: SoundDefaultsInput | undefined;
  /** Each sound by its name. */
  sounds: Record<string, SoundInput>;
  /** Mix groups by their names. A number is a volume. `main` is always there. */
  buses?: Record<string, number | BusInput> | undefined;
  /** Parts of the scene by their names: what `foley.ready(zone)` prepares, and how they reverberate. */
  zones?: Record<string, ZoneInput> | undefined;
  /** What the space does to every sound. */
  space?: SpaceInput | undefined;
}

/** What a sound inherits. */
export type SoundDefaultsInput = Omit<SoundInput, 'prompt' | 'on' | 'takes'>;

/** One sound. */
export interface SoundInput {
  /** What it sounds like, with `{slots}` for what the scene says: "{weight} footstep on {surface}". At most 256 characters when filled. */
  prompt: string;
  /** The words that may stand in the prompt's slots. A list is short for `{ values: […] }`. Later slots are given up first. */
  slots?: Record<string, string[] | SlotInput> | undefined;
  /**
   * Length of a generated clip, in seconds.
   * @defaultValue 1
   */
  duration?: Seconds | undefined;
  /**
   * Takes of each prompt, by seed; never the same twice in a row where there are two.
   * @defaultValue 3
   */
  variations?: number | undefined;
  /** Takes that you have chosen or refused. */
  takes?: TakesInput | undefined;
  /**
   * Least time between two sounds of the same pair of objects, in seconds.
   * @defaultValue 0.1
   */
  cooldown?: Seconds | undefined;
  /**
   * A collision with less impulse is silent, in newton seconds.
   * @defaultValue 0.5
   */
  minImpulse?: number | undefined;
  /**
   * How late after its event a sound may begin that is only now being made, in seconds. 0: what is not ready is silent.
   * @defaultValue 0.12
   */
  lateness?: Seconds | undefined;
  /**
   * Linear.
   * @defaultValue 1
   */
  volume?: number | undefined;
  /**
   * In semitones.
   * @defaultValue 0
   */
  pitch?: number | undefined;
  /** How much pitch and volume differ from voice to voice. */
  jitter?: JitterInput | undefined;
  /** How many at once, and which gives way. A number is short for `{ max: … }`. */
  voices?: number | VoiceLimitInput | undefined;
  /**
   * Higher is generated sooner and stolen later.
   * @defaultValue 0
   */
  priority?: number | undefined;
  /** A loop that is out of range or crowded out goes on without a voice, and comes back where it would be. Default: true for loops. */
  virtual?: boolean | undefined;
  /** How it gets quieter with distance; `none`: not in space, the same in both ears. */
  attenuation?: 'none' | AttenuationInput | null | undefined;
  /**
   * Name of the bus it plays on.
   * @defaultValue 'main'
   */
  bus?: string | undefined;
  /**
   * How much of it goes into the zone's reverb.
   * @defaultValue 1
   */
  reverb?: number | undefined;
  /**
   * Muffled behind walls, if `space.occlusion` is on.
   * @defaultValue true
   */
  occlusion?: boolean | undefined;
  /**
   * Goes on until its event ends.
   * @defaultValue false
   */
  loop?: boolean | undefined;
  /** Takes cross-faded into each other, new ones made ahead, so that it does not repeat. Implies `loop`. */
  ambience?: boolean | AmbienceInput | null | undefined;
  /** What a number of a lasting event does to the voice; one or a list. */
  control?: ControlInput | ControlInput[] | undefined;
  /** Shown while it is heard; without one nothing is shown. */
  caption?: string | null | undefined;
  /** Name of the sound that plays when no take of this one can. */
  fallback?: string | null | undefined;
  /** Which events make it sound; one or a list. */
  on?: BindingInput | BindingInput[] | undefined;
}

/** A slot of a prompt. */
export interface SlotInput {
  /** The words it may have; none: any. */
  values?: string[] | undefined;
  /** Used where the scene does not say, says something else, or a coarser prompt has to do. One of `values`, where there are any. */
  default?: string | null | undefined;
  /**
   * Where the word comes from: intensity, speed, kind, name, a.name, a.material, a.tag, a.data.KEY, the same of b, or data.KEY.
   * Default: the event's data, then b's, then a's, under the slot's own name.
   */
  from?: string | null | undefined;
}

/** Seeds of takes. */
export interface TakesInput {
  /** Only this seed plays. */
  lock?: number | null | undefined;
  /** These seeds never play. */
  ban?: number[] | undefined;
}

/** Drawn anew for each voice, up and down. */
export interface JitterInput {
  /**
   * At most so many semitones up or down.
   * @defaultValue 0
   */
  pitch?: number | undefined;
  /**
   * At most so many decibels louder or quieter.
   * @defaultValue 0
   */
  volume?: number | undefined;
}

/** Voices of one sound. */
export interface VoiceLimitInput {
  /**
   * How many at once.
   * @defaultValue 8
   */
  max?: number | undefined;
  /**
   * Which gives way to a new one; `none`: the new one is left out.
   * @defaultValue 'oldest'
   */
  steal?: StealRule | undefined;
  /**
   * How long the one that gives way fades, in seconds.
   * @defaultValue 0.02
   */
  fade?: Seconds | undefined;
}

/** Gain by distance. */
export interface AttenuationInput {
  /**
   * How loudness falls: by the ratio of distances (inverse), in a straight line (linear), or by a power (exponential).
   * @defaultValue 'inverse'
   */
  model?: DistanceModelType | undefined;
  /**
   * Up to here a sound has its full loudness, in metres.
   * @defaultValue 1
   */
  refDistance?: number | undefined;
  /**
   * Beyond, it is not heard (linear) or gets no quieter, in metres; more than refDistance.
   * @defaultValue 30
   */
  maxDistance?: number | undefined;
  /**
   * How fast loudness falls.
   * @defaultValue 1
   */
  rolloff?: number | undefined;
  /**
   * How left and right are made.
   * @defaultValue 'equalpower'
   */
  panningModel?: PanningModelType | undefined;
  /** Loud in the direction the node looks; without one all round. */
  cone?: ConeInput | null | undefined;
}

/** A direction of a sound. */
export interface ConeInput {
  /** Full loudness within this angle, in degrees. */
  inner: number;
  /** `outerGain` beyond this angle, in degrees; at least `inner`. */
  outer: number;
  /**
   * Linear.
   * @defaultValue 0.25
   */
  outerGain?: number | undefined;
}

/** How takes follow each other. */
export interface AmbienceInput {
  /** Of one take into the next, in seconds, at most half the duration. Default: a quarter of the duration. */
  crossfade?: Seconds | undefined;
}

/** As `by` goes through `range`, evenly, pitch and volume go through theirs; beyond the ends they stay. */
export interface ControlInput {
  /** speed, impulse, or the name of a number in the event's data. */
  by: string;
  /** Of that number: [from, to], two different ones. */
  range: [from: number, to: number];
  /** Semitones on top of the sound's: [from, to]. */
  pitch?: [from: number, to: number] | undefined;
  /** Linear, times the sound's: [from, to]. */
  volume?: [from: number, to: number] | undefined;
}
