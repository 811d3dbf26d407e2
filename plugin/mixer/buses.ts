/**
 * Buses: one volume for many sounds, in a tree that ends at the engine's output; and ducking.
 *
 *   volume of a bus = the map's × the player's × duck          duck ▔▔▔╲______╱▔▔▔   attack, release
 *                                                              heard    ▂▂▂▂▂       on the bus it is `under`
 *
 * A bus counts as heard while a voice of its own, or of a bus that leads to it, is within range of the ear. Each bus has a wet twin
 * with the same volume, made when the first sound with reverb needs it.
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { BusHandle, EngineAdapter } from '../adapter.ts';
import type { BusDefinition } from '../sound-definition.ts';
import { noSuch } from '../sound-map/words.ts';
import { schedule, steady, turn } from '../voices/ramp.ts';

export interface Buses {
  /** The map's buses, now and again whenever it changes. What is no longer there goes when its last emitter has gone. */
  define(definitions: Iterable<BusDefinition>): void;
  /** One more emitter leads into it. Unknown names lead into 'main'. */
  join(name: string): JoinedBus;
  /** The player's part of its volume. @throws RangeError for an unknown bus or a bad volume. */
  setVolume(name: string, volume: number, seconds: Seconds): void;
  dispose(): void;
}

export interface JoinedBus {
  readonly handle: BusHandle;
  /** Where its reverb goes. */
  wet(): AudioNode | null;
  /** One more of its emitters is heard, or one less. */
  heard(more: boolean): void;
  /** The emitter has gone. */
  leave(): void;
}

export interface BusesParts {
  adapter: Pick<EngineAdapter<never>, 'context' | 'createBus'>;
  /** Where all reverb goes; null: there is none. */
  reverb: () => AudioNode | null;
  warn: (message: string) => void;
}

export const MAIN_BUS: BusDefinition = Object.freeze({
  name: 'main',
  volume: 1,
  parent: null,
  duck: null,
});

/** Of a change of the map's or the player's volume. */
const VOLUME_RAMP: Seconds = 0.05;

interface Bus {
  definition: BusDefinition;
  defined: boolean;
  readonly handle: BusHandle;
  wet: GainNode | null;
  player: number;
  ramp: ReturnType<typeof steady>;
  /** Emitters that are heard and lead straight into it; and with those of buses that lead here. */
  own: number;
  heard: number;
  /** Emitters that lead straight into it. */
  members: number;
}

