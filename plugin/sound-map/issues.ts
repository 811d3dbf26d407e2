/** valibot's issues → problems with paths. */
import * as v from 'valibot';
import type { Path, Problems } from './problems.ts';
import { didYouMean, either } from './words.ts';

/** @returns the data if it is as the schema says; else null, and every problem is added. */
export function parseWith<T>(
  schema: v.GenericSchema<T>,
  data: unknown,
  path: Path,
  problems: Problems,
): T | null {
  const result = v.safeParse(schema, data);
  if (result.success) return result.output;
  let last = '';
  for (const issue of result.issues) {
    const inner = (issue.path ?? []).map(({ key }) => key as string | number);
    // Several limits of one value say the same sentence.
    const sentence = `${JSON.stringify(inner)} ${issue.message}`;
    if (sentence !== last) tell(issue, [...path, ...inner], problems);
    last = sentence;
  }
  return null;
}

function tell(issue: v.BaseIssue<unknown>, path: Path, problems: Problems): void {
  const isKey = issue.path?.at(-1)?.origin === 'key';
  // The rest of `fields` (fields.ts): the message has the names that are known.
  const isUnknown = issue.type === 'never';
  const message = () => (isUnknown ? unknownKey(path, issue.message.split(' ')) : issue.message);
  problems.add(path, message, isKey || isUnknown);
}

function unknownKey(path: Path, known: readonly string[]): string {
  const near = didYouMean(path.at(-1), known);
  return `is not a field of this.${near || ` There are ${either(known, 'and')}.`}`;
}
