/**
 * Tones: the side of a voice that sounds; here of a clip that is there as a whole.
 *
 *   AudioBufferSourceNode (pitch, loop points) ──▶ GainNode (volume, fades) ──▶ emitter input
 *
 * Main thread; two nodes a voice. stream-tone.ts plays a clip that is still being made.
 */
import type { Seconds } from '../runtime/contract.ts';
import type { VoicePlace, VoiceRequest } from './voice-request.ts';

export interface Tone {
  /** Linear gain at that time, before any `fade`. */
  level(at: Seconds): number;
  fade(from: number, at: Seconds, seconds: Seconds): void;
  dispose(): void;
}

/** What a tone needs of its voice. */
export interface ToneVoice {
  readonly startsAt: Seconds;
  endsAt: Seconds;
  /** The last sample is out. */
  finish(): void;
}

export function soundingTone(
  voice: ToneVoice,
  request: VoiceRequest,
  context: BaseAudioContext,
): Tone {
  const source = context.createBufferSource();
  const gain = createVolume(request, context);
  source.buffer = request.buffer;
  source.playbackRate.value = rateOf(request.pitch);
  if (request.loop !== null) {
    source.loop = true;
    source.loopStart = request.loop.start;
    source.loopEnd = request.loop.end;
  }
  source.connect(gain);
  source.onended = () => voice.finish();
  source.start(voice.startsAt, request.offset ?? 0);
  return {
    level: () => request.volume,
    fade(from, at, seconds) {
      fadeOut(gain.gain, from, at, seconds);
      source.stop(at + seconds);
    },
    dispose() {
      source.onended = null;
      source.disconnect();
      gain.disconnect();
    },
  };
}

/** @param lasts from now on */
export function silentTone(voice: ToneVoice, { volume }: VoicePlace, lasts: Seconds): Tone {
  const end = createEnd(voice);
  end.set(lasts);
  return {
    level: () => volume,
    fade: (_from, _at, seconds) => end.set(seconds),
    dispose: end.clear,
  };
}

/** Without a context a timer tells the end; it keeps no Node process alive. */
export function createEnd(voice: ToneVoice): { set(seconds: Seconds): void; clear(): void } {
  let handle: ReturnType<typeof setTimeout> | undefined;
  const clear = () => clearTimeout(handle);
  return {
    clear,
    set(seconds) {
      clear();
      if (seconds === Infinity) return;
      handle = setTimeout(() => voice.finish(), seconds * 1000);
      (handle as { unref?: () => void }).unref?.();
    },
  };
}

export function createVolume(
  { volume, destination }: VoicePlace,
  context: BaseAudioContext,
): GainNode {
  const gain = context.createGain();
  gain.gain.value = volume;
  if (destination !== null) gain.connect(destination);
  return gain;
}

export function fadeOut(gain: AudioParam, from: number, at: Seconds, seconds: Seconds): void {
  gain.cancelScheduledValues(0);
  gain.setValueAtTime(from, at);
  gain.linearRampToValueAtTime(0, at + seconds);
}

/** @param pitch semitones @returns seconds of the clip a second of playback takes */
export function rateOf(pitch: number): number {
  return 2 ** (pitch / 12);
}
