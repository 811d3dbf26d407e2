/**
 * What the schema is made of: valibot's parts with messages that name the limits and what was got.
 *
 * Messages go on from the field's path: 'must be a number from 0 to 1, got 3.'
 */
import * as v from 'valibot';
import { didYouMean, either as eitherOf, shown } from './words.ts';

/** Keys that mean something to JavaScript itself. */
const RESERVED = ['__proto__', 'constructor', 'prototype'];
/** Stands for endless where a number has no limit of its own. */
const HUGE = 1e9;
/** Fields in a message on a value that has none; a sound has two dozen. */
const FEW = 8;

type Message = (issue: { readonly input: unknown }) => string;

export function must(be: string): Message {
  return ({ input }) => `must be ${be}, got ${shown(input)}.`;
}

/** Both ends included. */
export function number(min = -HUGE, max = HUGE) {
  const isAny = min === -HUGE && max === HUGE;
  const message = must(isAny ? 'a number' : `a number from ${min} to ${max}`);
  return v.pipe(v.number(message), v.minValue(min, message), v.maxValue(max, message));
}

export function numberAbove(min: number, max = HUGE) {
  const message = must(`a number above ${min}, at most ${max}`);
  return v.pipe(v.number(message), v.gtValue(min, message), v.maxValue(max, message));
}

/** Both ends included. */
export function whole(min: number, max: number) {
  const message = must(`a whole number from ${min} to ${max}`);
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

export function flag() {
  return v.boolean(must('true or false'));
}

/** Something to read: not only white space. */
export function text(maxCharacters = 256) {
  const message: Message = ({ input }) =>
    typeof input === 'string' && input.length > maxCharacters
      ? `must have at most ${maxCharacters} characters, got ${input.length}.`
      : `must be text, got ${shown(input)}.${adviceOn(input)}`;
  return v.pipe(v.string(message), v.regex(/\S/, message), v.maxLength(maxCharacters, message));
}

function adviceOn(input: unknown): string {
  if (typeof input === 'string') return '';
  return input === null || input === undefined
    ? ' Write it after the colon.'
    : ' Put it in quotes.';
}

/** A name that others refer to. */
export function key() {
  const message = must('a name of at most 64 characters without {}|* or spaces around it');
  return v.pipe(v.string(message), v.regex(/^(?! )[^{}|*\r\n\t]{1,64}(?<! )$/, message));
}

export function oneOf<const W extends readonly [string, ...string[]]>(...words: W) {
  return v.picklist(
    words,
    ({ input }) => `must be ${eitherOf(words)}, got ${shown(input)}.${didYouMean(input, words)}`,
  );
}

export function exactly<const L extends string | number | boolean>(value: L) {
  return v.literal(value, must(String(value)));
}

/** Not longer than `max`. */
export function list<T>(item: v.GenericSchema<T>, min = 0, max = 1024) {
  const message = must(`a list of ${min === 0 ? 'at most' : `${min} to`} ${max}`);
  const size: Message = ({ input }) =>
    `must have ${min} to ${max} entries, got ${Array.isArray(input) ? input.length : 0}.`;
  return v.pipe(v.array(item, message), v.minLength(min, size), v.maxLength(max, size));
}

/** [from, to] */
export function span(min?: number, max?: number) {
  const message = must('two numbers, [from, to]');
  return v.strictTuple([number(min, max), number(min, max)], message);
}

/** Fields of known names; all others are problems, each of them. */
export function fields<const E extends v.ObjectEntries>(
  entries: E,
): v.GenericSchema<v.InferOutput<v.ObjectSchema<E, undefined>>> {
  const known = Object.keys(entries);
  const missing = () => 'is missing.';
  const checked = v.objectWithRest(entries, v.never(known.join(' ')), missing);
  // Typed as what is left when there are no problems: without the rest.
  return v.pipe(keyed(known), checked) as never;
}

/** Fields that may have any name. */
export function dictionary<T>(value: v.GenericSchema<T>): v.GenericSchema<Record<string, T>> {
  return v.pipe(keyed([]), v.record(key(), value)) as never;
}

/** Not a list, and nothing that JavaScript itself uses. */
function keyed(known: readonly string[]) {
  return v.custom<Record<string, unknown>>(
    (input) => isKeyed(input) && !RESERVED.some((word) => Object.hasOwn(input, word)),
    ({ input }) => {
      if (isKeyed(input)) return `must not have a field named ${eitherOf(RESERVED)}.`;
      if (known.length === 0)
        return `must be names, each with its fields below it, got ${shown(input)}.`;
      const more = known.length > FEW ? ', …' : '';
      return `must have fields (${known.slice(0, FEW).join(', ')}${more}), got ${shown(input)}.`;
    },
  );
}

export function isKeyed(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Choices {
  boolean?: v.GenericSchema;
  number?: v.GenericSchema;
  string?: v.GenericSchema;
  list?: v.GenericSchema;
  fields?: v.GenericSchema;
  nothing?: v.GenericSchema;
}
type ChoiceOf<C extends Choices> = v.InferOutput<Extract<C[keyof C], v.GenericSchema>>;

/**
 * One of several forms, told apart by what kind of value it is, so that the problems are those of the form that was meant.
 * (A plain union could only say that none fits.)
 */
export function either<C extends Choices>(choices: C, what: string): v.GenericSchema<ChoiceOf<C>> {
  const all = v.union(Object.values(choices) as v.GenericSchema<ChoiceOf<C>>[]);
  const none = v.custom<ChoiceOf<C>>(() => false, must(what));
  return lazily(all, (input) => (choices[formOf(input)] as typeof all | undefined) ?? none);
}

/** @param all what is written to the JSON Schema, which is made without an input. */
export function lazily<T>(
  all: v.GenericSchema<T>,
  choose: (input: unknown) => v.GenericSchema<T>,
): v.GenericSchema<T> {
  return v.lazy((input) => (input === undefined ? all : choose(input))) as never;
}

export function oneOrMore<T>(one: v.GenericSchema<T>): v.GenericSchema<T | T[]> {
  const many = list(one);
  const both = v.union([one, many]);
  return lazily<T | T[]>(both, (input) => (Array.isArray(input) ? many : one));
}

function formOf(input: unknown): keyof Choices {
  if (input === null) return 'nothing';
  if (Array.isArray(input)) return 'list';
  const type = typeof input;
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'fields';
}

export const nothing = () => v.null();
