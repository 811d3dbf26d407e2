/**
 * Chance that can be repeated: a number for each (session, sound × prompt, count, purpose), the same in every run.
 *
 *   draw(sessionSeed, keyOf('footstep', 'light footstep on gravel'), 3, 'take') ──▶ uint32
 *
 * Counter-based: nothing is kept, so what one sound draws changes nothing for another. MurmurHash3's finalizer mixes.
 */

/** What is drawn for; each has numbers of its own. */
export const DRAWS = { take: 1, pitch: 2, volume: 3, start: 4 } as const;

/** FNV-1a over the characters of all parts. @returns uint32 */
export function keyOf(...parts: readonly string[]): number {
  let hash = 0x811c9dc5;
  for (const character of parts.join('\n')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash >>> 0;
}

/** @returns uint32, evenly */
export function draw(
  sessionSeed: number,
  key: number,
  count: number,
  purpose: keyof typeof DRAWS,
): number {
  let hash = mix(sessionSeed ^ 0x9e3779b9);
  hash = mix(hash ^ key);
  hash = mix(hash ^ count);
  return mix(hash ^ DRAWS[purpose]);
}

/** @returns −1 to 1, evenly, from a uint32 */
export function aroundZero(drawn: number): number {
  return drawn / 2 ** 31 - 1;
}

function mix(value: number): number {
  let hash = (value + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
