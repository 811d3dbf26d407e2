/**
 * A sound map as it is written, in YAML, JSON or code. Types only; sounds.yaml beside the game has the same fields.
 *
 * These comments are the manual: docs/sound-map.md and the JSON Schema that editors complete from take their words from here
 * (scripts/sound-map-docs.mjs), types and limits from schema.ts, defaults from defaults.ts. `undefined` means default.
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { StealRule } from '../sound-definition.ts';

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
  /** Length of a generated clip, in seconds. */
  duration?: Seconds | undefined;
  /** Takes of each prompt, by seed; never the same twice in a row where there are two. */
  variations?: number | undefined;
  /** Takes that you have chosen or refused. */
  takes?: TakesInput | undefined;
  /** Least time between two sounds of the same pair of objects, in seconds. */
  cooldown?: Seconds | undefined;
  /** A collision with less impulse is silent, in newton seconds. */
  minImpulse?: number | undefined;
  /** How late after its event a sound may begin that is only now being made, in seconds. 0: what is not ready is silent. */
  lateness?: Seconds | undefined;
  /** Linear. */
  volume?: number | undefined;
  /** In semitones. */
  pitch?: number | undefined;
  /** How much pitch and volume differ from voice to voice. */
  jitter?: JitterInput | undefined;
  /** How many at once, and which gives way. A number is short for `{ max: … }`. */
  voices?: number | VoiceLimitInput | undefined;
  /** Higher is generated sooner and stolen later. */
  priority?: number | undefined;
  /** A loop that is out of range or crowded out goes on without a voice, and comes back where it would be. Default: true for loops. */
  virtual?: boolean | undefined;
  /** How it gets quieter with distance; `none`: not in space, the same in both ears. */
  attenuation?: 'none' | AttenuationInput | null | undefined;
  /** Name of the bus it plays on. */
  bus?: string | undefined;
  /** How much of it goes into the zone's reverb. */
  reverb?: number | undefined;
  /** Muffled behind walls, if `space.occlusion` is on. */
  occlusion?: boolean | undefined;
  /** Goes on until its event ends. */
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
  /** At most so many semitones up or down. */
  pitch?: number | undefined;
  /** At most so many decibels louder or quieter. */
  volume?: number | undefined;
}

/** Voices of one sound. */
export interface VoiceLimitInput {
  /** How many at once. */
  max?: number | undefined;
  /** Which gives way to a new one; `none`: the new one is left out. */
  steal?: StealRule | undefined;
  /** How long the one that gives way fades, in seconds. */
  fade?: Seconds | undefined;
}

