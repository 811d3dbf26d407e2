/**
 * PCM → emitter: voices at a place.
 *
 *   createOutlet   an engine's emitter with our voices in front of it
 *   createEmitter  an outlet that a game asks for sounds by prompt: prompt → take → voice
 */
import type { SoundRequest, SoundRequestInput } from '../runtime/contract.ts';
import { abortError, orAborted, throwIfAborted } from './abort.ts';
import type { Attenuation, EmitterHandle } from './adapter.ts';
import { checkPrompt } from './prompt.ts';
import type { Point } from './scene-event.ts';
import type { Playable, TakeLibrary } from './takes.ts';
import type { Voice, Voices } from './voices.ts';

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
}

/** A place in the scene that sounds. */
export interface FoleyEmitter {
  /**
   * Waits for the take, then plays it.
   * @returns the voice; its `refusal` says why nothing sounds, if so (audio not unlocked, all voices taken).
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
  point?: Point;
}

export interface Outlet {
  readonly ready: Promise<void>;
  start(playable: Playable, request: OutletRequest): Voice;
  /** Fades out what sounds here. */
  stop(): void;
  dispose(): void;
}

export function createOutlet(handle: EmitterHandle, voices: Voices): Outlet {
  const sounding = new Set<Voice>();
  let disposed = false;

  function onEnded(voice: Voice): void {
    sounding.delete(voice);
    if (sounding.size > 0) return;
    if (disposed) handle.dispose();
    else handle.setAudible(false);
  }

  return {
    ready: handle.ready,
    start({ take, buffer, duration }, { point, loop, ...request }) {
      const voice = voices.start({
        ...request,
        buffer,
        duration,
        destination: handle.input,
        loop: loop ? (take.loop ?? { start: 0, end: duration }) : null,
        prepare: () => handle.place(point),
        distanceGain: () => handle.distanceGain(),
      });
      if (voice.refusal !== null) return voice;
      sounding.add(voice);
      handle.setAudible(true);
      void voice.ended.then(() => onEnded(voice));
      return voice;
    },
    stop() {
      for (const voice of sounding) voice.stop();
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const voice of sounding) voice.stop();
      if (sounding.size === 0) handle.dispose();
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
  /** Aborted when everything is disposed. */
  signal: AbortSignal;
  onPlayed: (report: PlayReport & { voice: Voice; playable: Playable; cached: boolean }) => void;
  onFailed: (report: PlayReport & { error: unknown }) => void;
  onDispose: () => void;
}

export function createEmitter(parts: EmitterParts): FoleyEmitter {
  const { takes, outlet } = parts;
  const gone = new AbortController();
  let round = new AbortController(); // replaced by each stop()

  async function play(prompt: string, options: PlayOptions): Promise<Voice> {
    const askedAt = performance.now();
    const { volume = 1, pitch = 0, signal, ...generation } = options;
    const request = { prompt: checkPrompt(prompt), ...generation };
    const given = signal === undefined ? [] : [signal];
    const stop = AbortSignal.any([parts.signal, gone.signal, round.signal, ...given]);
    throwIfAborted(stop, 'emitter.play');
    try {
      const cached = takes.peek(request) !== undefined;
      const playable = await takes.get(request, stop);
      await orAborted(outlet.ready, stop, 'emitter.play');
      throwIfAborted(stop, 'emitter.play');
      const voice = outlet.start(playable, {
        volume: volume * parts.volume,
        pitch,
        priority: generation.priority ?? 0,
        loop: generation.loop ?? false,
      });
      parts.onPlayed({ request, askedAt, voice, playable, cached });
      return voice;
    } catch (error) {
      if (stop.aborted) throw abortError('emitter.play');
      parts.onFailed({ request, askedAt, error });
      throw error;
    }
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
