/**
 * Reverb of the zone the ear is in: what is heard there sounds in that room, wherever it comes from.
 *
 *   sends ──▶ GainNode ─┬─▶ GainNode ──▶ ConvolverNode 'hall' ─┬─▶ an emitter that is not in space ──▶ bus 'main'
 *             input     └─▶ GainNode ──▶ ConvolverNode 'cave' ─┘   crossfaded as the ear goes from one to the other
 *                           level
 *
 * A convolver is there while its zone is heard, and its tail after that; never more than three.
 */
import type { Seconds } from '../../runtime/contract.ts';
import type { ZoneDefinition } from '../sound-definition.ts';
import { schedule, steady, turn } from '../voices/ramp.ts';
import { createImpulseResponse, LONGEST_REVERB } from './impulse-response.ts';

export interface Reverb {
  /** Zones that are heard, with those that still ring. */
  readonly rooms: number;
  /** From now on the ear is there; null: nowhere, dry. Telling the same again costs nothing. */
  enter(zone: ZoneDefinition | null): void;
  /** Lets go of rooms that have rung out; once per rendered image. */
  update(): void;
  dispose(): void;
}

/** From one zone to the next. */
const CROSSFADE: Seconds = 0.3;
const MAX_ROOMS = 3;

interface Room {
  readonly zone: ZoneDefinition;
  readonly convolver: ConvolverNode;
  readonly level: GainNode;
  ramp: ReturnType<typeof steady>;
  /** When its tail is over; Infinity while the ear is there. */
  endsAt: Seconds;
}

/** @param input where all sends lead. @param output where all rooms lead; null: nowhere */
export function createReverb(
  context: BaseAudioContext,
  input: AudioNode,
  output: AudioNode | null,
): Reverb {
  const rooms = new Set<Room>();
  let current: ZoneDefinition | null = null;

  function fade(room: Room, level: number, endsAt: Seconds): void {
    room.ramp = turn(room.ramp, level, context.currentTime, CROSSFADE);
    room.endsAt = endsAt;
    schedule(room.level.gain, room.ramp);
  }

  function remove(room: Room): void {
    rooms.delete(room);
    input.disconnect(room.level);
    room.level.disconnect();
    room.convolver.disconnect();
  }

  function add(zone: ZoneDefinition): Room {
    const level = context.createGain();
    level.gain.value = 0;
    const convolver = createConvolver(zone, context);
    input.connect(level).connect(convolver);
    if (output !== null) convolver.connect(output);
    const room = { zone, convolver, level, ramp: steady(0), endsAt: Infinity };
    rooms.add(room);
    return room;
  }

  function enter(zone: ZoneDefinition | null): void {
    if (zone === current) return;
    current = zone;
    for (const room of rooms) {
      const tail = Math.min(room.zone.reverb?.seconds ?? 0, LONGEST_REVERB);
      if (room.endsAt === Infinity) fade(room, 0, context.currentTime + CROSSFADE + tail);
    }
    if (zone === null || zone.reverb === null) return;
    const known = [...rooms].find((room) => room.zone === zone);
    const oldest = [...rooms].find((room) => room !== known);
    if (known === undefined && rooms.size >= MAX_ROOMS && oldest !== undefined) remove(oldest);
    fade(known ?? add(zone), zone.reverb.level, Infinity);
  }

  return {
    get rooms() {
      return rooms.size;
    },
    enter,
    update() {
      for (const room of rooms) if (room.endsAt <= context.currentTime) remove(room);
    },
    dispose() {
      for (const room of rooms) remove(room);
    },
  };
}

function createConvolver(
  { name, reverb }: ZoneDefinition,
  context: BaseAudioContext,
): ConvolverNode {
  const { sampleRate } = context;
  const { seconds = 1, damping = 0 } = reverb ?? {};
  const response = createImpulseResponse({ seconds, damping, sampleRate, seed: seedOf(name) });
  const buffer = context.createBuffer(2, response[0].length, sampleRate);
  response.forEach((channel, i) => {
    buffer.copyToChannel(channel, i);
  });
  const convolver = context.createConvolver();
  convolver.normalize = false; // its energy is 1 already
  convolver.buffer = buffer;
  return convolver;
}

/** Rooms of another name are other noise. */
function seedOf(name: string): number {
  return [...name].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) >>> 0, 7);
}