export function createBuses({ adapter, reverb, warn }: BusesParts): Buses {
  const { context } = adapter;
  const buses = new Map<string, Bus>();
  let disposed = false;
  define([]);

  /** The bus, what it leads to, and so on to 'main'; bounded, should definitions run in a circle. */
  function pathOf(bus: Bus): Bus[] {
    const path = [bus];
    for (let next = parentOf(bus); next !== null && !path.includes(next); next = parentOf(next)) {
      path.push(next);
    }
    return path;
  }

  function parentOf({ definition: { name, parent } }: Bus): Bus | null {
    if (name === MAIN_BUS.name) return null;
    return buses.get(parent ?? MAIN_BUS.name) ?? buses.get(MAIN_BUS.name) ?? null;
  }

  function create(definition: BusDefinition, parent: Bus | null): Bus {
    const handle = adapter.createBus(definition.name, parent?.handle ?? null);
    handle.ready.catch((error: unknown) => {
      warn(`mixer: bus "${definition.name}" could not be made. ${String(error)}`);
    });
    const rest = { wet: null, player: 1, ramp: steady(1), own: 0, heard: 0, members: 0 };
    return { definition, defined: true, handle, ...rest };
  }

  /** Parents first: an engine connects a bus when it makes it. */
  function add(definition: BusDefinition, all: Map<string, BusDefinition>, depth = 0): Bus {
    const known = buses.get(definition.name);
    if (known !== undefined) return known;
    const wanted = definition.name === MAIN_BUS.name ? null : (definition.parent ?? MAIN_BUS.name);
    const above = wanted === null ? undefined : (all.get(wanted) ?? MAIN_BUS);
    const parent = above === undefined || depth > all.size ? null : add(above, all, depth + 1);
    const bus = create(definition, parent);
    buses.set(definition.name, bus);
    return bus;
  }

  function define(definitions: Iterable<BusDefinition>): void {
    const all = new Map([MAIN_BUS, ...definitions].map((one) => [one.name, one]));
    for (const bus of buses.values()) bus.defined = false;
    for (const definition of all.values()) {
      const bus = add(definition, all);
      const moved = bus.definition.parent !== definition.parent;
      Object.assign(bus, { definition, defined: true });
      if (moved) reroute(bus);
    }
    for (const bus of [...buses.values()]) removeIfUnused(bus);
    countHeard();
    for (const bus of buses.values()) write(bus, VOLUME_RAMP);
  }

  function reroute(bus: Bus): void {
    bus.handle.route(parentOf(bus)?.handle ?? null);
    if (bus.wet === null) return;
    bus.wet.disconnect();
    const above = wetOf(parentOf(bus));
    if (above !== null) bus.wet.connect(above);
  }

  function removeIfUnused(bus: Bus): void {
    const used = bus.members > 0 || [...buses.values()].some((one) => parentOf(one) === bus);
    if (bus.defined || used) return;
    buses.delete(bus.definition.name);
    bus.handle.dispose();
    bus.wet?.disconnect();
  }

  /** Main's volume reaches the reverb where it comes back, so its wet twin has none. */
  function wetOf(bus: Bus | null): AudioNode | null {
    const above = reverb();
    if (bus === null || above === null || context === null) return above;
    const parent = parentOf(bus);
    if (parent === null) return above;
    if (bus.wet === null) {
      bus.wet = context.createGain();
      bus.wet.gain.value = bus.ramp.to;
      bus.wet.connect(wetOf(parent) ?? above);
    }
    return bus.wet;
  }

  /** Its own voices do not duck it, even where it leads into the bus it is under. */
  function isDucked(bus: Bus): boolean {
    const { duck } = bus.definition;
    const under = duck === null ? undefined : buses.get(duck.under);
    if (under === undefined) return false;
    return under.heard > (pathOf(bus).includes(under) ? bus.heard : 0);
  }

  function write(bus: Bus, seconds: Seconds): void {
    const { definition, player } = bus;
    const duck = isDucked(bus) ? (definition.duck?.to ?? 1) : 1;
    const volume = definition.volume * player * duck;
    if (volume === bus.ramp.to) return;
    bus.ramp = turn(bus.ramp, volume, context?.currentTime ?? 0, seconds);
    bus.handle.setVolume(volume, seconds);
    if (bus.wet !== null) schedule(bus.wet.gain, bus.ramp);
  }

  function countHeard(): void {
    for (const bus of buses.values()) bus.heard = 0;
    for (const bus of buses.values()) for (const one of pathOf(bus)) one.heard += bus.own;
  }

  function heard(bus: Bus, more: boolean): void {
    bus.own += more ? 1 : -1;
    countHeard();
    for (const one of buses.values()) {
      const { duck } = one.definition;
      if (duck !== null) write(one, isDucked(one) ? duck.attack : duck.release);
    }
  }

  return {
    define,
    join(name) {
      const bus = (buses.get(name) ?? buses.get(MAIN_BUS.name)) as Bus;
      let joined = true;
      bus.members += 1;
      return {
        handle: bus.handle,
        wet: () => wetOf(bus),
        heard: (more) => heard(bus, more),
        leave() {
          if (!joined) return;
          joined = false;
          bus.members -= 1;
          removeIfUnused(bus);
        },
      };
    },
    setVolume(name, volume, seconds) {
      if (disposed) return;
      const bus = buses.get(name);
      if (bus === undefined) {
        throw new RangeError(`mixer: ${noSuch('bus', name, [...buses.keys()])}`);
      }
      if (!(volume >= 0 && volume <= 100)) {
        throw new RangeError(
          `mixer: volume must be 0 to 100, got ${volume}. 1 leaves it as it is.`,
        );
      }
      bus.player = volume;
      write(bus, seconds);
    },
    dispose() {
      for (const bus of [...buses.values()].reverse()) {
        bus.handle.dispose();
        bus.wet?.disconnect();
      }
      buses.clear();
      disposed = true;
    },
  };
}
