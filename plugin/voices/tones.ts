/**
 * Tones: the side of a voice that sounds; here of a clip that is there as a whole.
 *
 *   AudioBufferSourceNode (pitch, loop points) ──▶ GainNode (volume, fades) ──▶ emitter input
 *
 * Main thread; two nodes a voice. stream-tone.ts plays a clip that is still being made.
 */
import type { Seconds } from '../../runtime/contract.ts';
import { type Ramp, schedule, steady, turn, valueAt } from './ramp.ts';
import type { VoicePlace, VoiceRequest } from './voice-request.ts';

export interface Tone {
  /** Linear gain at that time, before any `fade`. */
  level(at: Seconds): number;
  setVolume(volume: number, at: Seconds, seconds: Seconds): void;
  /** A tone that is still being made keeps its rate. @param rate clip seconds a second */
  setRate(rate: number, at: Seconds, seconds: Seconds): void;
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
  const source = createSource(request, context);
  const gain = createVolume(request, context);
  const { fadeIn = 0, volume, pitch } = request;
  let level: Ramp = { from: 0, to: volume, at: voice.startsAt, seconds: fadeIn };
  let rate = steady(rateOf(pitch));
  if (fadeIn > 0) schedule(gain.gain, level);
  source.connect(gain);
  source.onended = () => voice.finish();
  source.start(voice.startsAt, request.offset ?? 0);
  return {
    level: (at) => valueAt(level, at),
    setVolume(to, at, seconds) {
      level = turn(level, to, at, seconds);
      schedule(gain.gain, level);
    },
    setRate(to, at, seconds) {
      rate = turn(rate, to, at, seconds);
      schedule(source.playbackRate, rate);
    },
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

function createSource(
  { buffer, pitch, loop }: VoiceRequest,
  context: BaseAudioContext,
): AudioBufferSourceNode {
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.playbackRate.value = rateOf(pitch);
  if (loop === null) return source;
  source.loop = true;
  source.loopStart = loop.start;
  source.loopEnd = loop.end;
  return source;
}

/** @param lasts from now on */
export function silentTone(voice: ToneVoice, { volume }: VoicePlace, lasts: Seconds): Tone {
  const end = createEnd(voice);
  let level = steady(volume);
  end.set(lasts);
  return {
    level: (at) => valueAt(level, at),
    setVolume(to, at, seconds) {
      level = turn(level, to, at, seconds);
    },
    setRate: (_rate, at) => end.set(voice.endsAt - at),
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
  { volume, destination }: Pick<VoicePlace, 'volume' | 'destination'>,
  context: BaseAudioContext,
): GainNode {
  const gain = context.createGain();
  gain.gain.value = volume;
  if (destination !== null) gain.connect(destination);
  return gain;
}

export function fadeOut(gain: AudioParam, from: number, at: Seconds, seconds: Seconds): void {
  schedule(gain, { from, to: 0, at, seconds });
}

/** @param pitch semitones @returns seconds of the clip a second of playback takes */
export function rateOf(pitch: number): number {
  return 2 ** (pitch / 12);
}
