/** What an edit changed: what is the same keeps its takes, its pools and its place in them. */
import type { SoundMap } from '../sound-definition.ts';

export interface SoundMapDiff {
  /** Names of sounds. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /** Whether anything of these is different. */
  readonly buses: boolean;
  readonly zones: boolean;
  readonly space: boolean;
}

export function diffSoundMaps(before: SoundMap, after: SoundMap): SoundMapDiff {
  const [old, now] = [before.sounds, after.sounds];
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now.keys()].filter((name) => old.has(name) && !same(old.get(name), now.get(name))),
    buses: !same(before.buses, after.buses),
    zones: !same(before.zones, after.zones),
    space: !same(before.space, after.space),
  };
}

/** Plain data and maps, whatever the order of fields; the order in lists and maps counts. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map) return same([...a], [...b]);
  const [ours, theirs] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    Array.isArray(a) === Array.isArray(b) &&
    ours.length === theirs.size &&
    ours.every(([key, value]) => theirs.has(key) && same(value, theirs.get(key)))
  );
}
