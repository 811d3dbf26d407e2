/**
 * Reverb of a sound map's zones: which one the ear is in, and what that sounds like. A chunk of its own, loaded when a space has reverb.
 *
 *   ear ──▶ zones.ts ──▶ zone ──▶ reverb.ts ──▶ an emitter that is not in space ──▶ bus 'main'
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { BusHandle, EngineAdapter } from '../adapter.ts';
import type { Point } from '../scene-event.ts';
import type { ZoneDefinition } from '../sound-definition.ts';
import { createReverb } from './reverb.ts';
import { createZones } from './zones.ts';

export interface Rooms {
  /** null: no zone reverberates. */
  define(zones: Iterable<ZoneDefinition> | null, ear: Point): void;
  /** Once per rendered image in which something is heard. */
  update(ear: Point, now: Seconds): void;
  /** Once per rendered image. */
  ringOut(): void;
  dispose(): void;
}

export interface RoomsParts<N> {
  adapter: EngineAdapter<N>;
  context: BaseAudioContext;
  /** All sends lead into it. */
  input: AudioNode;
  /** 'main'. */
  bus: BusHandle;
  warn: (message: string) => void;
}

export function createRooms<N>({ adapter, context, input, bus, warn }: RoomsParts<N>): Rooms {
  const params = { name: 'reverb', node: null, attenuation: null, bus };
  const emitter = adapter.createEmitter(params);
  const reverb = createReverb(context, input, emitter.input);
  const zones = createZones(adapter);
  let defined = false;
  emitter.ready.catch((error: unknown) => {
    warn(`mixer: no emitter for reverb could be made. ${String(error)}`);
  });

  return {
    define(definitions, ear) {
      defined = definitions !== null;
      zones.define(definitions ?? []);
      if (defined) zones.find();
      reverb.enter(zones.zoneAt(ear));
    },
    update(ear, now) {
      if (!defined) return;
      zones.update(now);
      reverb.enter(zones.zoneAt(ear));
    },
    ringOut: reverb.update,
    dispose() {
      reverb.dispose();
      emitter.dispose();
    },
  };
}
