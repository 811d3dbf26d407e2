/**
 * The mixer: where voices meet the engine.
 *
 *   voices ──▶ place ──▶ front ──▶ engine's emitter ──▶ bus 'steps' ──▶ bus 'main' ──▶ the engine's output
 *                         └─▶ reverb of the zone the ear is in ──────────▶ ┘
 *
 * What is not asked for is not in the graph: no filter without occlusion, no convolver without reverb. Once per rendered image the
 * audible places are looked at; nothing is computed for silent ones, nothing is written for those that have not moved.
 */
import type { Seconds } from '../runtime/contract.ts';
import { type Attenuation, type EngineAdapter, withDefaults } from './adapter.ts';
import { createBuses, MAIN_BUS } from './mixer/buses.ts';
import { createDoppler } from './mixer/doppler.ts';
import { createFront } from './mixer/front.ts';
import { createOcclusion } from './mixer/occlusion.ts';
import type { Rooms } from './mixer/rooms.ts';
import { createSoundPlace, type MixedPlace, type SoundPlace } from './mixer/sound-place.ts';
import type { BusDefinition, SpaceOptions, ZoneDefinition } from './sound-definition.ts';

export interface Mixer<N> {
  createPlace(params: PlaceParams<N>): SoundPlace;
  /**
   * The sound map's, now and again whenever it changes. Places that are there keep their filter, send and Doppler.
   * @returns once reverb, if the space has any, is loaded too; never rejects.
   */
  define(options: MixerDefinition): Promise<void>;
  /**
   * The player's part of a bus's volume, times the map's.
   * @param volume linear, 0 to 100. @param seconds default 0.05
   * @throws RangeError for an unknown bus or a bad volume.
   */
  setBusVolume(bus: string, volume: number, seconds?: Seconds): void;
  /** Idempotent; places are disposed by those who made them, before or after. */
  dispose(): void;
}

export interface PlaceParams<N> {
  /** Shown in the engine's tools. */
  name: string;
  /** Followed while audible; null stays where `place(point)` puts it. */
  node: N | null;
  /** null: not in space. */
  attenuation: Attenuation | null;
  /** Default 'main'; so is an unknown one. */
  bus?: string | undefined;
  /** Linear, into the zone's reverb, if the space has any; default 0. */
  reverb?: number | undefined;
  /** Muffled behind walls, if the space has occlusion; default true. */
  occlusion?: boolean | undefined;
  /** See EmitterParams. */
  onNodeGone?: (() => void) | undefined;
}

export interface MixerDefinition {
  buses: Iterable<BusDefinition>;
  /** Rooms of the reverb; absent: none. */
  zones?: Iterable<ZoneDefinition>;
  space: SpaceOptions;
}

export const SPACE_DEFAULTS: SpaceOptions = Object.freeze({
  occlusion: false,
  reverb: false,
  doppler: 0,
});

export interface MixerParts<N> {
  adapter: EngineAdapter<N>;
  warn: (message: string) => void;
}

/** @throws RangeError by `createPlace` for a bad attenuation. */
export function createMixer<N>({ adapter, warn }: MixerParts<N>): Mixer<N> {
  const { context } = adapter;
  const audible = new Set<MixedPlace>();
  const nodes = new Map<MixedPlace, N | null>();
  let space = SPACE_DEFAULTS;
  const buses = createBuses({ adapter, reverb: () => wet, warn });
  let wet: GainNode | null = null;
  let rooms: Rooms | null = null;
  let opening: Promise<void> | null = null;
  let disposed = false;
  const occlusion = createOcclusion<MixedPlace>((place, starts) => {
    const node = nodes.get(place) ?? null;
    const blocked = adapter.isBlocked?.(adapter.ear().position, place.position, node) ?? false;
    place.setBlocked(blocked, starts && !place.audible);
  });
  const mainBus = buses.join(MAIN_BUS.name);
  const stopUpdates = adapter.onRenderFrame(update);

  function update(): void {
    rooms?.ringOut();
    if (audible.size === 0) return;
    const ear = adapter.ear().position;
    const now = adapter.now();
    for (const place of audible) place.update(ear, now);
    occlusion.update();
    rooms?.update(ear, now);
  }

  /** Where sends lead is there at once, what answers them as soon as it is loaded; from then on both stay. */
  async function openRooms(): Promise<void> {
    if (context === null) return;
    const input = context.createGain();
    wet = input;
    const { createRooms } = await import('./mixer/rooms.ts');
    if (disposed) return;
    rooms = createRooms({ adapter, context, input, bus: mainBus.handle, warn });
  }

  async function defineRooms(zones: Iterable<ZoneDefinition>): Promise<void> {
    if (space.reverb) opening ??= openRooms();
    try {
      await opening;
    } catch (error) {
      opening = null;
      return warn(`mixer: reverb could not be loaded, so there is none. ${String(error)}`);
    }
    if (!disposed) rooms?.define(space.reverb ? zones : null, adapter.ear().position);
  }

  function createPlace(params: PlaceParams<N>): SoundPlace {
    const { name, node, reverb = 0, onNodeGone } = params;
    const attenuation = params.attenuation === null ? null : withDefaults(params.attenuation);
    const bus = buses.join(params.bus ?? MAIN_BUS.name);
    const muffle = attenuation !== null && space.occlusion && (params.occlusion ?? true);
    const gone = onNodeGone === undefined ? {} : { onNodeGone };
    const handle = adapter.createEmitter({ name, node, attenuation, bus: bus.handle, ...gone });
    const send = space.reverb && reverb > 0 ? bus.wet() : null;
    const level = attenuation !== null;
    const front = createFront({ context, output: handle.input, level, muffle, send });
    const place = createSoundPlace({
      handle,
      front,
      attenuation,
      reverb,
      ear: () => adapter.ear().position,
      nodeAt: node === null ? null : () => adapter.positionOf(node),
      doppler: attenuation !== null && space.doppler > 0 ? createDoppler(space.doppler) : null,
      onHeard: (_place, heard) => bus.heard(heard),
      onPlace: (one) => {
        if (muffle) occlusion.lookNow(one);
      },
      onAudible(one, now) {
        if (now) audible.add(one);
        else audible.delete(one);
        if (muffle && now) occlusion.add(one);
        else occlusion.remove(one);
      },
      onDispose(one) {
        nodes.delete(one);
        bus.leave();
      },
    });
    nodes.set(place, node);
    return place;
  }

  return {
    createPlace,
    define(definition) {
      space = definition.space;
      buses.define(definition.buses);
      return defineRooms(definition.zones ?? []);
    },
    setBusVolume: (bus, volume, seconds = 0.05) => buses.setVolume(bus, volume, seconds),
    dispose() {
      stopUpdates();
      audible.clear();
      disposed = true;
      rooms?.dispose();
      rooms = null;
      wet?.disconnect();
      buses.dispose();
    },
  };
}
