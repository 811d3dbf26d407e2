/**
 * The schema of a sound map as it is written: names, types, limits. Defaults are in defaults.ts, words in input.ts.
 *
 *   data ── schema ──▶ SoundInput, BusInput, … (input.ts; a test holds the two together) ── complete.ts ──▶ SoundMap
 *
 * What one field says about another (references, slots of the prompt) is checked in references.ts and prompts.ts.
 */
import * as v from 'valibot';
import { BindingSchema, SelectorSchema } from './bindings-schema.ts';
import {
  dictionary,
  either,
  exactly,
  fields,
  flag,
  list,
  nothing,
  number,
  numberAbove,
  oneOf,
  oneOrMore,
  span,
  text,
  whole,
} from './fields.ts';

const MAX_SEED = 0xffffffff;
const MAX_SECONDS = 3600;
/** Characters of a template; filled, a prompt has at most 256. */
const MAX_TEMPLATE = 1024;

export const SlotSchema = fields({
  values: v.optional(list(text(), 1, 256)),
  default: v.optional(either({ string: text(), nothing: nothing() }, 'a word')),
  from: v.optional(either({ string: text(), nothing: nothing() }, 'the place of a word')),
});

export const TakesSchema = fields({
  lock: v.optional(
    either(
      { number: whole(0, MAX_SEED), nothing: nothing() },
      `a whole number from 0 to ${MAX_SEED}`,
    ),
  ),
  ban: v.optional(list(whole(0, MAX_SEED))),
});

export const JitterSchema = fields({
  pitch: v.optional(number(0, 24)),
  volume: v.optional(number(0, 24)),
});

const voiceCount = whole(1, 256);
export const VoiceLimitSchema = fields({
  max: v.optional(voiceCount),
  steal: v.optional(oneOf('oldest', 'quietest', 'farthest', 'none')),
  fade: v.optional(number(0, 10)),
});

export const ConeSchema = fields({
  inner: number(0, 360),
  outer: number(0, 360),
  outerGain: v.optional(number(0, 1)),
});

export const AttenuationSchema = fields({
  model: v.optional(oneOf('inverse', 'linear', 'exponential')),
  refDistance: v.optional(numberAbove(0)),
  maxDistance: v.optional(numberAbove(0)),
  rolloff: v.optional(number(0, 100)),
  panningModel: v.optional(oneOf('equalpower', 'HRTF')),
  cone: v.optional(
    either({ fields: ConeSchema, nothing: nothing() }, 'fields (inner, outer, outerGain)'),
  ),
});

export const AmbienceSchema = fields({ crossfade: v.optional(numberAbove(0, 5)) });

export const ControlSchema = fields({
  by: text(),
  range: span(),
  pitch: v.optional(span(-48, 48)),
  volume: v.optional(span(0, 100)),
});

const inherited = {
  slots: v.optional(
    dictionary(
      either(
        { list: list(text(), 1, 256), fields: SlotSchema },
        'a list of words, or fields (values, default, from)',
      ),
    ),
  ),
  duration: v.optional(number(0.1, 10)),
  variations: v.optional(whole(1, 64)),
  cooldown: v.optional(number(0, MAX_SECONDS)),
  minImpulse: v.optional(number(0)),
  lateness: v.optional(number(0, 10)),
  volume: v.optional(number(0, 100)),
  pitch: v.optional(number(-48, 48)),
  jitter: v.optional(JitterSchema),
  voices: v.optional(
    either(
      { number: voiceCount, fields: VoiceLimitSchema },
      'a whole number, or fields (max, steal, fade)',
    ),
  ),
  priority: v.optional(number(-1000, 1000)),
  virtual: v.optional(flag()),
  attenuation: v.optional(
    either(
      { string: exactly('none'), fields: AttenuationSchema, nothing: nothing() },
      'none, or fields (model, refDistance, maxDistance, rolloff, panningModel, cone)',
    ),
  ),
  bus: v.optional(text()),
  reverb: v.optional(number(0, 1)),
  occlusion: v.optional(flag()),
  loop: v.optional(flag()),
  ambience: v.optional(
    either(
      { boolean: flag(), fields: AmbienceSchema, nothing: nothing() },
      'true, false, or fields (crossfade)',
    ),
  ),
  control: v.optional(oneOrMore(ControlSchema)),
  caption: v.optional(either({ string: text(), nothing: nothing() }, 'text')),
  fallback: v.optional(either({ string: text(), nothing: nothing() }, 'the name of a sound')),
};

export const SoundDefaultsSchema = fields(inherited);

export const SoundSchema = fields({
  prompt: text(MAX_TEMPLATE),
  ...inherited,
  takes: v.optional(TakesSchema),
  on: v.optional(oneOrMore(BindingSchema)),
});

export const DuckSchema = fields({
  under: text(),
  to: v.optional(number(0, 1)),
  attack: v.optional(number(0, 60)),
  release: v.optional(number(0, 60)),
});

const busVolume = number(0, 100);
export const BusSchema = fields({
  volume: v.optional(busVolume),
  parent: v.optional(text()),
  duck: v.optional(
    either({ fields: DuckSchema, nothing: nothing() }, 'fields (under, to, attack, release)'),
  ),
});

const reverbSeconds = numberAbove(0, 30);
export const ReverbSchema = fields({
  seconds: reverbSeconds,
  damping: v.optional(number(0, 1)),
  level: v.optional(number(0, 10)),
});

export const ZoneSchema = fields({
  node: v.optional(
    either(
      {
        string: SelectorSchema,
        list: SelectorSchema,
        fields: SelectorSchema,
        nothing: nothing(),
      },
      'a name, a list of names, or fields (name, tag, material, data)',
    ),
  ),
  sounds: v.optional(
    either({ list: list(text()), nothing: nothing() }, 'a list of names of sounds'),
  ),
  reverb: v.optional(
    either(
      { number: reverbSeconds, fields: ReverbSchema, nothing: nothing() },
      'a number of seconds, or fields (seconds, damping, level)',
    ),
  ),
});

export const SpaceSchema = fields({
  occlusion: v.optional(flag()),
  reverb: v.optional(flag()),
  doppler: v.optional(
    either({ boolean: flag(), number: number(0, 10) }, 'true, false, or a number from 0 to 10'),
  ),
});

export const BusEntrySchema = either(
  { number: busVolume, fields: BusSchema },
  'a number (its volume), or fields (volume, parent, duck)',
);

export const rootEntries = { $schema: v.optional(text()), version: v.optional(exactly(1)) };

/** The whole, as the JSON Schema tells it. check.ts goes through it entry by entry. */
export const SoundMapSchema = fields({
  ...rootEntries,
  defaults: v.optional(SoundDefaultsSchema),
  sounds: dictionary(SoundSchema),
  buses: v.optional(dictionary(BusEntrySchema)),
  zones: v.optional(dictionary(ZoneSchema)),
  space: v.optional(SpaceSchema),
});
