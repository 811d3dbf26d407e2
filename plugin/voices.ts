/**
 * Voices: how many clips play at once, and how they begin and end.
 *
 *   AudioBufferSourceNode (pitch, loop points) ──▶ GainNode (volume, fades) ──▶ emitter input
 *
 * Main thread; allocates two nodes a voice. At most maxVoices play, and with those that fade out twice as many. When all are taken the
 * weakest goes, least priority first, then quietest at the listener (to the decibel), then oldest; a newcomer that is
 * weaker still does not start. Nothing starts while the context is suspended, so nothing is let loose by a late unlock.
 */
import type { Seconds } from '../runtime/contract.ts';

/** Fade of a voice that is stopped or stolen: short enough to be a stop, long enough not to click. */
export const STOP_FADE: Seconds = 0.01;

/** Why a voice did not start. */
export type VoiceRefusal = 'suspended' | 'crowded';

/** One playing clip. */
export interface Voice {
  /** null when it started; else why it never did, and `ended` is resolved. */
  readonly refusal: VoiceRefusal | null;
  /** False once it has ended or begun to fade out. */
  readonly playing: boolean;
  /** Resolves when the last sample is out, by itself or by `stop`; never rejects. */
  readonly ended: Promise<void>;
  /** @param fade seconds, ≥ 0; default 0.01. Stopping twice is fine, the sooner end counts. */
  stop(fade?: Seconds): void;
}

export interface VoiceRequest {
  /** null where there is no sound; the voice then lasts `duration` all the same. */
  buffer: AudioBuffer | null;
  destination: AudioNode | null;
  duration: Seconds;
  /** Linear, ≥ 0. */
  volume: number;
  /** Semitones; 12 is twice as fast. */
  pitch: number;
  /** Loop points in seconds; null plays once. */
  loop: { start: Seconds; end: Seconds } | null;
  /** Higher stays longer. */
  priority: number;
  /** Called once the voice has a place, before it starts. @returns how long to wait, ≥ 0. */
  prepare: () => Seconds;
  /** Gain by distance, 0 to 1, asked when a voice has to go. */
  distanceGain: () => number;
}

export interface Voices {
  /** Never throws for a full house or a suspended context: look at `refusal`. */
  start(request: VoiceRequest): Voice;
  /** Voices stopped to make room, so far. */
  readonly stolen: number;
  /** Playing or fading. */
  readonly sounding: number;
  /** Fades all out; resolves when they are silent. */
  stopAll(): Promise<void>;
}

export interface VoicesOptions {
  context: BaseAudioContext | null;
  /** Whole number ≥ 1. */
  maxVoices: number;
  isRunning: () => boolean;
  /** The clock where there is no context. */
  now: () => Seconds;
}

/** The side of a voice that sounds. */
interface Tone {
  fade(from: number, at: Seconds, seconds: Seconds): void;
  dispose(): void;
}

interface LiveVoice extends Voice {
  readonly request: VoiceRequest;
  readonly startsAt: Seconds;
  endsAt: Seconds;
  finish(): void;
}

/** @throws RangeError when maxVoices is no whole number ≥ 1. */
export function createVoices(options: VoicesOptions): Voices {
  const { context, maxVoices, isRunning } = options;
  if (!Number.isInteger(maxVoices) || maxVoices < 1) {
    throw new RangeError(
      `voices: maxVoices must be a whole number from 1, got ${maxVoices}. 32 suits most games.`,
    );
  }
  const clock = () => (context === null ? options.now() : context.currentTime);
  const live = new Set<LiveVoice>();
  let stolen = 0;

  /** @returns whether there is room, having made it if need be. */
  function makeRoom(request: VoiceRequest): boolean {
    const now = clock();
    for (const voice of live) if (voice.endsAt <= now) voice.finish();
    const playing = [...live].filter((voice) => voice.playing);
    if (live.size >= 2 * maxVoices) return false;
    if (playing.length < maxVoices) return true;
    const weakest = playing.reduce((a, b) => (weaker(b, a) ? b : a));
    if (compare(request, weakest.request) < 0) return false;
    stolen += 1;
    weakest.stop();
    return true;
  }

  return {
    get stolen() {
      return stolen;
    },
    get sounding() {
      return live.size;
    },
    start(request) {
      checkRequest(request);
      if (!isRunning()) return refused('suspended');
      if (!makeRoom(request)) return refused('crowded');
      const voice = createVoice(request, context, clock, () => live.delete(voice));
      live.add(voice);
      return voice;
    },
    async stopAll() {
      for (const voice of live) voice.stop();
      await Promise.all([...live].map((voice) => voice.ended));
    },
  };
}

