/**
 * Buses where an engine has none of its own: a GainNode each.
 *
 *   emitters ──▶ GainNode 'steps' ──▶ GainNode 'main' ──▶ the engine's output
 */
import type { BusHandle } from '../adapter.ts';
import { schedule, steady, turn } from '../voices/ramp.ts';

export interface GainBuses {
  createBus(name: string, parent: BusHandle | null): BusHandle;
  /** Where to connect what leads into it. */
  inputOf(bus: BusHandle | null | undefined): AudioNode;
}

export function createGainBuses(context: BaseAudioContext, output: AudioNode): GainBuses {
  const inputs = new WeakMap<BusHandle, GainNode>();
  const inputOf = (bus: BusHandle | null | undefined) => (bus && inputs.get(bus)) ?? output;

  function createBus(_name: string, parent: BusHandle | null): BusHandle {
    const gain = context.createGain();
    let volume = steady(1);
    gain.connect(inputOf(parent));
    const bus: BusHandle = {
      ready: Promise.resolve(),
      setVolume(to, seconds) {
        volume = turn(volume, to, context.currentTime, Math.max(LEAST_RAMP, seconds));
        schedule(gain.gain, volume);
      },
      route(to) {
        gain.disconnect();
        gain.connect(inputOf(to));
      },
      dispose: () => gain.disconnect(),
    };
    inputs.set(bus, gain);
    return bus;
  }

  return { createBus, inputOf };
}

const LEAST_RAMP = 0.01;
