/**
 * Voices: how many clips play at once, and how they begin and end.
 *
 *   start    a clip that is there          tones.ts         ──▶ emitter input
 *   stream   one that is still being made  stream-tone.ts
 *
 * Main thread. At most maxVoices play, and with those that fade out twice as many. When all are taken the weakest goes,
 * least priority first, then quietest at the listener (to the decibel), then oldest; a newcomer that is weaker still does
 * not start. Nothing starts while the context is suspended, so nothing is let loose by a late unlock.
 */
import type { Seconds } from '../runtime/contract.ts';
import { leadOf, type StreamTone, silentStream, soundingStream } from './stream-tone.ts';
import { rateOf, silentTone, soundingTone, type Tone, type ToneVoice } from './tones.ts';
import type { StreamRequest, VoicePlace, VoiceRequest } from './voice-request.ts';

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

/** The voice of a clip that is still being made: it begins with the parts there are. */
export interface StreamVoice extends Voice, Pick<StreamTone, 'push' | 'close'> {}

/** Where and how a voice sounds. */
export interface Voices {
  /** Never throws for a full house or a suspended context: look at `refusal`. */
  start(request: VoiceRequest): Voice;
  /** Likewise. Push what follows, then close it, or stop it: until then it waits for its next part. */
  stream(request: StreamRequest): StreamVoice;
  /** Voices stopped to make room, so far. */
  readonly stolen: number;
  /** Times that a voice had to wait for its next part, so far. */
  readonly starved: number;
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

interface LiveVoice extends Voice, ToneVoice {
  readonly place: VoicePlace;
}

interface Making<T extends Tone> {
  place: VoicePlace;
  delay: Seconds;
  lasts: Seconds;
  createTone: (voice: LiveVoice) => T;
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
  let starved = 0;

  /** @returns why there is no room; else null, having made it if need be. */
  function refusalOf(place: VoicePlace): VoiceRefusal | null {
    checkPlace(place);
    if (!isRunning()) return 'suspended';
    const now = clock();
    for (const voice of live) if (voice.endsAt <= now) voice.finish();
    const playing = [...live].filter((voice) => voice.playing);
    if (live.size >= 2 * maxVoices) return 'crowded';
    if (playing.length < maxVoices) return null;
    const weakest = playing.reduce((a, b) => (weaker(b, a) ? b : a));
    if (compare(place, weakest.place) < 0) return 'crowded';
    stolen += 1;
    weakest.stop();
    return null;
  }

  function add<T extends Tone>(making: Making<T>): { voice: LiveVoice; tone: T } {
    const made = createVoice(making, clock, (voice) => live.delete(voice));
    live.add(made.voice);
    return made;
  }

  return {
    get stolen() {
      return stolen;
    },
    get starved() {
      return starved;
    },
    get sounding() {
      return live.size;
    },
    start(request) {
      const refusal = refusalOf(request);
      if (refusal !== null) return refused(refusal);
      const delay = request.prepare();
      const lasts = request.loop === null ? request.duration / rateOf(request.pitch) : Infinity;
      const createTone = (voice: LiveVoice) =>
        context === null
          ? silentTone(voice, request, delay + lasts)
          : soundingTone(voice, request, context);
      return add({ place: request, delay, lasts, createTone }).voice;
    },
    stream(request) {
      const refusal = refusalOf(request);
      if (refusal !== null) return { ...refused(refusal), push() {}, close() {} };
      const delay = Math.max(request.prepare(), request.wait, leadOf(context));
      const onStarved = () => {
        starved += 1;
      };
      const createTone = (voice: LiveVoice) => {
        const options = { voice, request, onStarved };
        return context === null ? silentStream(options, clock) : soundingStream(options, context);
      };
      const { voice, tone } = add({ place: request, delay, lasts: Infinity, createTone });
      return Object.assign(voice, { push: tone.push, close: tone.close });
    },
    async stopAll() {
      for (const voice of live) voice.stop();
      await Promise.all([...live].map((voice) => voice.ended));
    },
  };
}

function createVoice<T extends Tone>(
  { place, delay, lasts, createTone }: Making<T>,
  clock: () => Seconds,
  onEnd: (voice: LiveVoice) => void,
): { voice: LiveVoice; tone: T } {
  const startsAt = clock() + delay;
  let fade: { from: number; at: Seconds; seconds: Seconds } | null = null;
  let resolve = () => {};
  const ended = new Promise<void>((done) => {
    resolve = done;
  });
  const voice: LiveVoice = {
    place,
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
      const from = fade === null ? tone.level(at) : fadedTo(fade, at);
      fade = { from, at, seconds };
      voice.endsAt = at + seconds;
      tone.fade(from, at, seconds);
    },
    finish() {
      if (voice.endsAt > clock()) voice.endsAt = clock();
      tone.dispose();
      onEnd(voice);
      resolve();
    },
  };
  const tone = createTone(voice);
  return { voice, tone };
}

function refused(refusal: VoiceRefusal): Voice {
  return { refusal, playing: false, ended: Promise.resolve(), stop: () => {} };
}

function weaker(a: LiveVoice, b: LiveVoice): boolean {
  return (compare(a.place, b.place) || a.startsAt - b.startsAt) < 0;
}

/** Negative when a is weaker than b. */
function compare(a: VoicePlace, b: VoicePlace): number {
  return a.priority - b.priority || loudness(a) - loudness(b);
}

/** Whole decibels at the listener, so that nearly equal voices go by age; at least −120. */
function loudness({ volume, distanceGain }: VoicePlace): number {
  return Math.round(20 * Math.log10(Math.max(1e-6, volume * distanceGain())));
}

function fadedTo(fade: { from: number; at: Seconds; seconds: Seconds }, now: Seconds): number {
  if (fade.seconds === 0) return 0;
  return fade.from * Math.max(0, 1 - (now - fade.at) / fade.seconds);
}

function checkPlace({ volume, pitch, priority }: VoicePlace): void {
  if (!(volume >= 0 && volume < Infinity)) throw refusal('volume', 'at least 0', volume);
  if (!(Math.abs(pitch) <= 48)) throw refusal('pitch', 'from -48 to 48 semitones', pitch);
  if (!Number.isFinite(priority)) throw refusal('priority', 'finite', priority);
}

function refusal(field: string, limit: string, value: number): RangeError {
  return new RangeError(`voices: ${field} must be ${limit}, got ${value}. Correct the options.`);
}