function createVoice(
  request: VoiceRequest,
  context: BaseAudioContext | null,
  clock: () => Seconds,
  onEnd: () => void,
): LiveVoice {
  const delay = request.prepare();
  const startsAt = clock() + delay;
  const lasts = request.loop === null ? request.duration / rateOf(request.pitch) : Infinity;
  let fade: { from: number; at: Seconds; seconds: Seconds } | null = null;
  let resolve = () => {};
  const ended = new Promise<void>((done) => {
    resolve = done;
  });
  const voice: LiveVoice = {
    request,
    startsAt,
    endsAt: startsAt + lasts,
    refusal: null,
    ended,
    get playing() {
      return fade === null && clock() < voice.endsAt;
    },
    stop(wanted = STOP_FADE) {
      const at = clock();
      const seconds = Math.min(wanted, voice.endsAt - at);
      if (!(seconds >= 0)) return;
      const from = fade === null ? request.volume : fadedTo(fade, at);
      fade = { from, at, seconds };
      voice.endsAt = at + seconds;
      tone.fade(from, at, seconds);
    },
    finish() {
      if (voice.endsAt > clock()) voice.endsAt = clock();
      tone.dispose();
      onEnd();
      resolve();
    },
  };
  const tone = context === null ? silentTone(voice, delay) : soundingTone(voice, context);
  return voice;
}

function soundingTone(voice: LiveVoice, context: BaseAudioContext): Tone {
  const { request, startsAt } = voice;
  const source = context.createBufferSource();
  const gain = context.createGain();
  source.buffer = request.buffer;
  source.playbackRate.value = rateOf(request.pitch);
  gain.gain.value = request.volume;
  if (request.loop !== null) {
    source.loop = true;
    source.loopStart = request.loop.start;
    source.loopEnd = request.loop.end;
  }
  source.connect(gain);
  if (request.destination !== null) gain.connect(request.destination);
  source.onended = () => voice.finish();
  source.start(startsAt);
  return {
    fade(from, at, seconds) {
      gain.gain.cancelScheduledValues(0);
      gain.gain.setValueAtTime(from, at);
      gain.gain.linearRampToValueAtTime(0, at + seconds);
      source.stop(at + seconds);
    },
    dispose() {
      source.onended = null;
      source.disconnect();
      gain.disconnect();
    },
  };
}

/** Without a context a timer tells the end; it keeps no Node process alive. */
function silentTone(voice: LiveVoice, delay: Seconds): Tone {
  const timer = (seconds: Seconds) => {
    if (seconds === Infinity) return undefined;
    const handle: unknown = setTimeout(() => voice.finish(), seconds * 1000);
    (handle as { unref?: () => void }).unref?.();
    return handle as ReturnType<typeof setTimeout>;
  };
  let handle = timer(voice.endsAt - voice.startsAt + delay);
  return {
    fade(_from, _at, seconds) {
      clearTimeout(handle);
      handle = timer(seconds);
    },
    dispose: () => clearTimeout(handle),
  };
}

function refused(refusal: VoiceRefusal): Voice {
  return { refusal, playing: false, ended: Promise.resolve(), stop: () => {} };
}

function weaker(a: LiveVoice, b: LiveVoice): boolean {
  return (compare(a.request, b.request) || a.startsAt - b.startsAt) < 0;
}

/** Negative when a is weaker than b. */
function compare(a: VoiceRequest, b: VoiceRequest): number {
  return a.priority - b.priority || loudness(a) - loudness(b);
}

/** Whole decibels at the listener, so that nearly equal voices go by age; at least −120. */
function loudness(request: VoiceRequest): number {
  return Math.round(20 * Math.log10(Math.max(1e-6, request.volume * request.distanceGain())));
}

function fadedTo(fade: { from: number; at: Seconds; seconds: Seconds }, now: Seconds): number {
  if (fade.seconds === 0) return 0;
  return fade.from * Math.max(0, 1 - (now - fade.at) / fade.seconds);
}

function rateOf(pitch: number): number {
  return 2 ** (pitch / 12);
}

function checkRequest({ volume, pitch, priority }: VoiceRequest): void {
  if (!(volume >= 0 && volume < Infinity)) throw refusal('volume', 'at least 0', volume);
  if (!(Math.abs(pitch) <= 48)) throw refusal('pitch', 'from -48 to 48 semitones', pitch);
  if (!Number.isFinite(priority)) throw refusal('priority', 'finite', priority);
}

function refusal(field: string, limit: string, value: number): RangeError {
  return new RangeError(`voices: ${field} must be ${limit}, got ${value}. Correct the options.`);
}
