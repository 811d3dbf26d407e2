/** What a sound map means when it does not say: written here, once. */
import { ATTENUATION_DEFAULTS } from '../adapter.ts';
import type {
  BusDefinition,
  DuckRule,
  SlotDefinition,
  SoundAttenuation,
  SoundDefinition,
  SpaceOptions,
  ZoneDefinition,
} from '../sound-definition.ts';

/** The bus that all others lead to. */
export const MAIN_BUS = 'main';

export const VOICE_DEFAULTS = {
  max: 8,
  steal: 'oldest',
  fade: 0.02,
} as const satisfies SoundDefinition['voices'];

export const JITTER_DEFAULTS = { pitch: 0, volume: 0 } as const satisfies SoundDefinition['jitter'];

export const TAKE_DEFAULTS = { lock: null, ban: [] } as const satisfies SoundDefinition['takes'];

/** How loudness falls is the emitters' own default. */
export const SPATIAL_DEFAULTS = {
  ...ATTENUATION_DEFAULTS,
  cone: null,
} as const satisfies SoundAttenuation;

export const CONE_DEFAULTS = { outerGain: 0.25 } as const;

export const SLOT_DEFAULTS = {
  from: null,
  values: [],
  default: null,
} as const satisfies SlotDefinition;

/** `virtual` is true for loops, an ambience's `crossfade` a part of the duration. */
export const SOUND_DEFAULTS = {
  duration: 1,
  variations: 3,
  cooldown: 0.1,
  minImpulse: 0.5,
  lateness: 0.12,
  volume: 1,
  pitch: 0,
  priority: 0,
  bus: MAIN_BUS,
  reverb: 1,
  occlusion: true,
  loop: false,
  ambience: null,
  caption: null,
  fallback: null,
} as const satisfies Partial<SoundDefinition>;

/** Of the duration. */
export const CROSSFADE_PART = 0.25;

export const BUS_DEFAULTS = {
  volume: 1,
  parent: MAIN_BUS,
  duck: null,
} as const satisfies Partial<BusDefinition>;

export const DUCK_DEFAULTS = {
  to: 0.4,
  attack: 0.05,
  release: 0.5,
} as const satisfies Partial<DuckRule>;

export const ZONE_DEFAULTS = {
  node: null,
  sounds: null,
  reverb: null,
} as const satisfies Partial<ZoneDefinition>;

export const REVERB_DEFAULTS = { damping: 0.5, level: 0.3 } as const satisfies Partial<
  NonNullable<ZoneDefinition['reverb']>
>;

export const SPACE_DEFAULTS = {
  occlusion: false,
  reverb: false,
  doppler: 0,
} as const satisfies SpaceOptions;
