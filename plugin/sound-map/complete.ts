/** What is written and has passed the schema → complete definitions: short forms spelt out, defaults filled in. */
import type {
  BusDefinition,
  Control,
  SlotDefinition,
  SoundAttenuation,
  SoundDefinition,
  SpaceOptions,
  ZoneDefinition,
} from '../sound-definition.ts';
import { completeBinding, completeSelector, listOf } from './complete-binding.ts';
import {
  BUS_DEFAULTS,
  CONE_DEFAULTS,
  CROSSFADE_PART,
  DUCK_DEFAULTS,
  JITTER_DEFAULTS,
  MAIN_BUS,
  REVERB_DEFAULTS,
  SLOT_DEFAULTS,
  SOUND_DEFAULTS,
  SPACE_DEFAULTS,
  SPATIAL_DEFAULTS,
  TAKE_DEFAULTS,
  VOICE_DEFAULTS,
  ZONE_DEFAULTS,
} from './defaults.ts';
import type { AttenuationInput, ControlInput, SlotInput, SoundInput } from './input.ts';
import type { BusInput, SpaceInput, ZoneInput } from './mix-input.ts';

export function completeWritten(name: string, written: SoundInput): SoundDefinition {
  const { slots, takes, jitter, voices, attenuation, control, on, ambience, ...plain } = written;
  const given = { ...SOUND_DEFAULTS, ...stated(plain) };
  const isAmbience = ambience !== undefined && ambience !== null && ambience !== false;
  const loop = given.loop || isAmbience;
  return {
    ...given,
    name,
    loop,
    slots: new Map(Object.entries(slots ?? {}).map(([slot, words]) => [slot, slotOf(words)])),
    takes: { ...TAKE_DEFAULTS, ...stated(takes) },
    jitter: { ...JITTER_DEFAULTS, ...stated(jitter) },
    voices: {
      ...VOICE_DEFAULTS,
      ...stated(typeof voices === 'number' ? { max: voices } : voices),
    },
    virtual: written.virtual ?? loop,
    attenuation: attenuationOf(attenuation),
    ambience: isAmbience ? { crossfade: crossfadeOf(ambience, given.duration) } : null,
    control: control === undefined ? [] : listOf(control).map(controlOf),
    on: on === undefined ? [] : listOf(on).map((binding) => completeBinding(binding, loop)),
  };
}

function slotOf(written: string[] | SlotInput): SlotDefinition {
  return { ...SLOT_DEFAULTS, ...stated(Array.isArray(written) ? { values: written } : written) };
}

function attenuationOf(written: SoundInput['attenuation']): SoundAttenuation | null {
  if (written === 'none' || written === null) return null;
  const { cone, ...plain }: AttenuationInput = written ?? {};
  const complete =
    cone === undefined || cone === null ? null : { ...CONE_DEFAULTS, ...stated(cone) };
  return { ...SPATIAL_DEFAULTS, ...stated(plain), cone: complete };
}

function crossfadeOf(
  ambience: true | { crossfade?: number | undefined },
  duration: number,
): number {
  const written = ambience === true ? undefined : ambience.crossfade;
  return written ?? duration * CROSSFADE_PART;
}

function controlOf({ by, range, pitch, volume }: ControlInput): Control {
  return { by, range: [...range], pitch: pitch ?? null, volume: volume ?? null };
}

export function completeBus(name: string, written: number | BusInput): BusDefinition {
  const { duck, ...plain } = typeof written === 'number' ? { volume: written } : written;
  const complete =
    duck === undefined || duck === null ? null : { ...DUCK_DEFAULTS, ...stated(duck) };
  const parent = name === MAIN_BUS ? null : BUS_DEFAULTS.parent;
  return { ...BUS_DEFAULTS, parent, ...stated(plain), name, duck: complete };
}

export function completeZone(name: string, written: ZoneInput): ZoneDefinition {
  const { node, sounds, reverb } = written;
  const fields = typeof reverb === 'number' ? { seconds: reverb } : reverb;
  const complete =
    fields === undefined || fields === null ? null : { ...REVERB_DEFAULTS, ...stated(fields) };
  return {
    ...ZONE_DEFAULTS,
    name,
    node: completeSelector(node),
    sounds: sounds === undefined || sounds === null ? null : [...sounds],
    reverb: complete,
  };
}

export function completeSpace(written: SpaceInput): SpaceOptions {
  const { doppler, ...plain } = written;
  const strength = typeof doppler === 'boolean' ? Number(doppler) : doppler;
  return { ...SPACE_DEFAULTS, ...stated(plain), ...stated({ doppler: strength }) };
}

/** The fields that are not undefined: undefined means default. */
export function stated<T extends object>(
  written: T | undefined,
): { [F in keyof T]: Exclude<T[F], undefined> } {
  const entries = Object.entries(written ?? {}).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [F in keyof T]: Exclude<T[F], undefined> };
}
