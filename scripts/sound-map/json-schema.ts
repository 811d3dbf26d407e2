/**
 * The schema of sound maps as JSON Schema, for editors: types and limits from plugin/sound-map/schema.ts, words from input.ts,
 * defaults from defaults.ts. What one field says about another, and names that refer to something, no JSON Schema can tell.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';
import * as bindings from '../../plugin/sound-map/bindings-schema.ts';
import * as defaults from '../../plugin/sound-map/defaults.ts';
import * as schema from '../../plugin/sound-map/schema.ts';
import { readComments, type TypeComment } from './comments.ts';

/** As much of JSON Schema as sound maps have. */
export interface JsonSchema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: readonly string[];
  anyOf?: JsonSchema[];
  items?: JsonSchema | JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  maxLength?: number;
  description?: string;
  default?: unknown;
  $defs?: Record<string, JsonSchema>;
}

const { KINDS } = bindings;

/** By the names that plugin/sound-map/input.ts gives them; in the order of the manual. */
export const DEFINITIONS: Record<string, GenericSchema> = {
  SoundInput: schema.SoundSchema,
  SoundDefaultsInput: schema.SoundDefaultsSchema,
  SlotInput: schema.SlotSchema,
  TakesInput: schema.TakesSchema,
  JitterInput: schema.JitterSchema,
  VoiceLimitInput: schema.VoiceLimitSchema,
  AttenuationInput: schema.AttenuationSchema,
  ConeInput: schema.ConeSchema,
  AmbienceInput: schema.AmbienceSchema,
  ControlInput: schema.ControlSchema,
  BindingInput: bindings.AnyBindingSchema,
  CollisionBinding: KINDS.collision,
  ContactBinding: KINDS.contact,
  TriggerBinding: KINDS.trigger,
  CollideBinding: KINDS.collide,
  ActionBinding: KINDS.action,
  AnimationEventBinding: KINDS.animationEvent,
  AnimationGroupBinding: KINDS.animationGroup,
  NodeBinding: KINDS.node,
  ParticlesBinding: KINDS.particles,
  CustomBinding: KINDS.event,
  SelectorFields: bindings.SelectorFieldsSchema,
  BusInput: schema.BusSchema,
  DuckInput: schema.DuckSchema,
  ZoneInput: schema.ZoneSchema,
  ReverbInput: schema.ReverbSchema,
  SpaceInput: schema.SpaceSchema,
};

const DEFAULTS: Record<string, Readonly<Record<string, unknown>>> = {
  SoundInput: defaults.SOUND_DEFAULTS,
  SoundDefaultsInput: defaults.SOUND_DEFAULTS,
  JitterInput: defaults.JITTER_DEFAULTS,
  VoiceLimitInput: defaults.VOICE_DEFAULTS,
  AttenuationInput: defaults.SPATIAL_DEFAULTS,
  ConeInput: defaults.CONE_DEFAULTS,
  BusInput: defaults.BUS_DEFAULTS,
  DuckInput: defaults.DUCK_DEFAULTS,
  ReverbInput: defaults.REVERB_DEFAULTS,
  SpaceInput: defaults.SPACE_DEFAULTS,
};

export function makeJsonSchema(root: string): JsonSchema {
  const made = toJsonSchema(schema.SoundMapSchema, {
    definitions: DEFINITIONS as never,
    typeMode: 'output',
    target: 'draft-07',
  }) as JsonSchema;
  const numbered = Object.entries(made.$defs ?? {}).filter(([name]) => /^\d+$/.test(name));
  const inlined = inline(made, new Map(numbered)) as JsonSchema;
  const comments = readComments(root);
  const named = Object.keys(DEFINITIONS).map((name) => {
    const definition = inlined.$defs?.[name] ?? {};
    return [name, describe(name, definition, comments)] as const;
  });
  const file = describe('SoundMapInput', { ...inlined }, comments);
  return { ...file, title: 'SceneFoley sound map', $defs: Object.fromEntries(named) } as JsonSchema;
}

/** Forms that have no name of their own stand where they are used; of a `never` only "no others" is left. */
function inline(value: unknown, numbered: Map<string, JsonSchema>): unknown {
  if (Array.isArray(value)) return value.map((item) => inline(item, numbered));
  if (typeof value !== 'object' || value === null) return value;
  const { $ref, ...others } = value as JsonSchema;
  const found = numbered.get($ref?.replace('#/$defs/', '') ?? '');
  if (found !== undefined) return inline({ ...found, ...others }, numbered);
  const entries = Object.entries(value).map(([key, item]) => {
    const isNever = key === 'additionalProperties' && 'not' in Object(item);
    return [key, isNever ? false : inline(item, numbered)] as const;
  });
  return Object.fromEntries(entries);
}

function describe(
  name: string,
  definition: JsonSchema,
  comments: Map<string, TypeComment>,
): JsonSchema {
  const own = name === 'SoundDefaultsInput' ? 'SoundInput' : name;
  const words = comments.get(own);
  const properties = Object.entries(definition.properties ?? {}).map(([field, value]) => {
    const description = words?.fields.get(field)?.text ?? '';
    const standard = DEFAULTS[name]?.[field] ?? undefined;
    const known = standard === undefined ? {} : { default: standard };
    return [field, { description, ...value, ...known }] as const;
  });
  const description = comments.get(name)?.text ?? '';
  const { properties: _, ...others } = definition;
  return properties.length === 0
    ? { description, ...others }
    : { description, ...others, properties: Object.fromEntries(properties) };
}
