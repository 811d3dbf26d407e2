/**
 * A text → data, and where in the text each field is.
 *
 *   text ── JSON? ── JSON.parse ─ json-places.ts ──▶ { data, locate }
 *              └─ no ──── yaml-text.ts ────────────▶ { data, locate }      both loaded on demand
 *
 * A page whose sound map is JSON never downloads the YAML parser.
 */
import { type ReadText, soundMapError } from './problems.ts';

/** Bytes of a file: a sound map of a thousand sounds has a third of it. */
export const MAX_BYTES = 1_000_000;

/** @throws SoundMapError for a text that is too large, empty, or no YAML. */
export async function readText(text: string, source: string): Promise<ReadText> {
  // A UTF-16 unit is one to three bytes; what matters is the order of magnitude.
  if (text.length > MAX_BYTES) throw tooLarge(source, text.length);
  if (text.trim() === '') throw soundMapError(source, EMPTY);
  const json = parseJson(text);
  if (json !== undefined) {
    const { readJsonPlaces } = await import('./json-places.ts');
    return { data: json, locate: readJsonPlaces(text, source) };
  }
  const { readYaml } = await import('./yaml-text.ts');
  return readYaml(text, source);
}

export function tooLarge(source: string, bytes: number): Error {
  return soundMapError(
    source,
    `has more than ${MAX_BYTES} bytes (${bytes}). Split it, or take out what is no sound.`,
  );
}

const EMPTY = 'is empty. Write sounds: and below it a name with a prompt.';

/** @returns undefined where it is no JSON. */
function parseJson(text: string): unknown {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
