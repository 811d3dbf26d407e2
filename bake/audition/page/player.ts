/** Plays one take at a time; a loop goes on until it is stopped. */
import type { LoadedTake } from './server.ts';

export interface TakePlayer {
  /** What played before stops. @param onEnd told once, however it ends */
  play(take: LoadedTake, onEnd: () => void): void;
  stop(): void;
}

export function createTakePlayer(): TakePlayer {
  let context: AudioContext | undefined;
  let stopNow = () => {};

  return {
    play({ audio, facts }, onEnd) {
      stopNow();
      context ??= new AudioContext({ latencyHint: 'interactive' });
      void context.resume();
      const source = new AudioBufferSourceNode(context, { buffer: audio, loop: facts.loop });
      source.connect(context.destination);
      const end = () => {
        source.disconnect();
        stopNow = () => {};
        onEnd();
      };
      source.onended = end;
      stopNow = () => {
        source.onended = null;
        source.stop();
        end();
      };
      source.start();
    },
    stop: () => stopNow(),
  };
}
