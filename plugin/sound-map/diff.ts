/** What an edit changed: what is the same keeps its takes, its pools and its place in them. */
import { same } from '../same-data.ts';
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
