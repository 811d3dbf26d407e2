/** The reference part of docs/sound-map.md, from the JSON Schema: every field with its type, limits, default and one line. */
import type { JsonSchema } from './json-schema.ts';

/** Above it stands what is written by hand. */
export const MARK =
  '<!-- From here on made by scripts/sound-map-docs.mjs: change plugin/sound-map/input.ts, not this. -->';

/** What has a section of its own, in this order. SoundDefaultsInput has the fields of SoundInput. */
const HEADINGS: Record<string, string> = {
  SoundMapInput: 'The file',
  SoundInput: 'A sound',
  SlotInput: 'A slot',
  TakesInput: 'takes',
  JitterInput: 'jitter',
  VoiceLimitInput: 'voices',
  AttenuationInput: 'attenuation',
  ConeInput: 'cone',
  AmbienceInput: 'ambience',
  ControlInput: 'control',
  BindingInput: 'on',
  CollisionBinding: 'on: collision',
  ContactBinding: 'on: contact',
  TriggerBinding: 'on: trigger',
  CollideBinding: 'on: collide',
  ActionBinding: 'on: action',
  AnimationEventBinding: 'on: animationEvent',
  AnimationGroupBinding: 'on: animationGroup',
  NodeBinding: 'on: node',
  ParticlesBinding: 'on: particles',
  CustomBinding: 'on: event',
  SelectorFields: 'Selectors',
  BusInput: 'A bus',
  DuckInput: 'duck',
  ZoneInput: 'A zone',
  ReverbInput: 'reverb',
  SpaceInput: 'space',
};
/** Stands for endless, see plugin/sound-map/fields.ts. */
const HUGE = 1e9;

export function makeReference(schema: JsonSchema): string {
  const sections = Object.entries(HEADINGS).map(([name, heading]) => {
    const definition = name === 'SoundMapInput' ? schema : (schema.$defs?.[name] ?? {});
    return sectionOf(heading, definition);
  });
  return `${MARK}\n\n## Reference\n\n${sections.join('\n')}`;
}

function sectionOf(heading: string, definition: JsonSchema): string {
  const head = `### ${heading}\n\n${definition.description ?? ''}\n`;
  if (definition.properties === undefined) return head;
  const rows = Object.entries(definition.properties).map(([field, value]) => {
    const must = definition.required?.includes(field) ? ' (needed)' : '';
    const standard = value.default === undefined ? '' : `\`${String(value.default)}\``;
    const cells = [`\`${field}\`${must}`, typeOf(value), standard, value.description ?? ''];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `${head}\n| field | type | default | |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return linkTo(schema.$ref);
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(', ');
  if (Array.isArray(schema.items)) return `[from, to], each a ${typeOf(schema.items[0] ?? {})}`;
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (typeof schema.additionalProperties === 'object') {
    return `names with ${typeOf(schema.additionalProperties)}`;
  }
  return wordOf(schema);
}

function wordOf(schema: JsonSchema): string {
  const { type, maximum = HUGE } = schema;
  if (type === 'string') return 'text';
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'null') return 'nothing';
  const least = schema.exclusiveMinimum ?? schema.minimum ?? -HUGE;
  const above = schema.exclusiveMinimum === undefined ? '' : 'above ';
  const word = type === 'integer' ? 'whole number' : 'number';
  if (least === -HUGE) return word;
  return maximum === HUGE
    ? `${word}, ${above || 'at least '}${least}`
    : `${word}, ${above}${least} to ${maximum}`;
}

function linkTo(ref: string): string {
  const name = ref.replace('#/$defs/', '');
  const heading = HEADINGS[name] ?? HEADINGS.SoundInput ?? '';
  const anchor = heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
  return `[fields](#${anchor})`;
}
