/**
 * PCM → emitter: our voices in front of a place.
 *
 *   take, or parts ──▶ voice ──▶ place (sound-place.ts), audible while any voice is
 */
import type { Seconds, SoundPart } from '../../runtime/contract.ts';
import type { SoundPlace } from '../mixer/sound-place.ts';
import type { Point } from '../scene-event.ts';
import type { Playable } from '../takes.ts';
import type { VoicePlace } from '../voices/voice-request.ts';
import type { StreamVoice, Voice, Voices } from '../voices.ts';

export interface OutletRequest {
  volume: number;
  pitch: number;
  priority: number;
  loop: boolean;
  point?: Point | undefined;
  /** Of a whole clip: seconds into it where it begins, default 0. */
  offset?: Seconds | undefined;
  /** Where the voice leads instead of the outlet's input; it leads there in the end. */
  into?: AudioNode | undefined;
  /** Voices that count together, see VoicePlace. */
  group?: VoicePlace['group'];
  /** Of a loop: out of range, or crowded out, it goes on without nodes; default false. */
  virtual?: boolean | undefined;
  /** Of a whole clip, default 0. */
  fadeIn?: Seconds | undefined;
}

export interface Outlet {
  readonly ready: Promise<void>;
  /** Where voices lead; null where there is no sound. */
  readonly input: AudioNode | null;
  /** Whether any voice plays. */
  readonly playing: boolean;
  start(playable: Playable, request: OutletRequest): Voice;
  /** @param wait before the first of the parts sounds */
  stream(parts: SoundPart[], wait: Seconds, request: OutletRequest): StreamVoice;
  /** Distance as part of maxDistance: beyond 1 it is silent. @param point where it will be; default where it is */
  reach(point?: Point): number;
  /** Fades out what sounds here. */
  stop(): void;
  dispose(): void;
}

export function createOutlet(place: SoundPlace, voices: Voices): Outlet {
  const sounding = new Set<Voice>();
  let disposed = false;

  function onEnded(voice: Voice): void {
    sounding.delete(voice);
    if (sounding.size === 0 && disposed) place.dispose();
    else tellAudible();
  }

  function tellAudible(): void {
    if (!disposed) place.setAudible([...sounding].some((voice) => !voice.virtual));
  }

  function voicePlaceOf(request: OutletRequest): VoicePlace {
    const { volume, pitch, priority, group, point, into } = request;
    return {
      destination: into ?? place.input,
      volume,
      pitch,
      priority,
      group,
      prepare: () => place.place(point),
      distanceGain: () => place.distanceGain(point),
      distance: () => place.distance(point),
    };
  }

  function track<V extends Voice>(voice: V): V {
    if (voice.refusal !== null) return voice;
    sounding.add(voice);
    tellAudible();
    void voice.ended.then(() => onEnded(voice));
    return voice;
  }

  place.onBend((semitones, seconds) => {
    for (const voice of sounding) voice.bend(semitones, seconds);
  });

  return {
    ready: place.ready,
    input: place.input,
    get playing() {
      return sounding.size > 0;
    },
    reach: place.reach,
    start({ take, buffer, duration }, request) {
      const loop = request.loop ? (take.loop ?? { start: 0, end: duration }) : null;
      const { fadeIn, offset, point } = request;
      const virtual = request.virtual
        ? { reach: () => place.reach(point), onVirtual: tellAudible }
        : undefined;
      const where = voicePlaceOf(request);
      return track(voices.start({ ...where, buffer, duration, loop, virtual, fadeIn, offset }));
    },
    stream: (parts, wait, request) =>
      track(voices.stream({ ...voicePlaceOf(request), parts, wait })),
    stop() {
      for (const voice of sounding) voice.stop();
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const voice of sounding) voice.stop();
      if (sounding.size === 0) place.dispose();
    },
  };
}
