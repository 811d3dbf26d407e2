/** A take on an audio context, for pages without an engine: AudioBuffer, source, started. */
import type { Seconds, Take } from '../contract.ts';

export interface PlayOnOptions {
  /** Default: the context's own destination. */
  destination?: AudioNode;
  /** On the context's clock; default: now. */
  when?: Seconds;
}

/** @returns the source, started: `stop()` ends it, and with it a loop; `detune` and `playbackRate` change its pitch. */
export function playOn(
  context: BaseAudioContext,
  { pcm, sampleRate, loop }: Pick<Take, 'pcm' | 'sampleRate' | 'loop'>,
  { destination = context.destination, when = 0 }: PlayOnOptions = {},
): AudioBufferSourceNode {
  const buffer = context.createBuffer(1, Math.max(1, pcm.length), sampleRate);
  buffer.getChannelData(0).set(pcm);
  const source = context.createBufferSource();
  source.buffer = buffer;
  if (loop !== undefined) {
    Object.assign(source, { loop: true, loopStart: loop.start, loopEnd: loop.end });
  }
  source.connect(destination);
  source.start(when);
  return source;
}
