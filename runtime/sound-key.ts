/**
 * Sound key: the name of a sound's codes in every cache.
 *
 *   SHA-256 of the canonical JSON of { the request's fields, the model's hash, the engine's arithmetic }
 *
 * Canonical JSON: keys sorted, no spaces. `id` and `priority` say who asks and how urgently, not what: left out.
 */
import type { SoundRequest } from './contract.ts';
import { sha256OfText } from './sha256.ts';

/** @returns 64 hexadecimal digits. */
export function soundKey(
  request: SoundRequest,
  modelHash: string,
  arithmetic: string,
): Promise<string> {
  const { id: _id, priority: _priority, ...sound } = request;
  return sha256OfText(canonicalJson({ ...sound, modelHash, arithmetic }));
}

/** JSON with the keys of every object sorted: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
