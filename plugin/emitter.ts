/**
 * A place that a game asks for sounds by prompt.
 *
 *   prompt ──▶ take, or its first parts ──▶ outlet (outlet.ts) ──▶ voice
 */
import type { SoundRequest, SoundRequestInput, TakeSource } from '../runtime/contract.ts';
import { abortError, orAborted, throwIfAborted } from './abort.ts';
import type { Attenuation } from './adapter.ts';
import type { Outlet, OutletRequest } from './emitter/outlet.ts';
import { checkPrompt } from './prompt.ts';
import { feed, openStream } from './takes/stream-play.ts';
import { heldSource, type Playable, type TakeLibrary } from './takes.ts';
import { rateOf } from './voices/tones.ts';
import type { Voice } from './voices.ts';

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

/** An emitter as its foley sees it. */
export interface WatchedEmitter extends FoleyEmitter {
  readonly playing: boolean;
  /** What was asked for and has not begun. */
  readonly waiting: Iterable<SoundRequestInput>;
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

export function createEmitter(parts: EmitterParts): WatchedEmitter {
  const { takes, outlet } = parts;
  const waiting = new Set<SoundRequestInput>();
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
    waiting.add(request);
    try {
      const held = takes.peek(request);
      const wish = { request, how, stop, life, onFailed };
      const begun = await (stream && !loop ? beginStreamed(wish) : beginWhole(wish));
      const source = held === undefined ? begun.source : heldSource(held);
      parts.onPlayed({ request, askedAt, ...begun, source, how, caption });
      return begun.voice;
    } catch (error) {
      if (stop.aborted) throw abortError('emitter.play');
      onFailed(error);
      throw error;
    } finally {
      waiting.delete(request);
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
    get playing() {
      return outlet.playing;
    },
    waiting,
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
