/**
 * A sound map as the plugin uses it: complete, checked, every default filled in. Types only.
 *
 *   sounds.yaml ── sound-map.ts (schema, defaults, errors with lines) ──▶ SoundMap ──▶ director, voices, mixer, captions
 *
 * Code may write the same things: whatever a sound map can say, `foley.addSound` can.
 */
import type { Seconds } from '../runtime/contract.ts';
import type { SceneEventKind } from './scene-event.ts';

export interface SoundMap {
  /** File name or URL, for messages. */
  readonly source: string;
  readonly sounds: ReadonlyMap<string, SoundDefinition>;
  /** Always holds 'main', which all others lead to. */
  readonly buses: ReadonlyMap<string, BusDefinition>;
  readonly zones: ReadonlyMap<string, ZoneDefinition>;
  readonly space: SpaceOptions;
}

export interface SoundDefinition {
  readonly name: string;
  /** '{weight} footstep on {surface}'. */
  readonly prompt: string;
  /** In the order they are declared; later ones are given up first when a coarser prompt has to do. */
  readonly slots: ReadonlyMap<string, SlotDefinition>;
  /** Of the generated clip, 0.1 to 10. */
  readonly duration: Seconds;
  /** Takes of each prompt, a whole number from 1 to 64; never the same twice in a row where there are two. */
  readonly variations: number;
  readonly takes: TakeChoice;
  /** Least time between two sounds of the same pair of objects, 0 to 3600. */
  readonly cooldown: Seconds;
  /** Newton seconds, ≥ 0; a softer collision is silent. */
  readonly minImpulse: number;
  /** How late after the event a sound may begin that is only now being made, 0 to 10. */
  readonly lateness: Seconds;
  /** Linear, 0 to 100. */
  readonly volume: number;
  /** Semitones, −48 to 48. */
  readonly pitch: number;
  /** Drawn anew for each voice, up and down, evenly: semitones 0 to 24 and decibels 0 to 24. */
  readonly jitter: { readonly pitch: number; readonly volume: number };
  readonly voices: VoiceLimit;
  /** Higher is generated sooner and stolen later. */
  readonly priority: number;
  /** A loop out of range, or crowded out, goes on without a voice and comes back where it would be. */
  readonly virtual: boolean;
  /** null: not in space, the same in both ears. */
  readonly attenuation: SoundAttenuation | null;
  /** Name of a bus. */
  readonly bus: string;
  /** Send into the zone's reverb, 0 to 1. */
  readonly reverb: number;
  /** Muffled behind walls, if the map's `space.occlusion` is on. */
  readonly occlusion: boolean;
  readonly loop: boolean;
  /** Not one clip round and round: takes cross-faded into each other, new ones made ahead. null: not so. */
  readonly ambience: { readonly crossfade: Seconds } | null;
  /** What a lasting event's number does to its voice, see scene-event.ts. */
  readonly control: readonly Control[];
  /** Shown while it is heard; null shows nothing. */
  readonly caption: string | null;
  /** Name of the sound that plays when no take of this one can. */
  readonly fallback: string | null;
  readonly on: readonly EventBinding[];
}

export interface SlotDefinition {
  /**
   * Where the word comes from: 'intensity', 'speed', 'kind', 'name', 'a.name', 'a.material', 'a.tag', 'a.data.KEY', the same of b,
   * or 'data.KEY'. null: the event's data, b's, then a's, under the slot's own name.
   */
  readonly from: string | null;
  /** The words it may have; empty: any. */
  readonly values: readonly string[];
  /** Used where the scene does not say, says something else, or a coarser prompt has to do; null: none. */
  readonly default: string | null;
}

export interface TakeChoice {
  /** Only this seed plays; null: all of the pool. */
  readonly lock: number | null;
  /** Seeds that never play. The pool has `variations` others. */
  readonly ban: readonly number[];
}

export type StealRule = 'oldest' | 'quietest' | 'farthest' | 'none';

export interface VoiceLimit {
  /** Voices of this sound at once, a whole number ≥ 1. */
  readonly max: number;
  /** Which gives way to a new one; 'none': the new one is left out. */
  readonly steal: StealRule;
  /** Of the one that gives way. */
  readonly fade: Seconds;
}

export interface SoundAttenuation {
  readonly model: DistanceModelType;
  readonly refDistance: number;
  readonly maxDistance: number;
  readonly rolloff: number;
  readonly panningModel: PanningModelType;
  /** Loud in the direction the node looks; angles in degrees, 0 to 360; outerGain 0 to 1. null: all round. */
  readonly cone: {
    readonly inner: number;
    readonly outer: number;
    readonly outerGain: number;
  } | null;
}

/** As `by` goes through `range`, evenly, pitch and volume go through theirs; beyond its ends they stay. */
export interface Control {
  /** 'speed', 'impulse', or the name of a number in the event's data. */
  readonly by: string;
  readonly range: readonly [from: number, to: number];
  /** Semitones on top of the sound's; null: not. */
  readonly pitch: readonly [from: number, to: number] | null;
  /** Linear, times the sound's; null: not. */
  readonly volume: readonly [from: number, to: number] | null;
}

export interface BusDefinition {
  readonly name: string;
  /** Linear, 0 to 100. */
  readonly volume: number;
  /** null for 'main' alone. */
  readonly parent: string | null;
  /** Quieter while another bus is heard; null: never. */
  readonly duck: DuckRule | null;
}

export interface DuckRule {
  /** Name of the bus that is heard. */
  readonly under: string;
  /** Linear, 0 to 1, times this bus's own volume. */
  readonly to: number;
  readonly attack: Seconds;
  readonly release: Seconds;
}

/** A part of the scene. */
export interface ZoneDefinition {
  readonly name: string;
  /** The nodes whose bounds it is; null: everywhere. */
  readonly node: NodeSelector | null;
  /** Names of the sounds that `foley.ready(zone)` prepares; null: all that its nodes can need. */
  readonly sounds: readonly string[] | null;
  /** null: dry. */
  readonly reverb: {
    readonly seconds: Seconds;
    readonly damping: number;
    readonly level: number;
  } | null;
}

/** All off by default. */
export interface SpaceOptions {
  readonly occlusion: boolean;
  readonly reverb: boolean;
  /** 0 is off, 1 natural. */
  readonly doppler: number;
}

/** Which events make a sound. */
export interface EventBinding {
  readonly kind: SceneEventKind;
  /** Of the event, '*' for any letters; null: any. */
  readonly name: string | null;
  /** 'begin': also what happens once. 'while': from its begin to its end. */
  readonly when: 'begin' | 'change' | 'end' | 'while';
  readonly a: NodeSelector | null;
  readonly b: NodeSelector | null;
  /** Marks of an animation group, seconds from its beginning; empty: none. */
  readonly at: readonly Seconds[];
}

/** All that are given must fit; of a list, one. */
export interface NodeSelector {
  /** '*' for any letters. */
  readonly name: readonly string[] | null;
  readonly tag: readonly string[] | null;
  readonly material: readonly string[] | null;
  /** Values in the object's data; `true`: any value but false. */
  readonly data: Readonly<Record<string, string | number | boolean>> | null;
}
