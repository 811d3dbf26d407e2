/**
 * One voice: from its first sample to its last, louder and softer, higher and lower, and out.
 *
 *   start ──▶ playing ── setVolume, setPitch ──▶ playing ── stop ──▶ fading ──▶ ended
 *
 * Main thread. A voice keeps the books on a tone (tones.ts, stream-tone.ts), which does the sounding.
 */
import type { Seconds } from '../../runtime/contract.ts';
import { createPlayhead } from './playhead.ts';
import { type Ramp, valueAt } from './ramp.ts';
import { rateOf, type Tone, type ToneVoice } from './tones.ts';
import type { Claim, Rival } from './voice-order.ts';
import type { VoicePlace } from './voice-request.ts';

/** Fade of a voice that is stopped or stolen: short enough to be a stop, long enough not to click. */
export const STOP_FADE: Seconds = 0.01;
/** A change of volume or pitch takes at least this long. */
export const LEAST_RAMP: Seconds = 0.01;

/** Why a voice did not start. */
export type VoiceRefusal = 'suspended' | 'crowded';

/** One playing clip. */
export interface Voice {
  /** null when it started; else why it never did, and `ended` is resolved. */
  readonly refusal: VoiceRefusal | null;
  /** False once it has ended or begun to fade out. */
  readonly playing: boolean;
  /** A loop that plays but is not heard: it is out of range, or others had all places. Its time goes on. */
  readonly virtual: boolean;
  /** Resolves when the last sample is out, by itself or by `stop`; never rejects. */
  readonly ended: Promise<void>;
  /** @param volume linear, 0 to 100, instead of the one it began with. @param seconds default and at least 0.01 */
  setVolume(volume: number, seconds?: Seconds): void;
  /**
   * A clip that is still being made keeps its pitch.
   * @param pitch semitones, −48 to 48, instead of the one it began with. @param seconds default and at least 0.01
   */
  setPitch(pitch: number, seconds?: Seconds): void;
  /** Semitones on top of the pitch, as Doppler's effect has it. */
  bend(semitones: number, seconds?: Seconds): void;
  /** @param fade seconds, ≥ 0; default 0.01. Stopping twice is fine, the sooner end counts. */
  stop(fade?: Seconds): void;
}

export interface LiveVoice extends Voice, ToneVoice, Rival {
  readonly group: string | null;
  /** Somebody else needs its place. */
  giveWay(): void;
}

export interface VoiceMaking<T extends Tone> {
  place: VoicePlace;
  delay: Seconds;
  /** Seconds of the clip; Infinity of a loop, or as long as nobody knows. */
  duration: Seconds;
  createTone: (voice: LiveVoice) => T;
  clock: () => Seconds;
  onStolen: (voice: LiveVoice) => void;
  onEnd: (voice: LiveVoice) => void;
}

export function createVoice<T extends Tone>(making: VoiceMaking<T>): { voice: LiveVoice; tone: T } {
  const { place, delay, duration, clock } = making;
  const startsAt = clock() + delay;
  const playhead = createPlayhead(startsAt, rateOf(place.pitch));
  let { volume, pitch } = place;
  let bent = 0;
  let fade: Ramp | null = null;
  let resolve = () => {};
  const ended = new Promise<void>((done) => {
    resolve = done;
  });

  function setRate(seconds: Seconds): void {
    const at = clock();
    playhead.setRate(rateOf(pitch + bent), at, seconds);
    if (duration < Infinity) voice.endsAt = playhead.timeOf(duration);
    tone.setRate(rateOf(pitch + bent), at, seconds);
  }

  const voice: LiveVoice = {
    ...claimOf(place),
    get volume() {
      return volume;
    },
    group: place.group?.name ?? null,
    startsAt,
    endsAt: playhead.timeOf(duration),
    refusal: null,
    virtual: false,
    ended,
    get playing() {
      return fade === null && clock() < voice.endsAt;
    },
    setVolume(wanted, seconds = LEAST_RAMP) {
      const next = within(wanted, 0, 100);
      if (next === null || next === volume || fade !== null) return;
      volume = next;
      tone.setVolume(volume, clock(), Math.max(LEAST_RAMP, seconds));
    },
    setPitch(wanted, seconds = LEAST_RAMP) {
      const next = within(wanted, -48, 48);
      if (next === null || next === pitch || fade !== null) return;
      pitch = next;
      setRate(Math.max(LEAST_RAMP, seconds));
    },
    bend(wanted, seconds = LEAST_RAMP) {
      const next = within(wanted, -48, 48);
      if (next === null || next === bent || fade !== null) return;
      bent = next;
      setRate(Math.max(LEAST_RAMP, seconds));
    },
    stop(wanted = STOP_FADE) {
      const at = clock();
      const seconds = Math.min(wanted, voice.endsAt - at);
      if (!(seconds >= 0)) return;
      const from = fade === null ? tone.level(at) : valueAt(fade, at);
      fade = { from, to: 0, at, seconds };
      voice.endsAt = at + seconds;
      tone.fade(from, at, seconds);
    },
    giveWay: () => making.onStolen(voice),
    finish() {
      if (voice.endsAt > clock()) voice.endsAt = clock();
      tone.dispose();
      making.onEnd(voice);
      resolve();
    },
  };
  const tone = making.createTone(voice);
  return { voice, tone };
}

/** What a voice has to say for itself when one has to go. */
export function claimOf({ priority, volume, distanceGain, distance = () => 0 }: VoicePlace): Claim {
  return { priority, volume, distanceGain, distance };
}

export function refusedVoice(refusal: VoiceRefusal): Voice {
  const nothing = () => {};
  return {
    refusal,
    playing: false,
    virtual: false,
    ended: Promise.resolve(),
    setVolume: nothing,
    setPitch: nothing,
    bend: nothing,
    stop: nothing,
  };
}

/** null when it is no number: a voice stays as it is rather than fall silent. */
export function within(value: number, least: number, most: number): number | null {
  return Number.isNaN(value) ? null : Math.min(most, Math.max(least, value));
}