/** Gain by distance. */
export interface AttenuationInput {
  /** How loudness falls: by the ratio of distances (inverse), in a straight line (linear), or by a power (exponential). */
  model?: DistanceModelType | undefined;
  /** Up to here a sound has its full loudness, in metres. */
  refDistance?: number | undefined;
  /** Beyond, it is not heard (linear) or gets no quieter, in metres; more than refDistance. */
  maxDistance?: number | undefined;
  /** How fast loudness falls. */
  rolloff?: number | undefined;
  /** How left and right are made. */
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
  /** Linear. */
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

/** A mix group. */
export interface BusInput {
  /** Linear. */
  volume?: number | undefined;
  /** Name of the bus it leads to. Default: main. */
  parent?: string | undefined;
  /** Quieter while another bus is heard. */
  duck?: DuckInput | null | undefined;
}

/** Makes room for another bus. */
export interface DuckInput {
  /** Name of the bus that is heard. */
  under: string;
  /** Linear, times this bus's own volume. */
  to?: number | undefined;
  /** How long it takes to get quieter, in seconds. */
  attack?: Seconds | undefined;
  /** How long it takes to come back, in seconds. */
  release?: Seconds | undefined;
}

/** A part of the scene. */
export interface ZoneInput {
  /** The nodes whose bounds it is; without any: everywhere. */
  node?: SelectorInput | null | undefined;
  /** Names of the sounds to prepare. Default: all that its nodes can need. */
  sounds?: string[] | null | undefined;
  /** How it reverberates; a number is its length in seconds. Without: dry. */
  reverb?: number | ReverbInput | null | undefined;
}

/** A room's answer. */
export interface ReverbInput {
  /** Until it is 60 dB quieter, in seconds. */
  seconds: Seconds;
  /** How much faster high tones die away. */
  damping?: number | undefined;
  /** Linear. */
  level?: number | undefined;
}

/** Off unless you switch it on. */
export interface SpaceInput {
  /** What is behind a wall is muffled. */
  occlusion?: boolean | undefined;
  /** Zones reverberate. */
  reverb?: boolean | undefined;
  /** Pitch by speed: 0 is off, 1 natural; true is 1. */
  doppler?: boolean | number | undefined;
}

/** Which events make a sound: exactly one of collision, contact, trigger, collide, action, animationEvent, animationGroup, node, particles, event. */
export type BindingInput =
  | CollisionBinding
  | ContactBinding
  | TriggerBinding
  | CollideBinding
  | ActionBinding
  | AnimationEventBinding
  | AnimationGroupBinding
  | NodeBinding
  | ParticlesBinding
  | CustomBinding;

interface BindingSelectors {
  /** The one that moves or acts; a word or a list is a name. */
  a?: SelectorInput | undefined;
  /** The other one. */
  b?: SelectorInput | undefined;
}

/** Two bodies hit each other. */
export interface CollisionBinding extends BindingSelectors {
  /** Always true. */
  collision: true;
}

/** Two bodies slide or roll on each other. */
export interface ContactBinding extends BindingSelectors {
  /** Which of the two. */
  contact: 'scrape' | 'roll' | 'any';
  /** Which part of it. Default: lasts for loops, else begins. */
  when?: LastingWord | undefined;
}

/** a and the trigger volume b. */
export interface TriggerBinding extends BindingSelectors {
  /** It comes in, goes out, or as long as it is inside. */
  trigger: 'enter' | 'exit' | 'inside';
}

/** a moved against b without physics. */
export interface CollideBinding extends BindingSelectors {
  /** Always true. */
  collide: true;
}

/** Somebody acted on a. */
export interface ActionBinding extends BindingSelectors {
  /** What was done, see Babylon's ActionManager. */
  action: ActionWord;
}

/** A mark of an animation was passed. */
export interface AnimationEventBinding extends BindingSelectors {
  /** Its name; `*` for any letters. */
  animationEvent: string;
}

/** An animation plays. */
export interface AnimationGroupBinding extends BindingSelectors {
  /** Its name; `*` for any letters. */
  animationGroup: string;
  /** Which part of it. Default: playing for loops, else plays. */
  when?: 'plays' | 'loops' | 'ends' | 'playing' | undefined;
  /** Instead of `when`: at these times after its beginning, in seconds; one or a list. */
  at?: Seconds | Seconds[] | undefined;
}

/** a is in the scene and enabled. */
export interface NodeBinding extends BindingSelectors {
  /** It comes, it goes, or as long as it is there. */
  node: 'appears' | 'vanishes' | 'present';
}

/** a emits particles. */
export interface ParticlesBinding extends BindingSelectors {
  /** It begins, it ends, or as long as it does. */
  particles: 'starts' | 'stops' | 'emits';
  /** Of the particle system; `*` for any letters. Default: any. */
  name?: string | undefined;
}

/** The game says so: `foley.trigger(name)` or `foley.begin(name)`. */
export interface CustomBinding extends BindingSelectors {
  /** Its name; `*` for any letters. */
  event: string;
  /** Which part of it. Default: lasts for loops, else begins. */
  when?: LastingWord | undefined;
}

export type LastingWord = 'begins' | 'changes' | 'ends' | 'lasts';

export type ActionWord =
  | 'pick'
  | 'pickDown'
  | 'pickUp'
  | 'doublePick'
  | 'longPress'
  | 'pointerOver'
  | 'pointerOut'
  | 'intersectionEnter'
  | 'intersectionExit'
  | 'keyDown'
  | 'keyUp';

/** Things of the scene: a word or a list of words are names, `*` stands for any letters. */
export type SelectorInput = string | string[] | SelectorFields;

/** All that are given must fit; of a list, one. */
export interface SelectorFields {
  /** Of the node; `*` for any letters. */
  name?: string | string[] | undefined;
  /** One of its tags. */
  tag?: string | string[] | undefined;
  /** Of its material. */
  material?: string | string[] | undefined;
  /** Values in its metadata or glTF extras; true: any value but false. */
  data?: Record<string, string | number | boolean> | undefined;
}
