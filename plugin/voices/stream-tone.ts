/**
 * The tone of a clip that is still being made: parts follow one another to the sample, and a part that is late is waited
 * for in silence.
 *
 *   part ── resampled to the context's rate, pitch included ──▶ AudioBufferSourceNode, next ──▶ GainNode ──▶ GainNode ──▶ emitter
 *                                                                                           gate, fades   volume      input
 *
 *   gain   ▔▔▔▔▔▔▔▔▔▔▔▔▔▔╲____________╱▔▔▔▔      always set to fade out where the parts so far end; a part that comes in
 *   parts  ├──1──┼───2───┤  too late  ├──3──     time takes that back, one that does not begins with a fade in
 *
 * Main thread; at most four sources a voice: what comes meanwhile becomes one buffer when a source has ended. No shared
 * memory, no worklet, nothing each renderFrame.
 *
 * Measured against the unsplit AudioBuffer: 32 kHz on 48, 44.1 and 32 kHz; tones, a sweep and noise; pitch 0, +3, −7 and +12
 * semitones. The largest difference within 8 ms of a join, dB relative to the signal's peak:
 *
 *                                                      Chromium 156      node-web-audio-api 2.2
 *   resampled here, sources on whole samples              −144                  −144
 *   parts that overlap by 5 ms, crossfaded                 −37                  −3
 *   parts back to back, each resampled by its source        +8                  +8
 *
 * Engines resample a buffer as if nothing came before it, prolong its last slope beyond its end, and start it between two
 * samples. An AudioWorklet would give the same samples as this, for a second module that pages' policies must allow.
 */
import type { Hertz, Seconds, SoundPart } from '../../runtime/contract.ts';
import { schedule, steady, turn } from './ramp.ts';
import { createResampler } from './resampler.ts';
import { createEnd, createVolume, fadeOut, rateOf, type Tone, type ToneVoice } from './tones.ts';
import type { StreamRequest } from './voice-request.ts';

export interface StreamTone extends Tone {
  /**
   * The next part.
   * @param wait if the part is late, how long to wait before the sound goes on, so that it is not late again
   */
  push(part: SoundPart, wait: Seconds): void;
  /** None follow: the voice ends with what is there. */
  close(): void;
}

export interface StreamToneOptions {
  voice: ToneVoice;
  request: StreamRequest;
  /** A part was late, and the voice has waited. */
  onStarved: () => void;
}

/** Of a voice that waits for its next part. */
const WAIT_FADE: Seconds = 0.005;
const MAX_SOURCES = 4;

/**
 * What is scheduled nearer than this may come too late: the audio thread renders one burst at a time. Measured in Chromium,
 * bursts of 10 ms: of 120 sources started 3 ms ahead 10 were late, by up to 9 ms; 12 ms ahead none.
 */
export function leadOf(context: BaseAudioContext | null): Seconds {
  if (context === null) return 0;
  const { baseLatency = 0 } = context as { baseLatency?: Seconds };
  return Math.max(0.01, baseLatency) + 0.005;
}

