/** Plays a take as it was made, flat, one at a time: no place, no bus, no limit of voices. */
import type { Take } from '../../runtime/contract.ts';

export interface Player {
  play(take: Pick<Take, 'pcm' | 'sampleRate'>): void;
  stop(): void;
  /** Closes the context if it is the player's own. */
  dispose(): void;
}

/** @param given default one of its own, made when it is first needed. */
export function createPlayer(given: BaseAudioContext | undefined): Player {
  let own: AudioContext | undefined;
  let source: AudioBufferSourceNode | undefined;

  function contextOf(): BaseAudioContext {
    if (given !== undefined) return given;
    own ??= new AudioContext();
    if (own.state === 'suspended') void own.resume();
    return own;
  }

  function stop(): void {
    source?.stop();
    source?.disconnect();
    source = undefined;
  }

  return {
    play({ pcm, sampleRate }) {
      stop();
      const context = contextOf();
      const buffer = context.createBuffer(1, Math.max(1, pcm.length), sampleRate);
      buffer.getChannelData(0).set(pcm);
      source = new AudioBufferSourceNode(context, { buffer });
      source.connect(context.destination);
      source.start();
    },
    stop,
    dispose() {
      stop();
      void own?.close();
      own = undefined;
    },
  };
}
