/**
 * Two decks in front of an emitter: what plays on one gives way to what begins on the other, at the same power all the way.
 *
 *   voice ──▶ deck A ╲          A  ▔▔▔▔╲        equal power: sin² + cos² = 1, for takes that do not correlate
 *   voice ──▶ deck B ─▶ volume ─▶ emitter        B      ╱▔▔▔▔
 *
 * Main thread; three gain nodes. Without a context there is nothing to turn.
 */
import type { Seconds } from '../../runtime/contract.ts';

export interface Crossfader {
  /** Where the next voice leads; undefined where there is no sound. */
  readonly next: AudioNode | undefined;
  /** The last turn is over: the next deck is silent, and free. */
  readonly settled: boolean;
  /** From now on the deck that was next comes up; the other goes down, in as many seconds. Only while it is settled. */
  turn(seconds: Seconds): void;
  /** @param volume linear, ≥ 0 */
  setVolume(volume: number, seconds: Seconds): void;
  /** Idempotent; cuts what still sounds. */
  dispose(): void;
}

/** Points of a curve: linear between them, below 0.001 off. */
const CURVE = 65;
/** A change of volume takes at least this long. */
const LEAST_RAMP: Seconds = 0.01;

export function createCrossfader(
  context: BaseAudioContext | null,
  destination: AudioNode | null,
  volume: number,
): Crossfader {
  if (context === null || destination === null) {
    return { next: undefined, settled: true, turn() {}, setVolume() {}, dispose() {} };
  }
  return createDecks(context, destination, volume);
}

function createDecks(
  context: BaseAudioContext,
  destination: AudioNode,
  volume: number,
): Crossfader {
  const master = context.createGain();
  let level = { from: volume, to: volume, at: 0, seconds: 0 };
  master.gain.value = volume;
  master.connect(destination);
  let [playing, next] = [createDeck(context, master), createDeck(context, master)];
  let settledAt: Seconds = 0;
  let isHeard = false;

  function run(param: AudioParam, curve: Float32Array, at: Seconds, seconds: Seconds): void {
    param.cancelScheduledValues(0);
    param.setValueCurveAtTime(curve as Float32Array<ArrayBuffer>, at, seconds);
  }

  return {
    get next() {
      return next;
    },
    get settled() {
      return context.currentTime >= settledAt;
    },
    turn(seconds) {
      const at = context.currentTime;
      [playing, next] = [next, playing];
      run(playing.gain, RISE, at, seconds);
      if (isHeard) run(next.gain, FALL, at, seconds);
      isHeard = true;
      settledAt = at + seconds;
    },
    setVolume(to, wanted) {
      const at = context.currentTime;
      const seconds = Math.max(wanted, LEAST_RAMP);
      const done = level.seconds === 0 ? 1 : Math.min(1, (at - level.at) / level.seconds);
      level = { from: level.from + (level.to - level.from) * done, to, at, seconds };
      master.gain.cancelScheduledValues(0);
      master.gain.setValueAtTime(level.from, at);
      master.gain.linearRampToValueAtTime(to, at + seconds);
    },
    dispose() {
      for (const node of [playing, next, master]) node.disconnect();
    },
  };
}

function createDeck(context: BaseAudioContext, destination: AudioNode): GainNode {
  const deck = context.createGain();
  deck.gain.value = 0;
  deck.connect(destination);
  return deck;
}

const RISE = Float32Array.from({ length: CURVE }, (_, i) =>
  Math.sin(((Math.PI / 2) * i) / (CURVE - 1)),
);
const FALL = RISE.slice().reverse();