export function soundingStream(options: StreamToneOptions, context: BaseAudioContext): StreamTone {
  const { voice, request, onStarved } = options;
  const { sampleRate } = context;
  const lead = leadOf(context);
  const volume = createVolume(request, context);
  const gain = createVolume({ volume: 1, destination: volume }, context);
  const gate = createGate(gain.gain);
  const resampler = createResampler(stepOf(request, sampleRate));
  const sources = new Map<AudioBufferSourceNode, { startsAt: Seconds; endsAt: Seconds }>();
  const waiting: Float32Array<ArrayBuffer>[] = []; // for a source to end
  let level = steady(request.volume);
  let end = Math.ceil(voice.startsAt * sampleRate); // sample of the context's clock where the next source begins
  let delay: Seconds = 0;
  let closed = false;
  let stopped = false;

  const isLate = () => context.currentTime + lead > gate.closesAt;

  /** Plays what waits, if a source is free. */
  function flush(): void {
    if (waiting.length === 0) return;
    for (const [source, { endsAt }] of sources) if (endsAt <= context.currentTime) drop(source);
    if (sources.size >= MAX_SOURCES) return;
    const fade = Math.min(WAIT_FADE, lengthOf(waiting) / sampleRate / 3);
    if (isLate()) {
      onStarved();
      const soonest = context.currentTime + Math.max(lead, delay);
      end = Math.max(end, Math.ceil(soonest * sampleRate));
      gate.open(end / sampleRate, fade);
    } else {
      gate.keepOpen();
    }
    play(waiting.splice(0));
    gate.closeAt(end / sampleRate, fade);
  }

  function play(pieces: Float32Array<ArrayBuffer>[]): void {
    const length = lengthOf(pieces);
    const buffer = context.createBuffer(1, length, sampleRate);
    let at = 0;
    for (const piece of pieces) {
      buffer.copyToChannel(piece, 0, at);
      at += piece.length;
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(gain);
    source.onended = () => {
      drop(source);
      flush();
      settle();
    };
    const startsAt = end / sampleRate;
    end += length;
    source.start(startsAt);
    sources.set(source, { startsAt, endsAt: end / sampleRate });
  }

  function drop(source: AudioBufferSourceNode): void {
    source.onended = null;
    source.disconnect();
    sources.delete(source);
  }

  /** When no more comes the end is known, and it needs no fade of ours. */
  function settle(): void {
    if (stopped ? sources.size > 0 : !closed || waiting.length > 0) return;
    if (sources.size === 0) voice.finish();
    if (stopped) return;
    voice.endsAt = end / sampleRate;
    if (!isLate()) gate.keepOpen();
  }

  function push(part: SoundPart, wait: Seconds): void {
    if (stopped || closed) return;
    const pcm = resampler.push(part.pcm);
    if (pcm.length === 0) return;
    delay = wait;
    waiting.push(pcm);
    flush();
  }

  for (const part of request.parts) push(part, 0);
  return {
    push,
    close() {
      if (stopped || closed) return;
      closed = true;
      delay = 0;
      settle();
    },
    level: gate.level,
    setVolume(to, at, seconds) {
      level = turn(level, to, at, seconds);
      schedule(volume.gain, level);
    },
    setRate() {}, // its samples are computed ahead
    fade(from, at, seconds) {
      if (waiting.length > 0) play(waiting.splice(0));
      stopped = true;
      const until = Math.max(at, Math.min(at + seconds, end / sampleRate));
      fadeOut(gain.gain, from, at, until - at);
      for (const [source, { startsAt }] of sources) {
        if (startsAt >= until) drop(source);
        else source.stop(until);
      }
      settle();
    },
    dispose() {
      stopped = true;
      for (const source of sources.keys()) drop(source);
      gain.disconnect();
      volume.disconnect();
    },
  };
}

/** The fades of a voice that may have to wait. Each is over before the next begins. */
function createGate(gain: AudioParam) {
  let opening = { at: -Infinity, seconds: WAIT_FADE };
  let closing = { at: Infinity, seconds: WAIT_FADE };
  return {
    /** When the fade out begins; Infinity if there is none. */
    get closesAt() {
      return closing.at;
    },
    open(at: Seconds, seconds: Seconds): void {
      opening = { at, seconds };
      gain.setValueAtTime(0, at);
      gain.linearRampToValueAtTime(1, at + seconds);
    },
    /** @param end of the fade out */
    closeAt(end: Seconds, seconds: Seconds): void {
      closing = { at: end - seconds, seconds };
      gain.setValueAtTime(1, closing.at);
      gain.linearRampToValueAtTime(0, end);
    },
    keepOpen(): void {
      if (closing.at < Infinity) gain.cancelScheduledValues(closing.at);
      closing = { at: Infinity, seconds: WAIT_FADE };
    },
    level(at: Seconds): number {
      const opened = (at - opening.at) / opening.seconds;
      const open = 1 - (at - closing.at) / closing.seconds;
      return Math.min(1, Math.max(0, Math.min(opened, open)));
    },
  };
}

/** Input samples for each sample of the context, at the request's pitch; a playbackRate is f32. */
function stepOf({ parts, pitch }: StreamRequest, sampleRate: Hertz): number {
  const [first] = parts;
  return (Math.fround(rateOf(pitch)) * (first?.sampleRate ?? sampleRate)) / sampleRate;
}

/** Without a context: lasts as long as it would, waits as it would. */
export function silentStream(options: StreamToneOptions, clock: () => Seconds): StreamTone {
  const { voice, request, onStarved } = options;
  const { pitch, parts } = request;
  const timer = createEnd(voice);
  let end = voice.startsAt;

  function push({ pcm, sampleRate }: SoundPart, wait: Seconds): void {
    const now = clock();
    if (voice.endsAt < Infinity) return; // stopped
    if (now > end) {
      onStarved();
      end = now + wait;
    }
    end += pcm.length / sampleRate / rateOf(pitch);
  }

  for (const part of parts) push(part, 0);
  return {
    push,
    close() {
      if (voice.endsAt < Infinity) return;
      voice.endsAt = end;
      timer.set(Math.max(0, end - clock()));
    },
    level: () => 1,
    setVolume() {},
    setRate() {},
    fade: (_from, _at, seconds) => timer.set(seconds),
    dispose: timer.clear,
  };
}

function lengthOf(pieces: Float32Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
