/** The schema of `on:`, one form for each kind of event; the kind's own key says which form is meant. */
import * as v from 'valibot';
import type { BindingInput } from './binding-input.ts';
import {
  dictionary,
  either,
  exactly,
  fields,
  isKeyed,
  lazily,
  list,
  number,
  oneOf,
  oneOrMore,
  text,
} from './fields.ts';
import { didYouMean, shown } from './words.ts';

const words = () => oneOrMore(text());

export const SelectorFieldsSchema = fields({
  name: v.optional(words()),
  tag: v.optional(words()),
  material: v.optional(words()),
  data: v.optional(
    dictionary(
      either(
        { boolean: v.boolean(), number: number(), string: v.string() },
        'a word, a number, true or false',
      ),
    ),
  ),
});

export const SelectorSchema = either(
  { string: text(), list: list(text(), 1), fields: SelectorFieldsSchema },
  'a name, a list of names, or fields (name, tag, material, data)',
);

const selectors = { a: v.optional(SelectorSchema), b: v.optional(SelectorSchema) };
const lasting = v.optional(oneOf('begins', 'changes', 'ends', 'lasts'));

export const KINDS = {
  collision: fields({ collision: exactly(true), ...selectors }),
  contact: fields({ contact: oneOf('scrape', 'roll', 'any'), when: lasting, ...selectors }),
  trigger: fields({ trigger: oneOf('enter', 'exit', 'inside'), ...selectors }),
  collide: fields({ collide: exactly(true), ...selectors }),
  action: fields({
    action: oneOf(
      'pick',
      'pickDown',
      'pickUp',
      'doublePick',
      'longPress',
      'pointerOver',
      'pointerOut',
      'intersectionEnter',
      'intersectionExit',
      'keyDown',
      'keyUp',
    ),
    ...selectors,
  }),
  animationEvent: fields({ animationEvent: text(), ...selectors }),
  animationGroup: fields({
    animationGroup: text(),
    when: v.optional(oneOf('plays', 'loops', 'ends', 'playing')),
    at: v.optional(oneOrMore(number(0, 3600))),
    ...selectors,
  }),
  node: fields({ node: oneOf('appears', 'vanishes', 'present'), ...selectors }),
  particles: fields({
    particles: oneOf('starts', 'stops', 'emits'),
    name: v.optional(text()),
    ...selectors,
  }),
  event: fields({ event: text(), when: lasting, ...selectors }),
};

const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
/** As the JSON Schema tells it. */
export const AnyBindingSchema = v.union(Object.values(KINDS) as v.GenericSchema<BindingInput>[]);
function adviceOn(input: unknown): string {
  if (!isKeyed(input)) return ' Write it with its value, as in { collision: true }.';
  return (
    Object.keys(input)
      .map((key) => didYouMean(key, kinds))
      .find((near) => near !== '') ?? ''
  );
}

const unclear = v.custom<BindingInput>(
  () => false,
  ({ input }) => {
    const given = isKeyed(input) ? kinds.filter((kind) => Object.hasOwn(input, kind)) : [];
    const got = isKeyed(input) ? given.join(' and ') || 'none of them' : shown(input);
    return `must have exactly one of ${kinds.join(', ')}, got ${got}.${adviceOn(input)}`;
  },
);

export const BindingSchema = lazily<BindingInput>(AnyBindingSchema, (input) => {
  const given = isKeyed(input) ? kinds.filter((kind) => Object.hasOwn(input, kind)) : [];
  const [kind] = given;
  return given.length === 1 && kind !== undefined
    ? (KINDS[kind] as v.GenericSchema<BindingInput>)
    : unclear;
});
