/** Buses, zones and the space as they are written. Types only; see input.ts. */
import type { Seconds } from '../../runtime/contract.ts';
import type { SelectorInput } from './binding-input.ts';

/** A mix group. */
export interface BusInput {
  /**
   * Linear.
   * @defaultValue 1
   */
  volume?: number | undefined;
  /**
   * Name of the bus it leads to.
   * @defaultValue 'main'
   */
  parent?: string | undefined;
  /** Quieter while another bus is heard. */
  duck?: DuckInput | null | undefined;
}

/** Makes room for another bus. */
export interface DuckInput {
  /** Name of the bus that is heard. */
  under: string;
  /**
   * Linear, times this bus's own volume.
   * @defaultValue 0.4
   */
  to?: number | undefined;
  /**
   * How long it takes to get quieter, in seconds.
   * @defaultValue 0.05
   */
  attack?: Seconds | undefined;
  /**
   * How long it takes to come back, in seconds.
   * @defaultValue 0.5
   */
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
  /**
   * How much faster high tones die away.
   * @defaultValue 0.5
   */
  damping?: number | undefined;
  /**
   * Linear.
   * @defaultValue 0.3
   */
  level?: number | undefined;
}

/** Off unless you switch it on. */
export interface SpaceInput {
  /**
   * What is behind a wall is muffled.
   * @defaultValue false
   */
  occlusion?: boolean | undefined;
  /**
   * Zones reverberate.
   * @defaultValue false
   */
  reverb?: boolean | undefined;
  /**
   * Pitch by speed: 0 is off, 1 natural; true is 1.
   * @defaultValue 0
   */
  doppler?: boolean | number | undefined;
}
