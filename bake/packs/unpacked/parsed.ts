/** JSON of a known shape. */
import * as v from 'valibot';
import { messageOf } from '../../../runtime/errors.ts';

/** @throws Error that names the file, the field and what is wrong with it */
export function parsed<S extends v.GenericSchema>(
  schema: S,
  text: string,
  place: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, parseJson(text, place));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? 'the whole';
  throw new Error(`pack: ${place}: ${field}: ${issue.message}. Correct it, or unpack again.`);
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`pack: ${place} is no JSON: ${messageOf(error)}. Correct it, or unpack again.`);
  }
}
