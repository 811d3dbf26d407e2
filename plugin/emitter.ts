/**
 * PCM → emitter: voices at a place.
 *
 *   createOutlet   an engine's emitter with our voices in front of it
 *   createEmitter  an outlet that a game asks for sounds by prompt: prompt → take, or its first parts → voice
 */
import type {
  Seconds,
  SoundPart,
  SoundRequest,
  SoundRequestInput,
  TakeSource,
} from '../runtime/contract.ts';
import { abortError, orAborted, throwIfAborted } from './abort.ts';
import type { Attenuation } from './adapter.ts';
import { checkPrompt } from './prompt.ts';
import type { Point } from './scene-event.ts';
import type { SoundPlace } from './sound-place.ts';
import { feed, openStream } from './stream-play.ts';
import type { Playable, TakeLibrary } from './takes.ts';
import { rateOf } from './tones.ts';
import type { VoicePlace } from './voice-request.ts';
import type { StreamVoice, Voice, Voices } from './voices.ts';

/** `undefined` means default. */
export interface EmitterOptions extends Attenuation {
  /** Linear, ≥ 0, default 1; times each voice's own. */
  volume?: number | undefined;
  /** Shown in the engine's tools; default 'foley'. */
  name?: string | undefined;
}

type RequestOptions = {
  [F in keyof Omit<SoundRequest, 'id' | 'prompt'>]?: SoundRequest[F] | undefined;
};

/** How a prompt is generated (see SoundRequest) and played. `undefined` means default. */
export interface PlayOptions extends RequestOptions {
  signal?: AbortSignal | undefined;
  /** Linear, ≥ 0, default 1. */
  volume?: number | undefined;
  /** Semitones, −48 to 48, default 0. */
  pitch?: number | undefined;
  /** Shown while it is heard, see Foley.onCaption; absent: nothing is. */
  caption?: string | undefined;
  /** Begin while the sound is still being made, if it is new and no loop; default the foley's. */
  stream?: boolean | undefined;
}

/** A place in the scene that sounds. */
export interface FoleyEmitter {
  /**
   * Plays the take if it is there, else what is being made: from its first part on where the machine is fast enough.
   * @returns the voice once it begins; its `refusal` says why nothing sounds, if so (audio not unlocked, all voices
   * taken). If the rest cannot be made the voice stops, and a 'failed' event tells why.
   * @throws AbortError by `signal`, `stop` or `dispose`; RangeError for a bad prompt or option; the runtime's errors.
   */
  play(prompt: string, options?: PlayOptions): Promise<Voice>;
  /** Fades out what sounds and takes back what is still being generated. */
  stop(): void;
  /** `stop`, and the emitter is gone. Idempotent. */
  dispose(): void;
}

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

/** What an emitter tells of each play. */
export interface PlayReport {
  request: SoundRequestInput;
  askedAt: number;
}

export interface EmitterParts {
  takes: TakeLibrary;
  outlet: Outlet;
  volume: number;
  /** Whether plays that do not say so are streamed. */
  stream: boolean;
  /** Aborted when everything is disposed. */
  signal: AbortSignal;
  onPlayed: (report: PlayReport & Begun & PlayedSound) => void;
  onFailed: (report: PlayReport & { error: unknown }) => void;
  onDispose: () => void;
}

/** How a play sounds, and what it is called. */
export interface PlayedSound {
  how: OutletRequest;
  caption: string | undefined;
}

/** A play that began; null while its take is still being made. */
interface Begun {
  voice: Voice;
  playable: Playable | null;
  source: TakeSource;
}

/** What a play needs besides its request. */
interface Wish {
  request: SoundRequestInput;
  how: OutletRequest;
  /** Until it begins. */
  stop: AbortSignal;
  /** Until its take is there. */
  life: AbortSignal;
  /** After it began. */
  onFailed: (error: unknown) => void;
}

export function createEmitter(parts: EmitterParts): FoleyEmitter {
  const { takes, outlet } = parts;
  const gone = new AbortController();
  let round = new AbortController(); // replaced by each stop()

  async function play(prompt: string, options: PlayOptions): Promise<Voice> {
    const askedAt = performance.now();
    const {
      volume = 1,
      pitch = 0,
      signal,
      stream = parts.stream,
      caption,
      ...generation
    } = options;
    const { priority = 0, loop = false } = generation;
    const request = { prompt: checkPrompt(prompt), ...generation };
    const life = AbortSignal.any([parts.signal, gone.signal, round.signal]);
    const stop = signal === undefined ? life : AbortSignal.any([life, signal]);
    throwIfAborted(stop, 'emitter.play');
    const onFailed = (error: unknown) => parts.onFailed({ request, askedAt, error });
    const how = { volume: volume * parts.volume, pitch, priority, loop };
    try {
      const held = takes.peek(request) !== undefined;
      const wish = { request, how, stop, life, onFailed };
      const begun = await (stream && !loop ? beginStreamed(wish) : beginWhole(wish));
      const source = held ? 'memory' : begun.source;
      parts.onPlayed({ request, askedAt, ...begun, source, how, caption });
      return begun.voice;
    } catch (error) {
      if (stop.aborted) throw abortError('emitter.play');
      onFailed(error);
      throw error;
    }
  }

  async function beginWhole({ request, how, stop }: Wish): Promise<Begun> {
    const playable = await takes.get(request, stop);
    await outletReady(stop);
    return { voice: outlet.start(playable, how), playable, source: playable.take.source };
  }

  async function beginStreamed({ request, how, stop, life, onFailed }: Wish): Promise<Begun> {
    const stream = takes.stream(request, life);
    try {
      const sound = await orAborted(openStream(stream, how.pitch), stop, 'emitter.play');
      await outletReady(stop);
      if (!Array.isArray(sound)) {
        return { voice: outlet.start(sound, how), playable: sound, source: sound.take.source };
      }
      const voice = outlet.stream(sound, stream.wait(rateOf(how.pitch)), how);
      feed(voice, stream, sound, how.pitch).catch((error: unknown) => {
        if (!life.aborted) onFailed(error);
      });
      return { voice, playable: null, source: sound[0]?.source ?? 'generated' };
    } catch (error) {
      stream.leave();
      throw error;
    }
  }

  async function outletReady(stop: AbortSignal): Promise<void> {
    await orAborted(outlet.ready, stop, 'emitter.play');
    throwIfAborted(stop, 'emitter.play');
  }

  function stop(): void {
    round.abort();
    round = new AbortController();
    outlet.stop();
  }

  return {
    play: (prompt, options = {}) => play(prompt, options),
    stop,
    dispose() {
      if (gone.signal.aborted) return;
      gone.abort();
      stop();
      outlet.dispose();
      parts.onDispose();
    },
  };
}
