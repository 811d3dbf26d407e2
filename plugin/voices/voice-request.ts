/** What a voice is asked to play: a whole clip, or parts of one that is still being made. */
import type { Seconds, SoundPart } from '../../runtime/contract.ts';
import type { VoiceLimit } from '../sound-definition.ts';

export interface VoicePlace {
  destination: AudioNode | null;
  /** Linear, ≥ 0. */
  volume: number;
  /** Semitones; 12 is twice as fast. */
  pitch: number;
  /** Higher stays longer. */
  priority: number;
  /** Called once the voice has a place, before it starts. @returns how long to wait, ≥ 0. */
  prepare: () => Seconds;
  /** Gain by distance, 0 to 1, asked when a voice has to go. */
  distanceGain: () => number;
  /** Metres from the ear, asked when the farthest has to go; absent: 0. */
  distance?: (() => number) | undefined;
  /** Voices that count together, as all of one sound; absent: counts with all voices only. */
  group?: { readonly name: string; readonly limit: VoiceLimit } | undefined;
}

export interface VoiceRequest extends VoicePlace {
  /** null where there is no sound; the voice then lasts `duration` all the same. */
  buffer: AudioBuffer | null;
  duration: Seconds;
  /** Loop points in seconds; null plays once. */
  loop: { start: Seconds; end: Seconds } | null;
  /** Of a loop: out of range, or crowded out, it goes on without nodes; absent: it does not. */
  virtual?: VirtualPlace | undefined;
  /** Absent: 0, it begins with its first sample as it is. */
  fadeIn?: Seconds | undefined;
  /** Seconds into the clip where it begins; absent: 0. */
  offset?: Seconds | undefined;
}

export interface VirtualPlace {
  /** How far of its range the ear is: 0 here, above 1 out of range. */
  reach: () => number;
  /** Told when it loses its nodes (true) and gets new ones (false). */
  onVirtual: (virtual: boolean) => void;
}

export interface StreamRequest extends VoicePlace {
  /** At least one, all of one sample rate. */
  parts: readonly SoundPart[];
  /** How long to wait before the first of them, ≥ 0. */
  wait: Seconds;
}
